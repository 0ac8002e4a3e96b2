"""Panels' series after the undoing of a round of a day that had not come: no meeting is lost, and none is doubled."""

import pytest

from config.days.london import at_london
from models.rules.reviews.events import SavedInvitation
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, WRONG, WrongDay

LAST = "Tue 14 Apr 2026"


def shown(world: WrongDay, since: str) -> list[str]:
    """The days of the meetings in SP1's calendar from a day to the middle of April, by all live events together."""
    found = []
    for stored in world.ask("select event from invitations where contact_ref = 'SP1' and not cancelled"):
        event = SavedInvitation.of(stored).invited.event
        starts = event.coming(at_london(day(since)), day(LAST)) if event.series else [event]
        found += [one.starts_at for one in starts if one.starts_at > at_london(day(since))]
    return [f"{starts_at:%d %b}" for starts_at in sorted(found)]


TUESDAYS_SHOWN = ["17 Mar", "24 Mar", "31 Mar", "07 Apr", "14 Apr"]


@pytest.mark.parametrize("wrong", [TUESDAYS, {**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"}], ids=["same", "other"])
def test_a_wrong_round_that_ended_a_series_and_began_another_is_undone_in_every_calendar(world, wrong):
    assert shown(world, "Mon 16 Mar 2026") == TUESDAYS_SHOWN
    world.panels(wrong)
    world.whole(WRONG)
    ended = world.ask("select count(*) from series where ended_on is not null")
    assert ended == [int(wrong is not TUESDAYS)]
    world.panels(TUESDAYS)
    world.undone()
    for on in ("Tue 17 Mar 2026", "Wed 18 Mar 2026"):
        world.whole(on)
    assert shown(world, "Tue 17 Mar 2026") == TUESDAYS_SHOWN
    assert world.ask("select rule from series where ended_on is null") == ["2026-01-06 10:00 FREQ=WEEKLY;BYDAY=TU"]
    assert world.ask(
        """select event -> 'series' ->> 'last_on' from invitations
           where contact_ref = 'SP1' and not cancelled and event ? 'series'"""
    ) == [None]  # it goes on
