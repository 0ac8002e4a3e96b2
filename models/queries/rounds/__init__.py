"""Reads and writes of rounds and of their account."""
