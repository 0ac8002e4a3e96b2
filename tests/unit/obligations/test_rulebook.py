"""The rulebook: its rules, their words, and the evaluation of a case under a policy."""

import inspect
import json
import re
from contextlib import nullcontext
from datetime import date, timedelta
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.presumption import Presumption
from config.rules import STANDING, Rules
from config.terms import (
    ActionStatus,
    Classification,
    EndReason,
    OrderKind,
    ReviewKind,
    Risk,
    SuspectStatus,
)
from models.rules import arithmetic
from models.rules.calendar import OutsideCalendar
from models.rules.case_row import CaseRow
from models.rules.catalogue.rule import RAISED_HERE
from models.rules.facts import CaseFacts
from models.rules.obligations.rulebook import RULES, dated, decide, enabled, evaluate
from models.rules.result import Owes, OwesNothing
from models.rules.row_facts import (
    ActionFact,
    DefendantFact,
    IncidentFact,
    OrderFact,
    OtherCase,
    PleaFact,
    ReferralFact,
    ReviewFact,
    SeenChange,
    SittingFact,
    SuspectFact,
)
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, action, case, plea, referral

OPENED = day("Mon 2 Mar 2026")
CASE_RULES = [name for name, rule in RULES.items() if rule.per_case]
OUTLIVE_THE_CASE = {"order-expiry", "order-told", "order-served", "spo-notification"}
OF_CLOSED_CASES = {"nfa-review", "closed-silently"}


def without(*names: str) -> Rules:
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    for name in names:
        values[name]["enabled"] = False
    return Rules.model_validate(values)


def test_the_book_and_the_policy_name_the_same_rules():
    assert set(Rules.names()) == set(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_has_words_for_people(rule):
    assert rule.title[0].isupper()
    assert rule.ends_when.endswith(".")
    assert any(f"{kind}: " in rule.ends_when for kind in (".csv", "manifest.json", "policy.yaml"))
    assert rule.why_it_protects.endswith(".")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_what_ends_a_rule_is_said_to_people_without_columns_and_commands(rule):
    said = rule.ends_in_words(f"action:{RAISED_HERE}1" if rule.name == "action" else "case")
    assert said.endswith(".")
    assert not re.search(r"[()_:]\w*$|\.csv|\.yaml|manifest|casebeat|_", said)


def test_the_recurring_rules_are_those_of_the_protocol_table():
    assert {rule.name for rule in RULES.values() if rule.recurring} == {
        "joint-review",
        "supervisor-review",
        "no-progress",
        "feed-stale",
        "risk-assessment",
        "victim-contact",
        "spo-considered",
        "victim-told",
        "suspect-wanted",
        "danger",
    }


def test_every_enabled_rule_for_cases_answers():
    found = evaluate(case(opened_on=OPENED), POLICY.rules, CALENDAR)
    assert sorted({name for name, _ in found}) == sorted(CASE_RULES)


def test_only_the_rules_that_are_asked_answer():
    asked = ("action", "joint-review", "feed-stale")
    found = decide(case(opened_on=OPENED), POLICY.rules, CALENDAR, {"action", "plea"}, asked)
    assert {name for name, _ in found} == {"action", "joint-review"}


def test_a_rule_the_policy_turned_off_answers_nothing_at_all():
    found = evaluate(case(opened_on=OPENED), without("joint-review", "action"), CALENDAR)
    assert sorted({name for name, _ in found}) == sorted(set(CASE_RULES) - {"joint-review", "action"})


def test_the_book_knows_which_rules_are_on():
    assert enabled(POLICY.rules) == set(RULES)
    assert enabled(without("action", "feed-stale")) == set(RULES) - {"action", "feed-stale"}


def test_a_finalised_case_ends_everything_as_finalised_whatever_else_changed():
    facts = case(
        opened_on=OPENED,
        finalised_on=OPENED,
        classification=Classification.OTHER,
        principal=False,
        charged_on=OPENED,
        actions=[action(raised_on=OPENED, status=ActionStatus.CANCELLED, supplied=False)],
        referrals=[referral(submitted_on=OPENED, supplied=False)],
    )
    found = dict(evaluate(facts, POLICY.rules, CALENDAR))
    ended = OF_CLOSED_CASES | OUTLIVE_THE_CASE
    assert {found.pop(name).end for name in ended} == {EndReason.OUT_OF_SCOPE}, "it never was stalking"
    assert {(outcome.subject, outcome.end) for outcome in found.values()} == {("case", EndReason.FINALISED)}
    assert len(found) == len(CASE_RULES) - len(ended)


@pytest.mark.parametrize(
    ("due", "remind", "escalate"),
    [
        row("a due day that is worked", "Tue 7 Apr 2026", "Tue 7 Apr 2026", "Tue 7 Apr 2026"),
        row("a reminder that would roll past a holiday", "Fri 3 Apr 2026", "Fri 3 Apr 2026", "Tue 7 Apr 2026"),
    ],
)
def test_the_outer_day_is_pulled_to_the_due_day_where_arithmetic_would_pass_it(due, remind, escalate):
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["bail-end"] |= {"remind": "0wd", "escalate": "0wd"}
    facts = case(opened_on=OPENED, suspect_status=SuspectStatus.BAIL, bail_ends_on=due)
    found = dict(evaluate(facts, Rules.model_validate(values), CALENDAR))["bail-end"]
    assert (found.remind_on, found.due_on, found.escalate_on) == (remind, due, escalate)


@pytest.mark.parametrize(
    ("since", "owed"),
    [
        row("what began the day before does not count", "Tue 3 Mar 2026", False),
        row("what began on the day itself counts", "Mon 2 Mar 2026", True),
    ],
)
def test_a_rule_counts_only_what_began_since_its_day(since, owed):
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values["plea"] |= {"since": since}
    facts = case(opened_on=OPENED, pleas=[plea(offered_on=day("Mon 2 Mar 2026"), ref="L1")])
    (found,) = [outcome for name, outcome in evaluate(facts, Rules.model_validate(values), CALENDAR) if name == "plea"]
    assert found.subject == "plea:L1"
    assert isinstance(found, Owes) == owed
    assert owed or (found.end, found.why) == (
        EndReason.POLICY,
        "it began before Tue 3 Mar 2026, from when the rule counts",
    )


@pytest.mark.parametrize("name", RULES)
def test_since_is_taken_where_something_begins_a_duty_and_nowhere_else(name):
    begins = "arose_on" in inspect.getsource(inspect.getmodule(RULES[name].function))
    assert begins == (name not in STANDING)
    values = POLICY.rules.model_dump(by_alias=True, exclude_none=True)
    values[name] |= {"since": "2026-03-02"}
    with nullcontext() if begins else pytest.raises(ValueError, match=f"since: {name} stands for as long"):
        Rules.model_validate(values)


def test_dating_keeps_all_else():
    owes = Owes("case", "police", OPENED, (), OPENED, note="look at it")
    found = dated(owes, POLICY.rules.bail_end, Risk.HIGH, CALENDAR)
    assert found._replace(remind_on=owes.remind_on, escalate_on=owes.escalate_on) == owes


def test_a_day_outside_the_calendar_is_refused():
    with pytest.raises(OutsideCalendar):
        list(evaluate(case(opened_on=day("Thu 31 Dec 2099")), POLICY.rules, CALENDAR))


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
NO_DAY = st.none() | DAYS
CODES = st.sampled_from(["PH97011", "ph97006b", "PH97004", "CJ88116"])


def built(row_type, **given):
    """Any value of a type of facts: each of its days lies in the calendar, whichever columns it has."""
    days = {date: DAYS, date | None: NO_DAY}
    hints = {name: hint for name, hint in get_type_hints(row_type).items() if name in row_type._fields}
    found = {name: days[hint] for name, hint in hints.items() if hint in days}
    return st.builds(row_type, **found | {name: st.just(1) for name in hints if name == "source_id"} | given)


def some(row_type, most, **given):
    return st.lists(built(row_type, ref=st.uuids().map(str), **given), max_size=most)


INCIDENTS, REVIEWS = some(IncidentFact, 4), some(ReviewFact, 3)
KINDS = st.sampled_from(["CCTV", "TRANSLATION", 'a "quoted" \\ kind'])
ACTIONS = some(ActionFact, 4, kind=KINDS, owner_ref=st.none(), closed_on=DAYS)
REFERRALS = some(ReferralFact, 2, checklist_missing=st.sampled_from([(), ("C01",), ("C03", "C15")]))
ORDERS, SITTINGS = some(OrderFact, 3), some(SittingFact, 2)
PLEAS = some(PleaFact, 2, charged_code=CODES, plea_code=CODES)
SUSPECTS, DEFENDANTS = some(SuspectFact, 3), some(DefendantFact, 3)
SEEN = st.lists(built(SeenChange, suspect_ref=st.none()), max_size=2)
OTHERS = st.lists(built(OtherCase), max_size=2)
ROWS = built(
    CaseRow,
    offence_codes=st.sampled_from([(), ("PH97006",), ("PH97011", "ph97004a")]),
    charged_codes=st.sampled_from([(), ("PH97004",), ("PH97011", "CJ88116")]),
    victim_contact_days=st.none() | st.integers(0, 90),
)
CASES = st.builds(
    CaseFacts,
    ROWS,
    INCIDENTS.map(tuple),
    ACTIONS.map(tuple),
    REVIEWS.map(tuple),
    REFERRALS.map(tuple),
    ORDERS.map(tuple),
    PLEAS.map(tuple),
    st.booleans(),
    REVIEWS.map(tuple),
    INCIDENTS.map(tuple),
    SITTINGS.map(tuple),
    suspect_rows=SUSPECTS.map(tuple),
    defendant_rows=DEFENDANTS.map(tuple),
    defendants_elsewhere=st.booleans(),
    seen_changes=SEEN.map(tuple),
    same_suspect=OTHERS.map(tuple),
    presumption=st.sampled_from(Presumption),
    scope=st.sampled_from([(Classification.STALKING,), (Classification.STALKING, Classification.HARASSMENT)]),
)


@given(CASES)
def test_whatever_the_facts_the_answers_hold_together(facts):
    found = list(evaluate(facts, POLICY.rules, CALENDAR))
    identities = [(name, outcome.subject) for name, outcome in found]
    assert len(identities) == len(set(identities))
    assert {name for name, _ in found} == set(CASE_RULES)
    for name, outcome in found:
        if isinstance(outcome, Owes):
            assert facts.kept if name in OUTLIVE_THE_CASE else facts.open is not (name in OF_CLOSED_CASES)
            assert outcome.remind_on <= outcome.due_on <= outcome.escalate_on
            assert outcome.due_on in {term.makes for term in outcome.because}
            assert arithmetic.from_json(json.loads(arithmetic.to_json(outcome.because))) == outcome.because
            assert outcome.done_on is None or RULES[name].recurring
        else:
            assert isinstance(outcome, OwesNothing)
            assert outcome.why


# What ends a duty without a day that any source sends.
WITHOUT_A_DAY = {
    "no day is recorded any more on which bail ends",
    "no day is recorded any more on which the custody time limit ends",
    "no authorised charge is recorded any more",
    "no last act is recorded any more",
    "no hearing is recorded any more that lies ahead",
    "no item of the checklist is recorded as missing",
    "no Police Information Notice is recorded as issued any more",
    "nothing is recorded any more that raises the question",
    "police still owe what the action plan asks for",
    "the code of the charge was recorded",
    "the day was recorded",
    "the last act was recorded",
    "what said danger is not recorded any more",
    "the victim was told",  # of the day before there was anything to tell
}


@given(CASES)
def test_every_way_to_end_is_one_sentence_with_its_facts_own_day(facts):
    for _, outcome in evaluate(facts, POLICY.rules, CALENDAR):
        said = outcome.done if isinstance(outcome, Owes) else outcome.sentence
        assert " or " not in said
        if isinstance(outcome, Owes):
            assert said or outcome.done_on is None
        else:
            assert said or outcome.end is EndReason.UNSEEN
            assert outcome.on or outcome.end is not EndReason.MET or said in WITHOUT_A_DAY


@given(CASES, st.sets(st.sampled_from(CASE_RULES)))
def test_a_rule_that_is_not_asked_owes_nothing_and_has_nothing_live(facts, live):
    every = list(evaluate(facts, POLICY.rules, CALENDAR))
    found = list(decide(facts, POLICY.rules, CALENDAR, live))
    asked = {name for name, _ in found}
    assert live <= asked
    assert found == [(name, outcome) for name, outcome in every if name in asked]
    assert not [name for name, outcome in every if isinstance(outcome, Owes) and name not in asked]


@given(CASES, st.integers(0, 200))
def test_rows_that_are_not_supplied_never_decide_a_day(facts, later):
    gone = IncidentFact("gone", OPENED + timedelta(later), OPENED + timedelta(later), True, None, 1, False)
    also = facts._replace(
        incidents=(*facts.incidents, gone),
        linked_incidents=(*facts.linked_incidents, gone),
        reviews=(*facts.reviews, ReviewFact("gone", ReviewKind.JOINT, OPENED + timedelta(later), True, 1, False)),
        orders=(
            *facts.orders,
            OrderFact("gone", OrderKind.SPO, *(OPENED + timedelta(later),) * 3, *(None,) * 5, 1, False),
        ),
        pleas=(
            *facts.pleas,
            PleaFact("gone", OPENED + timedelta(later), "PH97011", "PH97004", None, None, None, 1, False),
        ),
    )
    assert _decided(also) == _decided(facts)


def _decided(facts):
    """All outcomes; of the rules that report each withdrawn row, only the obligations."""
    each = {"plea", "breach-unanswered", *OUTLIVE_THE_CASE}
    found = evaluate(facts, POLICY.rules, CALENDAR)
    return [(name, outcome) for name, outcome in found if isinstance(outcome, Owes) or name not in each]
