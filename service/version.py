"""Berth's own version, the one that `pyproject.toml` states; a checkout has no package metadata to ask."""

VERSION = "0.1.0"
