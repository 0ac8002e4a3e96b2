"""The mail carrier: letters, by SMTP or into a Maildir."""
