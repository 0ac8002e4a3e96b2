"""A rule's outcomes for a case as a whole, and for its rows, decide how the live obligations of its rows end."""

from datetime import date, timedelta

import pytest

from config.policy import Policy, load_policy
from config.terms import ActionSource, ActionStatus, Classification, EndReason, OwedBy, Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations import rulebook
from models.rules.obligations.lifecycle import Begin, ChangeSetting, End, StoredVersion, changes
from models.rules.result import Owes
from tests.worlds.days import day, row
from tests.worlds.facts import action, case, defendant

POLICY, CALENDAR = load_policy(), WorkingCalendar()
TODAY = day("Wed 4 Mar 2026")
RAISED = day("Mon 2 Mar 2026")
DUE = day("Mon 16 Mar 2026")


def live(subject: str, rule: str = "action", ended_on: date | None = None) -> StoredVersion:
    return StoredVersion(
        7, rule, subject, 1, 1, OwedBy.POLICE, DUE, day("Thu 12 Mar 2026"), day("Thu 19 Mar 2026"), None, False, True,
        "[]", "", 0, (), (), True, ended_on, None, None,
    )  # fmt: skip


def ends(facts, *before: StoredVersion, policy: Policy = POLICY):
    """Each obligation that ends, with its reason; other outcomes of the rules are ignored."""
    return {(one.stored.rule, one.stored.subject): one.reason for one in found(facts, *before, policy=policy)}


def found(facts, *before: StoredVersion, policy: Policy = POLICY) -> list[End]:
    setting = ChangeSetting(TODAY, policy, "45", Risk.HIGH, CALENDAR)
    outcomes = ((rule, outcome, "[]") for rule, outcome in rulebook.evaluate(facts, policy.rules, CALENDAR))
    stored = {(one.rule, one.subject): one for one in before}
    every = changes(stored, outcomes, setting, rulebook.enabled(policy.rules))
    return [one for one in every if isinstance(one, End)]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        row("the case is finalised", {"finalised_on": TODAY}, EndReason.FINALISED),
        row("the case is neither any more", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row(
            "both at once",
            {"finalised_on": TODAY, "classification": Classification.OTHER},
            EndReason.FINALISED,
        ),
    ],
)
def test_what_becomes_of_the_case_ends_the_obligations_of_its_actions(given, reason):
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED)], **given)
    assert ends(facts, live("action:A1")) == {("action", "action:A1"): reason}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        row("done", {"status": ActionStatus.DONE, "closed_on": TODAY}, EndReason.MET),
        row("cancelled", {"status": ActionStatus.CANCELLED, "closed_on": TODAY}, EndReason.WITHDRAWN),
        row("not possible", {"status": ActionStatus.NOT_POSSIBLE, "closed_on": TODAY}, EndReason.WITHDRAWN),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
        row("now of an action plan", {"source": ActionSource.ACTION_PLAN}, EndReason.OUT_OF_SCOPE),
    ],
)
def test_what_becomes_of_an_action_ends_its_obligation(given, reason):
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED, **given)])
    assert ends(facts, live("action:A1")) == {("action", "action:A1"): reason}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        row("another case's now", {}, EndReason.OUT_OF_SCOPE),
        row("and this one is finalised", {"finalised_on": TODAY}, EndReason.FINALISED),
    ],
)
def test_an_action_that_left_the_case_is_out_of_its_scope(given, reason):
    assert ends(case(opened_on=RAISED, **given), live("action:A1")) == {("action", "action:A1"): reason}


@pytest.mark.parametrize(
    ("given", "rule", "subject"),
    [
        row("an action", {"actions": [action(ref="A2", raised_on=RAISED)]}, "action", "action:A1"),
        row("the only action", {}, "action", "action:A1"),
        row("the only one of a plan", {}, "action-plan", "action:A1"),
        row("the only order", {}, "order-served", "order:O1"),
        row("the only referral", {}, "charging-decision", "referral:R1"),
        row("the only plea", {}, "plea", "plea:P1"),
    ],
)
def test_of_a_row_that_left_the_case_it_is_said_that_it_is_not_recorded_there_whether_others_are(given, rule, subject):
    (ended,) = found(case(opened_on=RAISED, **given), live(subject, rule))
    assert ended.fact == "it is not recorded here any more"


@pytest.mark.parametrize("others", [row("others stay", (defendant(ref="D2", in_custody=True),)), row("none stays", ())])
def test_a_defendant_who_left_for_a_linked_case_is_out_of_its_scope(others):
    facts = case(opened_on=RAISED, defendant_rows=others)._replace(defendants_elsewhere=not others)
    (end,) = ends(facts, live("defendant:D1", "custody-limit")).values()
    assert end is EndReason.OUT_OF_SCOPE


def test_what_ended_before_does_not_end_again():
    facts = case(opened_on=RAISED, actions=[action(raised_on=RAISED, status=ActionStatus.DONE, closed_on=TODAY)])
    assert ends(facts, live("action:A1", ended_on=TODAY - timedelta(1))) == {}


def test_a_ladder_may_begin_some_days_from_one_of_the_three():
    from_four_weeks = POLICY.ladders["clock"][1:]  # due - 28d
    policy = POLICY.model_copy(update={"ladders": POLICY.ladders | {"soft": from_four_weeks}})
    setting = ChangeSetting(TODAY, policy, "45", Risk.HIGH, CALENDAR)
    owes = Owes("case", OwedBy.POLICE, DUE, (), None, day("Thu 12 Mar 2026"), day("Thu 19 Mar 2026"))
    (begun,) = changes({}, iter([("action", owes, "[]")]), setting, frozenset({"action"}))
    assert isinstance(begun, Begin)
    assert begun.next_step_on == day("Mon 16 Feb 2026")
