"""All that is held of one case or of one member of staff, for the person who asks for it."""
