"""Notices to people of acts in their name."""
