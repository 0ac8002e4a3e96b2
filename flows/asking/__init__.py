"""Forms by which people ask: they change nothing."""
