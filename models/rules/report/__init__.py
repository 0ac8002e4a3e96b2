"""The arithmetic of the monitoring report: its months, and which small numbers it hides."""
