"""Plan sittings, convene cases to them, and record what came of each review."""
