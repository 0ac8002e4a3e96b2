"""Invitations: calendar events of sittings."""
