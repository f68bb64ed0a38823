"""What is plugged in: the printer of slips, the document camera's folder."""
