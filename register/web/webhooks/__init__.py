"""Webhooks: the addresses of organisations that hear of publications, and what became of each message."""
