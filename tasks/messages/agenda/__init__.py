"""The agenda of a sitting."""
