"""Forms that take back what was done in somebody's name."""
