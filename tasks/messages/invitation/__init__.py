"""Invitations: the calendar event that whoever comes to a sitting has of it, and the mail that brings it."""
