"""Retention: finding all that is past its time, holding it back, and erasing it."""
