"""What is told to the province and asked of it: wire messages, client, end-of-day sync."""
