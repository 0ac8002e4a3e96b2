"""Reads of the pattern list: harassment cases with their facts, cases related by key, and what was listed to whom."""
