"""Messages to leads about a joint review that failed again."""
