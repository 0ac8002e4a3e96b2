"""Joint reviews: when panels sit, which case sits when, who is invited, and what may be recorded."""
