"""Slack: the carrier, what a post is made of, threads, and the buttons people press."""
