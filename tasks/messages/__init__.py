"""Compose what a message says, and render it."""
