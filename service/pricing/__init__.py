"""What AWS charges: a dated price table per region, and where each price was read."""
