"""What a mail that answers one of ours means, and what is done and said about it."""
