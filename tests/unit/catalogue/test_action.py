"""The rules `action` and `action-plan`: due days, long-lead kinds, owners and ends."""

import pytest

from config.terms import ActionSource, ActionStatus, Agency, Classification, EndReason, OwedBy, Risk
from models.rules import arithmetic
from models.rules.catalogue.action import LONG_LEAD, SHORT_LEAD
from models.rules.result import Owes, OwesNothing
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, action, answers, case, nothing, owed

RAISED = day("Mon 2 Mar 2026")
PLAN = ActionSource.ACTION_PLAN
SIDES = [row("action", "action", ActionSource.INVESTIGATION), row("action-plan", "action-plan", PLAN)]


@pytest.mark.parametrize(("rule", "source"), SIDES)
@pytest.mark.parametrize(
    ("kind", "due_on", "due"),
    [
        row("a fortnight", "WITNESS_STATEMENT", None, "Mon 16 Mar 2026"),
        row("five days for what is overwritten", "CCTV", None, "Sat 7 Mar 2026"),
        row("of a doorbell", "DOORBELL_VIDEO", None, "Sat 7 Mar 2026"),
        row("of a car", "DASHCAM", None, "Sat 7 Mar 2026"),
        row("of a bus", "TRANSPORT_VIDEO", None, "Sat 7 Mar 2026"),
        row("kept by a platform, in any case", "Platform_preservation", None, "Sat 7 Mar 2026"),
        row("four weeks for what takes long", "PHONE_DOWNLOAD_VICTIM", None, "Mon 30 Mar 2026"),
        row("in any case", "phone_Download_victim", None, "Mon 30 Mar 2026"),
        row("a kind nobody knows is ordinary", "PHONE", None, "Mon 16 Mar 2026"),
        row("its own day beats short lead", "CCTV", "Sun 8 Mar 2026", "Sun 8 Mar 2026"),
        row("its own day beats long lead", "TRANSLATION", "Tue 28 Apr 2026", "Tue 28 Apr 2026"),
    ],
)
def test_an_action_is_done_by_its_day_or_within_its_span(rule, source, kind, due_on, due):
    found = owed(
        rule, case(opened_on=RAISED, actions=[action(raised_on=RAISED, source=source, kind=kind, due_on=due_on)])
    )
    assert (found.subject, found.due_on, found.done_on) == ("action:A1", due, None)


def test_there_are_eighteen_long_lead_kinds():
    assert len(LONG_LEAD) == 18


def test_recordings_that_are_overwritten_within_days_are_asked_for_in_five_days_and_not_in_fourteen():
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED, kind=kind) for kind in sorted(SHORT_LEAD)])
    assert [found.due_on for found in answers("action", facts)] == [day("Sat 7 Mar 2026")] * 5


@pytest.mark.parametrize(("rule", "source"), SIDES)
def test_it_arose_when_it_was_raised(rule, source):
    facts = case(opened_on=day("Sun 1 Feb 2026"), actions=[action(raised_on=RAISED, source=source)])
    assert owed(rule, facts).arose_on == RAISED


@pytest.mark.parametrize(
    ("rule", "source", "risk", "escalate"),
    [
        row("action, high", "action", ActionSource.INVESTIGATION, Risk.HIGH, "Thu 19 Mar 2026"),
        row("action, unknown", "action", ActionSource.JOINT_REVIEW, Risk.UNKNOWN, "Thu 19 Mar 2026"),
        row("action, medium", "action", ActionSource.INVESTIGATION, Risk.MEDIUM, "Mon 23 Mar 2026"),
        row("action, standard", "action", ActionSource.INVESTIGATION, Risk.STANDARD, "Mon 30 Mar 2026"),
        row("action plan, high", "action-plan", PLAN, Risk.HIGH, "Wed 18 Mar 2026"),
        row("action plan, medium", "action-plan", PLAN, Risk.MEDIUM, "Thu 19 Mar 2026"),
        row("action plan, standard", "action-plan", PLAN, Risk.STANDARD, "Mon 23 Mar 2026"),
    ],
)
def test_it_reminds_two_working_days_before_and_escalates_by_risk(rule, source, risk, escalate):
    found = owed(rule, case(opened_on=RAISED, risk=risk, actions=[action(raised_on=RAISED, source=source)]))
    assert (found.remind_on, found.escalate_on) == (day("Thu 12 Mar 2026"), escalate)


@pytest.mark.parametrize(
    ("agency", "owed_by"), [row("police", Agency.POLICE, OwedBy.POLICE), row("cps", Agency.CPS, OwedBy.CPS)]
)
def test_the_agency_that_owns_it_owes_it(agency, owed_by):
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED, owner_agency=agency)])
    assert owed("action", facts).owed_by is owed_by


@pytest.mark.parametrize(("rule", "source"), SIDES)
@pytest.mark.parametrize(
    ("status", "supplied", "end", "why"),
    [
        row("done", ActionStatus.DONE, True, EndReason.MET, "done"),
        row("cancelled", ActionStatus.CANCELLED, True, EndReason.WITHDRAWN, "cancelled"),
        row("not possible", ActionStatus.NOT_POSSIBLE, True, EndReason.WITHDRAWN, "found not possible"),
        row("withdrawn", ActionStatus.PENDING, False, EndReason.WITHDRAWN, "withdrawn by its source"),
        row("withdrawn after it was done", ActionStatus.DONE, False, EndReason.WITHDRAWN, "withdrawn by its source"),
    ],
)
def test_an_action_that_is_not_live_is_not_owed(rule, source, status, supplied, end, why):
    closed = action(raised_on=RAISED, source=source, status=status, closed_on=RAISED, supplied=supplied)
    found = nothing(rule, case(opened_on=RAISED, actions=[closed]))
    assert (found.subject, found.end, found.why) == ("action:A1", end, f"the action was {why}")


def test_what_waits_for_a_third_party_is_still_owed():
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED, status=ActionStatus.WAITING_THIRD_PARTY)])
    assert owed("action", facts).due_on == day("Mon 16 Mar 2026")


def test_each_action_is_an_obligation_of_its_own_under_the_rule_of_its_source():
    facts = case(
        opened_on=RAISED,
        actions=[
            action(raised_on=RAISED, ref="A1"),
            action(raised_on=RAISED, ref="A2", source=PLAN),
            action(raised_on=RAISED, ref="A3", source=ActionSource.JOINT_REVIEW),
            action(raised_on=RAISED, ref="A4", status=ActionStatus.DONE, closed_on=RAISED),
        ],
    )
    assert [(type(found), found.subject) for found in answers("action", facts)] == [
        (Owes, "action:A1"),
        (Owes, "action:A3"),
        (OwesNothing, "action:A4"),
    ]
    assert [found.subject for found in answers("action-plan", facts)] == ["action:A2"]


@pytest.mark.parametrize(
    ("rule", "other", "why"),
    [
        row("action", "action", PLAN, "no action is recorded"),
        row("action-plan", "action-plan", ActionSource.INVESTIGATION, "no action-plan action is recorded"),
    ],
)
def test_a_case_without_such_actions_answers_once(rule, other, why):
    found = nothing(rule, case(opened_on=RAISED, actions=[action(raised_on=RAISED, source=other)]))
    assert (found.subject, found.end, found.why) == ("case", EndReason.OUT_OF_SCOPE, why)


@pytest.mark.parametrize("rule", ["action", "action-plan"])
@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": RAISED}, EndReason.FINALISED),
        row(
            "finalised goes before all else",
            {"finalised_on": RAISED, "classification": Classification.OTHER},
            EndReason.FINALISED,
        ),
    ],
)
def test_a_case_it_is_not_for_answers_once_for_all_its_actions(rule, given, end):
    actions = [action(raised_on=RAISED), action(raised_on=RAISED, ref="A2", source=PLAN)]
    found = nothing(rule, case(opened_on=RAISED, actions=actions, **given))
    assert (found.subject, found.end) == ("case", end)


def test_harassment_cases_owe_their_actions_too():
    facts = case(
        opened_on=RAISED,
        classification=Classification.HARASSMENT,
        actions=[action(raised_on=RAISED)],
        charged_on=RAISED,
    )
    assert owed("action", facts).due_on == day("Mon 16 Mar 2026")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        row("ordinary", {}, "action raised Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026"),
        row(
            "long lead",
            {"kind": "TRANSLATION"},
            "action raised Mon 2 Mar 2026 + 28 days = Mon 30 Mar 2026; a long-lead kind",
        ),
        row(
            "overwritten",
            {"kind": "CCTV"},
            "action raised Mon 2 Mar 2026 + 5 days = Sat 7 Mar 2026; a kind that is overwritten within days",
        ),
        row("its own day", {"due_on": day("Fri 6 Mar 2026")}, "due day recorded for the action Fri 6 Mar 2026"),
    ],
)
def test_it_says_its_arithmetic(given, words):
    found = owed("action", case(opened_on=RAISED, actions=[action(raised_on=RAISED, **given)]))
    assert arithmetic.sentence(found.because, CALENDAR) == words
