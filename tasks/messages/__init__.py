"""Composing and rendering of messages."""
