"""The audit log as a whole: sealing its rows, and comparing them with their seals."""
