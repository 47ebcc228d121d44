"""Count: shares with intervals, and the comparison of the market with a profile."""
