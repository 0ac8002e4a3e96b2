"""The account of a round, and what operations are told of it."""
