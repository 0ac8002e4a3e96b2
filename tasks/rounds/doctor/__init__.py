"""The doctor: every fault of an installation that can be seen beforehand, in words that mend it."""
