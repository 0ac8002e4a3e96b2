"""Reads and writes of sittings, convenings, invitations and outcomes."""
