"""What a plan will cost a month: fixed and usage-based parts, ranges, and what nobody priced."""
