"""Answers to replies."""
