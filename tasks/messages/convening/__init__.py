"""Joint reviews without a place in time: what a pair's SPOCs are told, and what would put it right."""
