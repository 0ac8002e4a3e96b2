"""Promises, as tables: each boundary day named. Today is Wed 18 Mar 2026 unless a row differs."""

import pytest

from config.acknowledgement import PromiseType
from config.days.duration import Duration, Unit
from config.doors import ActKind
from config.policy import load_policy
from config.terms import OwedBy, Risk
from models.rules.access import Permission, authority
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.acknowledgement import (
    AcknowledgementGrant,
    AcknowledgementRequest,
    AcknowledgementSetting,
    EarlierPromise,
    decide,
)
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tests.worlds.days import day, row
from tests.worlds.directory import PEOPLE

CALENDAR = WorkingCalendar()
TERMS = load_policy().acknowledge
TODAY = "Wed 18 Mar 2026"
LATE = "Mon 2 Mar 2026"  # a due day that has passed
TRIAL, VICTIM = PromiseType.AWAITING_TRIAL_DATE, PromiseType.VICTIM_REQUEST


def matter(owed_by=OwedBy.POLICE, owner_ref=None):
    return Parties(owed_by, ("45",), ("South East",), "OIC", "SERGEANT", "PROSECUTOR", owner_ref)


def asked(by="SERGEANT", until="Mon 23 Mar 2026", kind=None, *, today=TODAY, earlier=None, due=LATE, **setting):
    given = {"risk": Risk.HIGH, "hard": False} | setting
    today, until, due = (day(one) if isinstance(one, str) else one for one in (today, until, due))
    terms = AcknowledgementSetting(today=today, terms=TERMS, calendar=CALENDAR, due_on=due, **given)
    return decide(AcknowledgementRequest(by, until, kind), matter(), Directory(PEOPLE), earlier, terms)


def may_promise(of):
    people = Directory(PEOPLE)
    return {ref for ref in people.people if authority(ActKind.PROMISE, of, ref, people) is Permission.MAY}


def fault(decided):
    (only,) = decided.faults
    return only


@pytest.mark.parametrize(
    ("today", "risk", "until"),
    [
        row("tomorrow is the earliest day", "Wed 18 Mar 2026", Risk.HIGH, "Thu 19 Mar 2026"),
        row("high: five working days, the weekend not counted", "Wed 18 Mar 2026", Risk.HIGH, "Wed 25 Mar 2026"),
        row("unknown reads as high", "Wed 18 Mar 2026", Risk.UNKNOWN, "Wed 25 Mar 2026"),
        row("medium: ten working days", "Wed 18 Mar 2026", Risk.MEDIUM, "Wed 1 Apr 2026"),
        row("standard: ten working days", "Wed 18 Mar 2026", Risk.STANDARD, "Wed 1 Apr 2026"),
        row("Easter is not counted", "Mon 30 Mar 2026", Risk.HIGH, "Wed 8 Apr 2026"),
        row("from a Saturday the first of the five is Monday", "Sat 21 Mar 2026", Risk.HIGH, "Fri 27 Mar 2026"),
    ],
)
def test_a_promise_reaches_to_the_longest_day(today, risk, until):
    assert asked(today=today, risk=risk, until=until) == AcknowledgementGrant(0)


@pytest.mark.parametrize(
    ("today", "risk", "until", "says"),
    [
        row("yesterday", TODAY, Risk.HIGH, "Tue 17 Mar 2026", "is not after today"),
        row("today", TODAY, Risk.HIGH, "Wed 18 Mar 2026", "is not after today"),
        row("a Saturday", TODAY, Risk.HIGH, "Sat 21 Mar 2026", "is not a working day"),
        row("Good Friday", "Mon 30 Mar 2026", Risk.HIGH, "Fri 3 Apr 2026", "is not a working day"),
        row("high: the sixth working day", TODAY, Risk.HIGH, "Thu 26 Mar 2026", "the latest day is Wed 25 Mar 2026"),
        row("unknown: the sixth", TODAY, Risk.UNKNOWN, "Thu 26 Mar 2026", "5 working days from today"),
        row("medium: the eleventh", TODAY, Risk.MEDIUM, "Thu 2 Apr 2026", "the latest day is Wed 1 Apr 2026"),
        row("standard: the eleventh", TODAY, Risk.STANDARD, "Thu 2 Apr 2026", "10 working days from today"),
    ],
)
def test_a_day_outside_the_terms_is_refused(today, risk, until, says):
    assert says in fault(asked(today=today, risk=risk, until=until))


@pytest.mark.parametrize(
    ("due", "hard", "last"),
    [
        row("what is late: the longest", "Tue 17 Mar 2026", False, "Wed 25 Mar 2026"),
        row("a limit that ran out: the longest", "Tue 17 Mar 2026", True, "Wed 25 Mar 2026"),
        row("due within that: its due day", "Fri 20 Mar 2026", False, "Fri 20 Mar 2026"),
        row("due on a Sunday: the Friday before", "Sun 22 Mar 2026", False, "Fri 20 Mar 2026"),
        row("a limit: the working day before its last", "Mon 23 Mar 2026", True, "Fri 20 Mar 2026"),
        row("due later: the longest", "Thu 26 Mar 2026", False, "Wed 25 Mar 2026"),
        row("a limit that ends later: the longest", "Thu 26 Mar 2026", True, "Wed 25 Mar 2026"),
    ],
)
def test_nobody_promises_to_be_late(due, hard, last):
    assert asked(until=last, due=due, hard=hard) == AcknowledgementGrant(0)
    beyond = CALENDAR.plus(last, Duration(1, Unit.WORKING_DAYS))
    assert f"the latest day is {format_day(last)}" in fault(asked(until=beyond, due=due, hard=hard))


@pytest.mark.parametrize(
    ("due", "hard"), [row("due today", TODAY, False), row("a limit that ends tomorrow", "Thu 19 Mar 2026", True)]
)
def test_where_no_day_is_left_nobody_promises_but_a_lead_by_type(due, hard):
    said = fault(asked(until="Thu 19 Mar 2026", due=due, hard=hard))
    assert "no day is left to promise. A lead may promise longer, with a type" in said
    assert asked(by="P-LEAD", until="Thu 19 Mar 2026", kind=VICTIM, due=due, hard=hard) == AcknowledgementGrant(0)


def test_who_asks_for_too_long_is_told_who_may_lift_it():
    said = fault(asked(until="Thu 26 Mar 2026"))
    assert "A lead may promise longer, with a type (awaiting_trial_date: 3 months, victim_request: 28 days" in said


@pytest.mark.parametrize(
    ("earlier", "renewals"),
    [
        row("the first", None, 0),
        row("one stands: renewed once", EarlierPromise(0, None), 1),
        row("the second renewal is the last", EarlierPromise(1, None), 2),
        row("one that lapsed counts as well", EarlierPromise(1, "lapsed"), 2),
        row("one that the due day overtook renews nothing", EarlierPromise(2, "moved earlier"), 2),
    ],
)
def test_a_promise_is_renewed_twice(earlier, renewals):
    assert asked(earlier=earlier) == AcknowledgementGrant(renewals)


@pytest.mark.parametrize("end", [None, "lapsed"])
def test_a_third_renewal_is_refused_and_a_lead_may_lift_it(end):
    said = fault(asked(earlier=EarlierPromise(2, end)))
    assert "renewed 2 times already, which is the most. A lead may promise longer" in said
    assert asked(by="P-LEAD", kind=VICTIM, earlier=EarlierPromise(2, end)) == AcknowledgementGrant(3)


@pytest.mark.parametrize(
    ("kind", "last", "beyond"),
    [
        row("awaiting_trial_date: three months", TRIAL, "Thu 18 Jun 2026", "Fri 19 Jun 2026"),
        row("victim_request: 28 days", VICTIM, "Wed 15 Apr 2026", "Thu 16 Apr 2026"),
        row("suspect_remanded: 56 days", PromiseType.SUSPECT_REMANDED, "Wed 13 May 2026", "Thu 14 May 2026"),
        row("other_authority: 28 days", PromiseType.OTHER_AUTHORITY, "Wed 15 Apr 2026", "Thu 16 Apr 2026"),
    ],
)
def test_a_lead_may_promise_to_the_types_own_longest_day(kind, last, beyond):
    assert asked(by="P-LEAD", until=last, kind=kind) == AcknowledgementGrant(0)
    assert "is too far ahead" in fault(asked(by="P-LEAD", until=beyond, kind=kind))


def test_a_type_that_ends_on_a_day_off_reaches_to_the_working_day_before():
    assert asked(by="P-LEAD", today="Fri 6 Mar 2026", until="Thu 2 Apr 2026", kind=VICTIM) == AcknowledgementGrant(0)
    said = fault(asked(by="P-LEAD", today="Fri 6 Mar 2026", until="Tue 7 Apr 2026", kind=VICTIM))
    assert "the latest day is Thu 2 Apr 2026" in said


def test_a_lead_without_a_type_is_bound_like_everyone():
    assert "is too far ahead" in fault(asked(by="P-LEAD", until="Thu 26 Mar 2026"))


def test_a_type_from_someone_who_is_no_lead_is_refused():
    assert "Only a lead may give --type victim_request" in fault(asked(kind=VICTIM))


def test_a_type_that_the_policy_leaves_out_is_refused():
    terms = TERMS.model_copy(update={"lead": {TRIAL: TERMS.lead[TRIAL]}})
    wish = AcknowledgementRequest("P-LEAD", day("Mon 23 Mar 2026"), VICTIM)
    setting = AcknowledgementSetting(day(TODAY), terms, Risk.HIGH, CALENDAR, day(LATE), hard=False)
    said = fault(decide(wish, matter(), Directory(PEOPLE), None, setting))
    assert "no longest for --type victim_request. It has: awaiting_trial_date." in said


def test_every_fault_is_told_at_once():
    decided = asked(until="Sat 28 Mar 2026", kind=VICTIM, earlier=EarlierPromise(2, None))
    assert len(decided.faults) == 2


def test_where_the_calendar_ends_there_is_nothing_to_promise():
    said = fault(asked(today="Tue 29 Dec 2099", until="Wed 30 Dec 2099"))
    assert "too far ahead" in said


@pytest.mark.parametrize(
    ("owed_by", "who"),
    [
        row("police", OwedBy.POLICE, {"OIC", "DEPUTY", "SERGEANT", "P-SPOC", "P-LEAD", "C-SPOC"}),
        row("cps", OwedBy.CPS, {"PROSECUTOR", "MANAGER", "C-SPOC", "C-LEAD", "P-SPOC"}),
        row(
            "both",
            OwedBy.BOTH,
            {"OIC", "DEPUTY", "SERGEANT", "P-SPOC", "P-LEAD", "PROSECUTOR", "MANAGER", "C-SPOC", "C-LEAD"},
        ),
    ],
)
def test_those_to_whom_a_step_could_be_told_may_promise_also_while_away(owed_by, who):
    assert may_promise(matter(owed_by)) == who


def test_the_actions_owner_may_and_so_may_the_officer_in_the_case():
    assert {"ACTION-OWNER", "OIC"} <= may_promise(matter(owner_ref="ACTION-OWNER"))


@pytest.mark.parametrize("by", ["COLLEAGUE", "ELSEWHERE", "MANAGER", "ACTION-OWNER"])
def test_anyone_else_is_refused(by):
    assert "is not one of those it is for" in fault(asked(by=by))


@pytest.mark.parametrize("by", ["NOBODY", "GONE"])
def test_someone_unknown_or_gone_is_refused(by):
    assert fault(asked(by=by)) == f"{by} is not a known contact who is active on Wed 18 Mar 2026."
