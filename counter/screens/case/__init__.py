"""The guided steps of one customer's service."""
