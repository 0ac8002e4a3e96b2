"""Reads and writes of mailed replies and of Slack clicks."""
