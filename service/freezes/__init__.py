"""Freezes: no changes for a while, to one environment, a team's or all, for a reason that is said."""
