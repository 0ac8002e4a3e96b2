"""The decisions of a rehearsal: when what is owed is answered."""
