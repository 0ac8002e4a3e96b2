"""The history of a case's obligations as explain tells it: versions, promises and steps."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.terms import EndReason, OwedBy, Risk, StepOutcome
from flows.configured import configured
from models.queries.obligations.explain import CaseSitting, ExplainedPromise, ExplainedStep, VersionRow
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.obligations.obligation_history import CaseRecords, subject_of
from tests.worlds.directory import police

TODAY = date(2026, 3, 12)
DUE = date(2026, 3, 16)
ENDED = {"ended_on": date(2026, 3, 2), "end_reason": EndReason.MET}
SITS = CaseSitting("45-1", DUE, datetime(2026, 3, 16, 10, tzinfo=UTC))


def version(number=1, **changed):
    ordinary = VersionRow(
        number, "action", "action:A1", 1, 1, "2026-11", "police", DUE, DUE - timedelta(days=2), DUE + timedelta(days=3),
        False, True, [], "", date(2026, 3, 2), None, None, "", None, None, False,
        0, [],
    )  # fmt: skip
    return ordinary._replace(**changed)


def records(*versions, **changed):
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), "P1")
    known = CaseRecords(configured(),
        versions, (), (), {one.id: matter for one in versions}, Directory([police("P1", "officer")]), Risk.HIGH,
        "45", TODAY, None, {},
    )  # fmt: skip
    return known._replace(**changed)


def only(found):
    (one,) = found
    return one


def test_the_subject_of_a_whole_case_is_empty():
    assert (subject_of("case"), subject_of("action:A1")) == ("", "action:A1")


def test_live_ones_come_hard_clocks_first_then_by_escalation_rule_and_subject():
    found = [
        version(1, hard=True, escalate_on=date(2026, 9, 1)),
        version(2, escalate_on=DUE),
        version(3, escalate_on=DUE, rule="plea"),
        version(4, escalate_on=DUE, rule="plea", subject="plea:9"),
        version(5),
    ]
    ended = version(6, **ENDED)
    owed = records(*reversed(found), ended).owed
    assert [(one.hard, one.escalate_on, one.rule, one.subject) for one in owed] == [
        (one.hard, one.escalate_on, one.rule, one.subject) for one in found
    ]
    assert len(records(*found, ended).ended) == 1


def test_an_obligation_tells_its_owner_and_how_late_it_is():
    one = only(records(version()).owed)
    assert (one.title, one.owner, one.severity) == ("Outstanding action", "case", "not due yet")
    assert [owner.contact_ref for owner in one.owners] == ["P1"]
    assert only(records(version(), today=DUE + timedelta(days=3)).owed).severity == "critically overdue"


@pytest.mark.parametrize(
    ("because", "runs_from", "on", "text"),
    [
        ([], "", DUE, ""),
        (
            [["raised", "2026-03-02", "14d", "2026-03-16", ""]], "raised", date(2026, 3, 2),
            "raised Mon 2 Mar 2026 + 14 days = Mon 16 Mar 2026",
        ),
    ],
)  # fmt: skip
def test_a_sum_begins_with_the_fact_that_it_runs_from(because, runs_from, on, text):
    one = only(records(version(because=because)).owed)
    assert (one.runs_from, one.runs_from_on, one.sum) == (runs_from, on, text)


def test_only_a_joint_review_names_its_sitting():
    review = version(rule="joint-review", subject="case", owed_by="both")
    assert [(one.sitting, one.sits_at) for one in records(review, sits=SITS).owed] == [("45-1", SITS.at)]
    assert [(one.sitting, one.sits_at) for one in records(review).owed] == [("", None)]
    assert [(one.sitting, one.sits_at) for one in records(version(), sits=SITS).owed] == [("", None)]


def chain():
    """Five versions: one of an earlier chain, one that moved, one void, the live one, and one of another subject."""
    over = {"ended_on": date(2026, 3, 3)}
    return (
        version(1, version=1, end_reason=EndReason.MET, **over),
        version(2, version=2, chain_from=2, end_reason=EndReason.MOVED, **over),
        version(3, version=3, chain_from=2, end_reason=EndReason.VOID, **over),
        version(4, version=4, chain_from=2),
        version(5, version=2, subject="action:A2", end_reason=EndReason.MOVED, **over),
    )


def promise(obligation, by, until=DUE, end=None):
    return obligation, ExplainedPromise(by, TODAY, until, 0, None, "why", None, end)


def step(obligation, name):
    return obligation, ExplainedStep(name, TODAY, StepOutcome.TAKEN, "reason", version=obligation)


def test_a_live_version_has_the_promises_and_steps_of_its_own_chain():
    ids = (1, 2, 3, 4, 5)
    found = records(
        *chain(), promises=[promise(one, f"P{one}") for one in ids], steps=[step(one, f"s{one}") for one in ids]
    )
    one = only(found.owed)
    assert [each.by for each in one.promises] == ["P2", "P4"]
    assert [(each.step, each.version) for each in one.steps] == [("s2", 2), ("s4", 4)]
    assert (one.moved, one.version) == (1, 4)
    assert one.standing


def reopened(*versions):
    again = only(records(*versions).owed).reopened
    return again and (again.version, again.ended_on, again.again_on)


def test_an_obligation_of_a_reopened_case_tells_the_latest_time_it_was_finalised():
    def finalised(number, on, **changed):
        given = {"version": number, "ended_on": on, "end_reason": EndReason.FINALISED, **changed}
        return version(number, **given)

    first, second = date(2026, 1, 5), date(2026, 2, 5)
    live = version(9, version=9, began_on=TODAY)
    assert reopened(live) is None
    assert reopened(version(1, **ENDED), live) is None
    assert reopened(finalised(1, first), live) == (1, first, TODAY)
    assert reopened(finalised(1, first), finalised(2, second, began_on=date(2026, 2, 1)), live) == (2, second, TODAY)
    assert reopened(finalised(1, first, subject="action:A2"), live) is None
    void = version(2, version=2, end_reason=EndReason.VOID, ended_on=second, began_on=second)
    assert reopened(finalised(1, first), void, live) == (1, first, TODAY)


def coming(*promises, **changed):
    (one,) = records(version(**changed), promises=promises).owed
    return [(each.step, each.on.isoformat(), each.repeated) for each in one.coming]


def test_the_steps_to_come_are_those_of_its_ladder_after_a_live_promise():
    assert coming() == [
        ("reminder", "2026-03-13", False), ("overdue", "2026-03-17", False), ("critical", "2026-03-19", False),
        ("unresolved", "2026-03-26", False),
    ]  # fmt: skip
    assert coming(promise(1, "P1", date(2026, 3, 18)))[0] == ("critical", "2026-03-19", False)
    assert coming(promise(1, "P1", date(2026, 3, 18), "lapsed")) == coming()
    assert coming(promise(2, "P1", date(2026, 3, 18))) == coming()
    assert coming(last_step=4, taken_on=[TODAY] * 4) == []


def test_a_promise_of_a_version_that_ended_ended_with_it():
    ended = version(1, **ENDED)
    found = only(records(ended, promises=[promise(1, "P1"), promise(1, "P2", end="renewed"), promise(2, "P3")]).ended)
    assert [(each.by, each.end, each.ended_on) for each in found.promises] == [
        ("P1", "ended", date(2026, 3, 2)), ("P2", "renewed", None),
    ]  # fmt: skip
    assert (found.ending.reason, found.subject) == ("met", "action:A1")


def test_ended_versions_come_by_day_and_number():
    days = [(3, date(2026, 3, 1)), (1, date(2026, 3, 2)), (2, date(2026, 3, 2))]
    found = records(*(version(number, version=number, ended_on=on) for number, on in reversed(days))).ended
    assert [(one.version, one.ending.ended_on) for one in found] == days
