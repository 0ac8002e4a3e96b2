"""Whether a reply would be done: the same for what a message offers and for what the answer is."""

from datetime import date

import pytest

from config.doors import ActKind
from config.policy import load_policy
from config.terms import Addressee, OwedBy, Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.acknowledgement import AcknowledgementSetting, EarlierPromise
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.replies.answerable import ReplyMatter, does, promises
from tests.worlds.directory import PEOPLE

EVERYBODY = Directory(PEOPLE)
POLICE = Parties(OwedBy.POLICE, ("45",), ("South East",), "OIC", "SERGEANT", "PROSECUTOR", "ACTION-OWNER")
ACTION = ReplyMatter("action:A1", POLICE, Addressee.OWNER, 2)


@pytest.mark.parametrize(
    ("about", "doing"),
    [
        (ACTION, {"ACTION-OWNER"}),
        (ACTION._replace(matter=POLICE._replace(owner_ref=None)), {"DEPUTY"}),
        (ACTION._replace(subject="case"), set()),
        (ACTION._replace(matter=POLICE._replace(barred=frozenset({"ACTION-OWNER"}))), {"DEPUTY"}),
    ],
)
def test_only_whoever_owes_an_action_reports_it_done(about: ReplyMatter, doing: set[str]) -> None:
    assert {one.ref for one in PEOPLE if does(ActKind.COMPLETION, about, one.ref, EVERYBODY)} == doing


@pytest.mark.parametrize(
    ("by", "addressed_as", "step", "done"),
    [
        ("P-SPOC", Addressee.SPOC, 3, True),
        ("P-SPOC", None, 3, False),  # not one of those who were told
        ("P-SPOC", Addressee.SPOC, 0, False),
        ("C-LEAD", Addressee.LEAD, 3, False),  # told once, and concerned no more
    ],
)
def test_what_is_not_theirs_is_passed_on_by_those_who_were_told_of_a_step(
    by: str, addressed_as: Addressee | None, step: int, done: bool
) -> None:
    assert does(ActKind.HAND_OVER, ReplyMatter("case", POLICE, addressed_as, step), by, EVERYBODY) is done


@pytest.mark.parametrize(
    ("by", "earlier", "until", "done"),
    [
        ("P-LEAD", None, date(2026, 3, 19), True),
        ("C-LEAD", None, date(2026, 3, 19), False),
        ("P-SPOC", EarlierPromise(2, None), date(2026, 3, 19), False),  # renewed as often as may be
        ("P-SPOC", None, date(2026, 3, 12), False),  # no day is left
    ],
)
def test_a_promise_is_taken_of_whom_it_is_for_for_a_day_that_is_left(
    by: str, earlier: EarlierPromise | None, until: date, done: bool
) -> None:
    setting = AcknowledgementSetting(
        date(2026, 3, 12), load_policy().acknowledge, Risk.HIGH, WorkingCalendar(), date(2026, 3, 2), hard=False
    )
    assert promises(until, ReplyMatter("case", POLICE, None, 1), by, EVERYBODY, earlier, setting) is done
