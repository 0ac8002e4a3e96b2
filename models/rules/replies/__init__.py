"""The meaning of a reply's text."""
