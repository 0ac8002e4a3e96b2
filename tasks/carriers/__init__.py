"""The ways by which a message leaves: mail, Maildir, Slack."""
