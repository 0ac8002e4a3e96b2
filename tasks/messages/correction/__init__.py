"""Messages to people who were sent messages of a day that had not come."""
