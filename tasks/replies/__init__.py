"""Handling of mailed replies and Slack clicks."""
