"""What is printed: the slip, the letter, pages of PDF."""
