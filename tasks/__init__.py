"""One unit of work each, in packages that import only those below them."""
