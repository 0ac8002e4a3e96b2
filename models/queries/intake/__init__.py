"""Reads and writes of extracts and of the rows that they bring."""
