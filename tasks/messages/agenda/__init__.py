"""The agenda of a sitting: what it says of each case, and to whom."""
