"""The states of a message."""
