"""The desk (柜台): one way to work for the screen, the shell and the timer."""
