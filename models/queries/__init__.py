"""Every SELECT and every write, one subject a folder; each says in one sentence what it is for."""
