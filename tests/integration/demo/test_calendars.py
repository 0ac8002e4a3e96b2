"""The demo's calendars: each day, everybody's files show the next working day's meetings as the database has them."""

from datetime import datetime, time
from types import SimpleNamespace

import pytest

from config.days.london import LONDON
from tests.support.calendars import Calendars

pytestmark = pytest.mark.timeout(900)  # it may be the first to live three weeks of a whole force


def test_a_calendar_kept_from_the_demos_files_shows_each_persons_meetings_of_the_next_day_and_no_others(weeks):
    files = [path.read_bytes() for path in sorted((weeks.home / "mail" / "new").iterdir())]
    names = {email.partition("@")[0]: ref for email, ref in weeks.ask("select email, contact_ref from contacts")}
    post, compared = SimpleNamespace(accepted=[]), 0
    calendars, taken = Calendars(post), 0
    for mails, tomorrow in weeks.mornings:
        post.accepted += [raw for raw in files[taken:mails] if b"BEGIN:VCALENDAR" in raw or b"text/calendar" in raw]
        taken = mails
        calendars.new()
        until = datetime.combine(tomorrow.day, time.max, LONDON)
        held = {names[who]: calendars.at(who, until) for who in calendars.held}
        for ref in sorted({*held, *tomorrow.of}):
            shown = [meeting for meeting in held.get(ref, ()) if meeting[0].date() == tomorrow.day]
            assert not tomorrow.wrong(ref, shown), (ref, tomorrow.day, shown, tomorrow.of.get(ref))
            compared += len(shown)
    assert compared > 300
