"""What this engine calls itself."""

# The official release whose protocol and formats are spoken here; the suffix tells the engines apart.
VERSION = "3.260.0-berth"
DISPLAY_VERSION = f"v{VERSION}"
