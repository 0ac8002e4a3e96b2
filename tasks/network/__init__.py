"""How bytes travel: one connection, one request, and the access that Microsoft 365 asks for."""
