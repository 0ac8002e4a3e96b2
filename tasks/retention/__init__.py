"""Retention: holding cases back, counting all that is past its time, and erasing it."""
