"""The desk, over a real ledger."""
