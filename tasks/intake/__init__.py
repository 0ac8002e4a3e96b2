"""Loading of extracts: check each file and row, compare them with the stored rows, write the difference."""
