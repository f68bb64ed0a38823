"""What is remembered: the encrypted SQLite ledger, drafts, batches, the day."""
