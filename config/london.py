"""The one time zone of Casebeat's days and hours."""

from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
