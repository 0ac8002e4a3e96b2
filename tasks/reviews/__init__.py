"""Planning of sittings, convening of cases to them, and records of each review's outcome."""
