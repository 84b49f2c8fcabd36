"""What this engine calls itself."""

# The official release whose protocol and state formats are spoken here; the suffix tells the two engines apart.
VERSION = "3.260.0-berth"
DISPLAY_VERSION = f"v{VERSION}"
