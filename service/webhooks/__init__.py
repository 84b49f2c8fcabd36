"""Webhooks: every transition of an operation, signed, to whoever asked for it."""
