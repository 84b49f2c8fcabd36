"""Installs the official Pulumi CLI and the provider plugins, pinned and verified."""
