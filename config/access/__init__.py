"""Who may read what of the data about them: the columns of a case, and those that hold a member of staff."""
