"""One rule of the specification a file, and the two tables that register them."""
