"""Practice (练习): a person is led through a first exchange, a stop, a roster and the day's end."""
