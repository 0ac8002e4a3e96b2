"""The calendar event of a sitting."""
