"""The rule `no-progress`: kinds of progress, and work under way that lengthens the span."""

import pytest

from config.terms import ActionSource, ActionStatus, Agency, Classification, EndReason, OwedBy, Risk
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import (
    CALENDAR,
    POLICY,
    action,
    answers,
    case,
    joint,
    nothing,
    order,
    owed,
    referral,
    supervisors,
    unseen,
)  # fmt: skip

OPENED = day("Mon 2 Mar 2026")
LATER = day("Wed 4 Mar 2026")
PLAN = ActionSource.ACTION_PLAN


@pytest.mark.parametrize(
    ("risk", "due", "remind", "escalate"),
    [
        row("high", Risk.HIGH, "Mon 16 Mar 2026", "Fri 13 Mar 2026", "Thu 19 Mar 2026"),
        row("unknown reads as high", Risk.UNKNOWN, "Mon 16 Mar 2026", "Fri 13 Mar 2026", "Thu 19 Mar 2026"),
        row("medium", Risk.MEDIUM, "Mon 23 Mar 2026", "Fri 20 Mar 2026", "Thu 26 Mar 2026"),
        row("standard", Risk.STANDARD, "Mon 30 Mar 2026", "Fri 27 Mar 2026", "Thu 2 Apr 2026"),
    ],
)
def test_a_case_where_nothing_is_under_way_moves_on_within_its_span(risk, due, remind, escalate):
    found = owed("no-progress", case(opened_on=OPENED, risk=risk))
    assert (found.due_on, found.remind_on, found.escalate_on) == (due, remind, escalate)
    assert (found.subject, found.owed_by, found.done_on) == ("case", OwedBy.POLICE, None)


@pytest.mark.parametrize(
    "given",
    [
        row("an action done", {"actions": [action(raised_on=OPENED, status=ActionStatus.DONE, closed_on=LATER)]}),
        row("a quorate joint review", {"reviews": [joint(held_on=LATER)]}),
        row("a charge authorised", {"charge_authorised_on": LATER}),
        row("an order made", {"orders": [order(made_on=LATER)]}),
        row("a referral decided", {"referrals": [referral(submitted_on=OPENED, decision_on=LATER)]}),
    ],
)
def test_progress_restarts_the_span(given):
    found = owed("no-progress", case(opened_on=OPENED, **given))
    assert (found.due_on, found.done_on) == (day("Wed 18 Mar 2026"), LATER)


@pytest.mark.parametrize(
    "given",
    [
        row("cancelled", {"actions": [action(raised_on=OPENED, status=ActionStatus.CANCELLED, closed_on=LATER)]}),
        row("not possible", {"actions": [action(raised_on=OPENED, status=ActionStatus.NOT_POSSIBLE, closed_on=LATER)]}),
        row(
            "done, but withdrawn",
            {"actions": [action(raised_on=OPENED, status=ActionStatus.DONE, closed_on=LATER, supplied=False)]},
        ),
        row("a review that was not quorate", {"reviews": [joint(held_on=LATER, quorate=False)]}),
        row("a supervisor's review", {"reviews": [supervisors(held_on=LATER)]}),
        row("a review of a linked case", {"linked_reviews": [joint(held_on=LATER)]}),
        row("an order not yet made", {"orders": [order(made_on=None)]}),
        row("an order withdrawn", {"orders": [order(made_on=LATER, supplied=False)]}),
        row("a referral withdrawn", {"referrals": [referral(submitted_on=LATER, supplied=False)]}),
        row("progress on the opening day", {"reviews": [joint(held_on=OPENED)]}),
        row("progress before the opening day", {"reviews": [joint(held_on=day("Sun 1 Mar 2026"))]}),
    ],
)
def test_what_does_not_count_as_progress_leaves_the_span_as_it_is(given):
    found = owed("no-progress", case(opened_on=OPENED, **given))
    assert (found.due_on, found.done_on) == (day("Mon 16 Mar 2026"), None)


@pytest.mark.parametrize(
    ("under_way", "due"),
    [
        row("due before the span ends", "Sun 15 Mar 2026", "Mon 16 Mar 2026"),
        row("due the day the span ends", "Mon 16 Mar 2026", "Mon 16 Mar 2026"),
        row("due the day after", "Tue 17 Mar 2026", "Tue 17 Mar 2026"),
        row("due the day before twice the span", "Sun 29 Mar 2026", "Sun 29 Mar 2026"),
        row("due at twice the span", "Mon 30 Mar 2026", "Mon 30 Mar 2026"),
        row("due after twice the span", "Tue 31 Mar 2026", "Mon 30 Mar 2026"),
    ],
)
def test_work_under_way_stretches_the_span_to_twice_at_most(under_way, due):
    facts = case(opened_on=OPENED, actions=[action(raised_on=OPENED, due_on=under_way)])
    assert owed("no-progress", facts).due_on == due


@pytest.mark.parametrize(
    ("given", "due"),
    [
        row(
            "an action of a long-lead kind",
            {"actions": [action(raised_on=day("Sun 1 Mar 2026"), kind="TRANSLATION")]},
            "Sun 29 Mar 2026",
        ),
        row("an action-plan item", {"actions": [action(raised_on=LATER, source=PLAN)]}, "Wed 18 Mar 2026"),
        row(
            "the latest of several, in either order",
            {"actions": [action(raised_on=LATER), action(raised_on=OPENED)]},
            "Wed 18 Mar 2026",
        ),
        row(
            "an undecided referral by the day asked for",
            {"referrals": [referral(submitted_on=OPENED, required_by=day("Fri 20 Mar 2026"))]},
            "Fri 20 Mar 2026",
        ),
        row(
            "the latest of several referrals",
            {
                "referrals": [
                    referral(submitted_on=OPENED, required_by=day("Fri 20 Mar 2026")),
                    referral(submitted_on=OPENED, required_by=day("Thu 19 Mar 2026"), ref="F2"),
                ]
            },
            "Fri 20 Mar 2026",
        ),
        row(
            "a referral, though CPS wait for the police to answer",
            {
                "referrals": [referral(submitted_on=OPENED, required_by=day("Fri 20 Mar 2026"))],
                "actions": [action(raised_on=OPENED, source=PLAN)],
            },
            "Fri 20 Mar 2026",
        ),
        row(
            "a withdrawn action is not under way",
            {"actions": [action(raised_on=OPENED, due_on=day("Fri 20 Mar 2026"), supplied=False)]},
            "Mon 16 Mar 2026",
        ),
        row(
            "a withdrawn referral is not under way",
            {"referrals": [referral(submitted_on=OPENED, required_by=day("Fri 20 Mar 2026"), supplied=False)]},
            "Mon 16 Mar 2026",
        ),
    ],
)
def test_work_under_way_is_calculated_by_the_formula_of_its_own_rule(given, due):
    assert owed("no-progress", case(opened_on=OPENED, **given)).due_on == due


def test_the_formula_holds_though_the_policy_turned_its_rule_off():
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["action"]["enabled"] = False
    off = type(POLICY.rules).model_validate(values)
    facts = case(opened_on=OPENED, actions=[action(raised_on=OPENED, due_on=day("Fri 20 Mar 2026"))])
    (found,) = answers("no-progress", facts, off)
    assert found.due_on == day("Fri 20 Mar 2026")


@pytest.mark.parametrize(
    ("source", "due"),
    [
        row("an action's", ActionSource.INVESTIGATION, "Wed 18 Mar 2026"),
        row("a joint review's", ActionSource.JOINT_REVIEW, "Wed 18 Mar 2026"),
        row("an action plan's", PLAN, "Tue 24 Mar 2026"),
    ],
)
def test_an_action_is_calculated_by_the_rule_of_its_source(source, due):
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["action"]["within"], values["action-plan"]["within"] = "16d", "22d"
    rules = type(POLICY.rules).model_validate(values)
    (found,) = answers("no-progress", case(opened_on=OPENED, actions=[action(raised_on=OPENED, source=source)]), rules)
    assert found.due_on == due


@pytest.mark.parametrize(
    ("given", "owed_by"),
    [
        row("a referral is undecided", {"referrals": [referral(submitted_on=OPENED)]}, OwedBy.CPS),
        row("it is decided", {"referrals": [referral(submitted_on=OPENED, decision_on=OPENED)]}, OwedBy.POLICE),
        row("it was withdrawn", {"referrals": [referral(submitted_on=OPENED, supplied=False)]}, OwedBy.POLICE),
        row(
            "police owe an item of the action plan",
            {"referrals": [referral(submitted_on=OPENED)], "actions": [action(raised_on=OPENED, source=PLAN)]},
            OwedBy.POLICE,
        ),
        row(
            "CPS owe the item",
            {
                "referrals": [referral(submitted_on=OPENED)],
                "actions": [action(raised_on=OPENED, source=PLAN, owner_agency=Agency.CPS)],
            },
            OwedBy.CPS,
        ),
        row(
            "police owe an action of another source",
            {"referrals": [referral(submitted_on=OPENED)], "actions": [action(raised_on=OPENED)]},
            OwedBy.CPS,
        ),
    ],
)
def test_whoever_holds_the_case_owes_its_progress(given, owed_by):
    assert owed("no-progress", case(opened_on=OPENED, **given)).owed_by is owed_by


def test_a_referral_whose_decision_cannot_be_seen_is_not_taken_to_be_under_way():
    facts = case(opened_on=OPENED, referrals=[referral(submitted_on=OPENED, required_by=day("Fri 20 Mar 2026"))])
    blind = owed("no-progress", unseen(facts, "referrals.csv: decision_on"))
    assert (blind.due_on, blind.owed_by) == (day("Mon 16 Mar 2026"), OwedBy.POLICE)
    seen = owed("no-progress", unseen(facts))
    assert (seen.due_on, seen.owed_by) == (day("Fri 20 Mar 2026"), OwedBy.CPS)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("charged, which is what it was waiting for", {"charged_on": OPENED}, EndReason.MET),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_a_case_it_is_not_for_owes_none(given, end):
    assert nothing("no-progress", case(opened_on=OPENED, **given)).end is end


@pytest.mark.parametrize(
    ("given", "words"),
    [
        row("from opening", {}, "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026"),
        row(
            "from what happened last",
            {"reviews": [joint(held_on=LATER)]},
            "last joint review Wed 4 Mar 2026 + 14 days = Wed 18 Mar 2026",
        ),
        row(
            "stretched",
            {"actions": [action(raised_on=OPENED, due_on=day("Fri 20 Mar 2026"))]},
            "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026; work under way runs to Fri 20 Mar 2026; "
            "the later day counts",
        ),
        row(
            "what happened on the opening day is no later",
            {"reviews": [joint(held_on=OPENED)]},
            "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026",
        ),
        row(
            "work that ends with the span does not stretch it",
            {"actions": [action(raised_on=OPENED)]},
            "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026",
        ),
        row(
            "stretched to twice the span by the work itself",
            {"actions": [action(raised_on=OPENED, due_on=day("Mon 30 Mar 2026"))]},
            "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026; work under way runs to Mon 30 Mar 2026; "
            "the later day counts",
        ),
        row(
            "stretched to the longest",
            {"actions": [action(raised_on=OPENED, due_on=day("Fri 24 Apr 2026"))]},
            "case opened Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026; case opened Mon 2 Mar 2026 + 28 days = "
            "Mon 30 Mar 2026; work under way runs on, but twice the span is the longest",
        ),
    ],
)
def test_it_says_its_arithmetic(given, words):
    found = owed("no-progress", case(opened_on=OPENED, **given))
    assert arithmetic.sentence(found.because, CALENDAR) == words
