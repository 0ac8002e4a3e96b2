"""The account of a round and its reports to operations."""
