"""The rules of the specification, one in each file, and the two tables that register them."""
