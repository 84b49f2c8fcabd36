"""Quotas: how much a team may have at once, and of what."""
