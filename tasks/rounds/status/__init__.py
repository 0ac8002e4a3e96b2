"""The status of the installation: how the day goes, what is wrong, and what waits for a person."""
