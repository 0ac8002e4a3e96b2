"""Messages to both forces' SPOCs about a transferred case."""
