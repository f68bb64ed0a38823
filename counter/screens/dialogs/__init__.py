"""What opens over a screen, asks and goes."""
