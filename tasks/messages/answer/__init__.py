"""The answer to a reply."""
