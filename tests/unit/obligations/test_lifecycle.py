"""The life of an obligation: versions that end, begin, carry on, or are amended in place."""

from datetime import date, timedelta

import pytest

from config.policy import load_policy
from config.terms import EndReason, OwedBy, Risk
from models.rules.arithmetic import to_json
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.lifecycle import Amend, Begin, ChangeSetting, End, StoredVersion, changes
from models.rules.result import Owes, OwesNothing, Term
from tests.worlds.days import day

POLICY, CALENDAR = load_policy(), WorkingCalendar()
TODAY = day("Wed 18 Mar 2026")
ENABLED = frozenset({"action", "joint-review"})


def owes(*, due, done_on=None, owed_by=OwedBy.POLICE, subject="case", **more):
    due_on = day(due)
    return Owes(subject, owed_by, due_on, (), done_on, due_on - timedelta(days=7), due_on + timedelta(days=3), **more)


def stored(*, due, rule="joint-review", version=1, last_step=0, taken_on=(), ended_on=None, done_on=None, **more):
    due_on = day(due)
    given = {
        "owed_by": OwedBy.POLICE,
        "promised_until": None,
        "end_reason": None,
        "chain_from": 1,
        "because": "[]",
        **more,
    }
    return StoredVersion(
        7, rule, "case", version, given["chain_from"], given["owed_by"], due_on, due_on - timedelta(days=7),
        due_on + timedelta(days=3), done_on, False, True, given["because"], "", last_step, taken_on, (), True, ended_on,
        given["end_reason"], given["promised_until"],
    )  # fmt: skip


def found(outcome, before=None, rule="joint-review", enabled=ENABLED, **more):
    setting = ChangeSetting(TODAY, POLICY, "45", Risk.HIGH, CALENDAR, **more)
    outcomes = [(rule, outcome, "[]")] if outcome else []
    return list(changes({(rule, "case"): before} if before else {}, iter(outcomes), setting, enabled))


def test_what_is_owed_for_the_first_time_begins_below_the_first_step():
    (begun,) = found(owes(due="Mon 16 Mar 2026"))
    assert isinstance(begun, Begin)
    assert (begun.version, begun.chain_from, begun.last_step) == (1, 1, 0)
    assert begun.next_step_on == day("Mon 9 Mar 2026")


def test_the_same_again_changes_nothing():
    assert found(owes(due="Mon 16 Mar 2026"), stored(due="Mon 16 Mar 2026")) == []


@pytest.mark.parametrize("end", [EndReason.MET, EndReason.WITHDRAWN, EndReason.OUT_OF_SCOPE, EndReason.FINALISED])
def test_what_is_owed_no_more_ends_as_the_rule_says(end):
    (ended,) = found(OwesNothing("case", end, "why", TODAY), stored(due="Mon 16 Mar 2026"))
    assert isinstance(ended, End)
    assert (ended.reason, ended.fact_on) == (end, TODAY)


def test_an_obligation_without_an_outcome_left_the_case_or_its_rule_is_off():
    before = stored(due="Mon 16 Mar 2026")
    assert [one.reason for one in found(None, before)] == [EndReason.OUT_OF_SCOPE]
    assert [one.reason for one in found(None, before, enabled=frozenset())] == [EndReason.POLICY]


@pytest.mark.parametrize(("renumbered", "end"), [(True, EndReason.POLICY), (False, EndReason.MET)])
def test_what_began_too_early_to_count_ends_by_policy_where_that_is_new_and_else_what_counted_is_gone(renumbered, end):
    uncounted = OwesNothing("case", EndReason.POLICY, "it began before the rule counts")
    (ended,) = found(uncounted, stored(due="Mon 16 Mar 2026"), renumbered=renumbered)
    assert (ended.reason, ended.fact) == (end, uncounted.why)


def test_a_recurring_duty_done_is_met_and_begins_afresh():
    before = stored(due="Mon 16 Mar 2026", last_step=3, taken_on=(None, None, TODAY), done_on=date(2026, 3, 2))
    ended, begun = found(owes(due="Wed 1 Apr 2026", done_on=date(2026, 3, 17)), before)
    assert (ended.reason, ended.fact_on) == (EndReason.MET, date(2026, 3, 17))
    assert (begun.version, begun.chain_from, begun.last_step, begun.taken_on) == (2, 2, 0, ())


SIGNS = [Term("danger since", date(2026, 3, 13), None, date(2026, 3, 13))]
AGAIN = Term("again on", date(2026, 3, 17), None, date(2026, 3, 17))


def test_while_it_is_owed_a_later_day_begins_it_anew_with_the_same_days_below_the_first_step():
    before = stored(
        due="Mon 16 Mar 2026", rule="danger", last_step=2, taken_on=(None, TODAY), because=to_json(tuple(SIGNS)),
        promised_until=day("Fri 20 Mar 2026"),
    )  # fmt: skip
    ended, begun = found(owes(due="Mon 16 Mar 2026", renewed_on=AGAIN.day), before, rule="danger")
    assert (ended.reason, ended.fact, ended.lost) == (EndReason.RENEWED, "", False)
    assert (begun.version, begun.chain_from, begun.last_step, begun.taken_on) == (2, 1, 0, ())
    assert (begun.owes.due_on, begun.carries) == (before.due_on, None)
    assert begun.next_step_on <= TODAY


@pytest.mark.parametrize("renewed_on", [date(2026, 3, 13), AGAIN.day])
def test_a_day_that_was_known_or_is_gone_begins_nothing(renewed_on):
    before = stored(due="Mon 16 Mar 2026", rule="danger", because=to_json((*SIGNS, AGAIN)))
    (amended,) = found(owes(due="Mon 16 Mar 2026", renewed_on=renewed_on), before, rule="danger")
    assert isinstance(amended, Amend)


def test_a_moved_day_says_nothing_by_itself_and_begins_at_the_lower_step():
    before = stored(due="Mon 16 Mar 2026", last_step=2, taken_on=(date(2026, 3, 9), date(2026, 3, 17)))
    ended, begun = found(owes(due="Mon 23 Mar 2026"), before)
    assert ended.reason is EndReason.MOVED
    assert (begun.version, begun.chain_from, begun.last_step) == (2, 1, 1)
    assert begun.next_step_on == day("Tue 24 Mar 2026")


def test_a_day_moved_earlier_keeps_the_last_step_taken():
    before = stored(due="Mon 30 Mar 2026", last_step=1, taken_on=(date(2026, 3, 17),))
    _, begun = found(owes(due="Mon 16 Mar 2026"), before)
    assert begun.last_step == 1


@pytest.mark.parametrize(
    ("days_ago", "due", "carries"),
    [(7, "Mon 16 Mar 2026", True), (8, "Mon 16 Mar 2026", False), (1, "Tue 17 Mar 2026", False)],
)
def test_owed_again_within_seven_days_with_the_same_day_carries_on(days_ago, due, carries):
    before = stored(
        due="Mon 16 Mar 2026", last_step=2, taken_on=(None, date(2026, 3, 17)), version=3, chain_from=2,
        ended_on=TODAY - timedelta(days=days_ago), end_reason=EndReason.WITHDRAWN,
    )  # fmt: skip
    (begun,) = found(owes(due=due), before)
    assert (begun.version, begun.last_step) == (4, 2 if carries else 0)
    assert begun.chain_from == (2 if carries else 4)


def test_another_side_owing_it_is_amended_in_place():
    (amended,) = found(owes(due="Mon 16 Mar 2026", owed_by=OwedBy.CPS), stored(due="Mon 16 Mar 2026"))
    assert isinstance(amended, Amend)
    assert amended.owes.owed_by is OwedBy.CPS


@pytest.mark.parametrize("due", ["Mon 2 Feb 2026", "Tue 3 Feb 2026"])  # amended in place; moved
def test_a_promise_wakes_what_has_taken_its_last_step_whatever_changes(due):
    taken = tuple(day("Mon 9 Mar 2026") for _ in range(4))
    before = stored(due="Mon 2 Feb 2026", last_step=4, taken_on=taken, promised_until=day("Fri 20 Mar 2026"))
    changed = found(owes(due=due, owed_by=OwedBy.CPS), before)[-1]
    assert isinstance(changed, Amend | Begin)
    assert changed.next_step_on == day("Sat 21 Mar 2026")


def test_a_promise_goes_on_with_what_is_owed_again_and_wakes_it_the_day_after():
    ended = day("Mon 16 Mar 2026")
    before = stored(
        due="Mon 2 Mar 2026", last_step=4, taken_on=tuple([day("Tue 3 Mar 2026")] * 4), ended_on=ended,
        end_reason=EndReason.MET, promised_until=day("Fri 20 Mar 2026"),
    )  # fmt: skip
    (begun,) = found(owes(due="Mon 2 Mar 2026"), before)
    assert begun.carries is before
    assert begun.next_step_on == day("Sat 21 Mar 2026")


@pytest.mark.parametrize(
    ("noted_on", "lost"), [("Mon 16 Mar 2026", False), ("Tue 17 Mar 2026", True)], ids=["on its last day", "later"]
)
def test_a_time_limit_that_was_noted_by_its_last_day_is_not_lost_and_one_that_was_noted_later_is(noted_on, lost):
    outcome = OwesNothing("case", EndReason.MET, "noted", day(noted_on))
    (ended,) = found(outcome, stored(due="Mon 16 Mar 2026", rule="summary-time-limit")._replace(hard=True))
    assert isinstance(ended, End)
    assert ended.lost is lost
