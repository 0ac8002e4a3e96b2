"""Pure decisions about cases, people and messages: they take values and days, and return values."""
