"""Berth's own bearer tokens: of services and of people."""
