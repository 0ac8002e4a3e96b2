"""The letter: all that a day has for one person."""
