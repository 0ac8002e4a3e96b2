"""Read mailed replies and Slack clicks, and do what they ask."""
