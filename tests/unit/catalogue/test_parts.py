"""A duty of several parts: those that can be seen are asked, and the others are never said to be done."""

from datetime import timedelta

import pytest

from config.terms import EndReason
from models.rules.catalogue.parts import DutyPart, missing, settled
from tests.worlds.days import day, row

TUESDAY = day("Tue 24 Mar 2026")

DONE = DutyPart("the review", done=True, on=TUESDAY, unseen="")
ASKED = DutyPart("the reason", done=False, on=None, unseen="")
BLIND = DutyPart("the victim told", done=False, on=None, unseen="cannot be seen: it is not sent")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        row("all done", [DONE, DONE], ()),
        row("one asked", [DONE, ASKED], ("the reason",)),
        row("what cannot be seen is not asked", [ASKED, BLIND], ("the reason",)),
        row("two asked", [ASKED, ASKED._replace(name="the views")], ("the reason", "the views")),
    ],
)
def test_the_parts_that_can_be_seen_are_asked(parts, said):
    assert missing(parts) == said


@pytest.mark.parametrize(
    ("parts", "end", "why"),
    [
        row("all done", [DONE, DONE], EndReason.MET, "all is recorded"),
        row("one of them unseen", [DONE, BLIND], EndReason.UNSEEN, BLIND.unseen),
        row("none of them seen", [BLIND, BLIND], EndReason.UNSEEN, BLIND.unseen),
    ],
)
def test_what_cannot_be_seen_is_never_said_to_be_done(parts, end, why):
    found = settled("case", parts, "all is recorded")
    assert (found.end, found.why) == (end, why)


def test_it_is_met_on_the_day_of_its_last_part():
    earlier = DONE._replace(on=TUESDAY - timedelta(days=4))
    assert settled("case", [DONE, earlier], "all is recorded").on == TUESDAY
