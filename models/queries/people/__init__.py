"""Reads of contacts, of a case's parties and of gaps in cover."""
