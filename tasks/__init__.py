"""Units of work, in packages that import only the packages below them."""
