"""The Slack carrier: posts, threads, and the client."""
