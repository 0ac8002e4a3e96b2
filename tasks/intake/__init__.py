"""Load extracts: check each file and row, compare with what is stored, write the difference."""
