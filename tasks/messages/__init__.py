"""What a message says: composed from the world as it is, worded, made into a letter."""
