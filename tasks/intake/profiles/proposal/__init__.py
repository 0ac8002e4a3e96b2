"""A proposal of a profile, from the headers and values of an export."""
