"""Reads and writes of obligations, their versions, steps and acknowledgements."""
