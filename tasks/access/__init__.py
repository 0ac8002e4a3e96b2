"""Extracts of what is held of a person, for that person."""
