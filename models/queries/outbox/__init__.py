"""Reads and writes of notifications, messages and the state of each carrier."""
