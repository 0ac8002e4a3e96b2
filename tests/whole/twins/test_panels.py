"""Nobody who is barred from a case can tell by a panel's meetings, agendas and places that there is one."""

import os
import re
from datetime import timedelta
from random import Random

import pytest

from tests.worlds.days import day
from tests.worlds.panel_twins import FIRST, HIDDEN, case, over

pytestmark = pytest.mark.timeout(600)
SEEDS = int(os.environ.get("TWIN_SEEDS", "3"))
RULES = ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=TU,FR")
SECRET = {"barred_refs": ["CS1", "P1"], "oic_ref": "P2", "opened_on": "2026-02-27"}


def hidden(on=FIRST, **facts):
    return case(on, HIDDEN, **{**SECRET, **facts})


def test_the_agenda_has_no_hole_where_a_case_bars_its_reader(twins):
    made = twins([hidden(), case(FIRST, "V1"), case(FIRST, "V2")], "Tue 10 Mar 2026", cases=3)
    (agenda,) = [mail for mail in made.with_it["CS1"] if "agenda-45-south-east" in mail or "Agenda" in mail][:1]
    assert re.findall(r"\d\d:\d\d", agenda)
    assert made.with_it["CS1"] == made.without["CS1"]


def test_an_officers_event_is_no_longer_for_a_case_between_their_own(twins):
    made = twins([hidden(), case(FIRST, "V1"), case(FIRST, "V2")], "Tue 10 Mar 2026", cases=3)
    assert any("BEGIN:VEVENT" in mail for mail in made.with_it["P1"])
    assert made.with_it["P1"] == made.without["P1"]


def test_a_meeting_with_no_other_case_is_called_off_for_its_reader(twins):
    made = twins([hidden()], "Tue 10 Mar 2026")
    assert made.with_it["CS1"] == made.without["CS1"]


def test_nothing_is_late_for_a_case_that_bars_its_reader(twins):
    made = twins([hidden(), case(FIRST, "V1")], "Tue 10 Mar 2026", cases=1)
    assert made.with_it["CS1"] == made.without["CS1"]


def drawn(seed):
    """A random fortnight: cases that come and end, one of them hidden, and a small panel."""
    random = Random(seed)  # noqa: S311  a book, no secret
    days = [f"{day(FIRST) + timedelta(days=n):%a} {(day(FIRST) + timedelta(days=n)).day} Mar 2026" for n in range(13)]
    names = [f"V{number}" for number in range(random.randint(0, 4))]
    secret = {**SECRET, "barred_refs": random.choice([["CS1"], ["CS1", "P1"], ["CS1", "C1"], ["P1"]])}
    events = []
    for name in [HIDDEN, *names]:
        came = random.randrange(8)
        opened = day(FIRST) - timedelta(days=random.randint(1, 10))
        facts = {"risk": random.choice(["high", "high", "medium"]), "oic_ref": random.choice(["P1", "P2"])}
        facts |= secret if name == HIDDEN else {}
        events.append(case(days[came], name, **{**facts, "opened_on": opened.isoformat()}))
        if random.random() < 0.4:
            events.append(over(random.choice(days[came + 1 :]), name))
    return events, days[-1], {"cases": random.randint(1, 3), "rrule": random.choice(RULES)}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_a_barred_person_is_sent_is_that_of_the_book_without_the_case(twins, seed):
    events, last, panel = drawn(seed)
    made = twins(events, last, **panel)
    barred = next(event.facts["barred_refs"] for event in events if event.case_ref == HIDDEN)
    for ref in barred:
        assert made.with_it.get(ref.upper(), []) == made.without.get(ref.upper(), []), f"{ref} in {events} {panel}"
