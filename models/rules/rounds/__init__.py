"""Decisions about rounds as a whole."""
