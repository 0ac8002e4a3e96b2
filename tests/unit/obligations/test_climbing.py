"""What one day's climb decides for one obligation: its step, whom it tells, and when it is looked at again."""

from datetime import timedelta

import pytest

from config.terms import Addressee, Duty, Happening, Manner, OwedBy, Risk, StepOutcome
from flows.configured import configured
from models.queries.obligations.ladders import ClimbDecision, DueObligation, NotifiedContacts
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.obligations.climbing import decide
from tasks.obligations.starting import Begun
from tests.worlds.days import day
from tests.worlds.directory import EVERYONE, cps, police

THURSDAY, SATURDAY = day("Thu 12 Mar 2026"), day("Sat 14 Mar 2026")
MATTER = Parties(OwedBy.POLICE, ("45",), ("South East",), "P-OIC", "P-SUP", "C-PRO")
PEOPLE = Directory([*EVERYONE, cps("C-X", "officer"), police("P-NEW", "officer")])


def due(in_days, last=0, taken=(), today=THURSDAY, **changed):
    """An action that falls due in so many days: its reminder is two days before, it is critical three days after."""
    on = today + timedelta(days=in_days)
    ordinary = DueObligation(
        7, "action", "action:A1", on - timedelta(days=2), on, on + timedelta(days=3), False, last, taken, (), Risk.HIGH,
        MATTER, None, None, today, None,
    )  # fmt: skip
    return ordinary._replace(**changed)


def decided(one, duty=Duty.CHASE, told=(), today=THURSDAY, people=PEOPLE, withheld=()):
    made = ClimbDecision([], [], [], [])
    notified = NotifiedContacts(frozenset(told), frozenset(withheld))
    decide(configured(), one, Begun(None, one.matter), today, duty, people, notified, made)
    return made


def steps(made):
    return [(each.step, each.name, each.outcome, each.reason) for each in made.steps]


def said(made):
    return [(each.happening, each.step_name, each.contact_ref, each.note) for each in made.said]


def moved(made):
    (one,) = made.moved
    return one.last_step, one.next_step_on, one.addressed


NOTHING = ClimbDecision([], [], [], [])


def test_before_its_first_step_chasing_sets_the_day_and_escalation_does_nothing():
    made = decided(due(9))
    assert (made.steps, made.said, made.lapsed) == ([], [], [])
    assert moved(made) == (0, day("Thu 19 Mar 2026"), ())
    assert made.moved[0].through == ()
    assert decided(due(9), Duty.ESCALATE) == NOTHING


def test_a_step_that_is_reached_is_taken_by_its_duty_alone():
    made = decided(due(1))
    assert steps(made) == [(1, "reminder", StepOutcome.TAKEN, "")]
    assert said(made) == [(Happening.STEP, "reminder", "P-OIC", "")]
    assert moved(made) == (1, day("Sat 14 Mar 2026"), ("P-OIC",))
    assert decided(due(1), Duty.ESCALATE) == NOTHING
    assert made.said[0][:1] + made.said[0][2:3] + made.said[0][4:8] == (
        7, 1, "", Duty.CHASE, Manner.DIGEST, Addressee.OWNER,
    )  # fmt: skip


def test_steps_that_were_passed_are_superseded_by_the_one_that_is_reached():
    made = decided(due(-3), Duty.ESCALATE)
    assert steps(made) == [
        (1, "reminder", StepOutcome.SUPERSEDED, "critical"),
        (2, "overdue", StepOutcome.SUPERSEDED, "critical"),
        (3, "critical", StepOutcome.TAKEN, ""),
    ]
    assert [ref for _, _, ref, _ in said(made)] == ["P-OIC", "P-SUP", "P-SPOC"]
    assert decided(due(-3), Duty.CHASE) == NOTHING


def test_a_step_is_told_at_once_by_the_risk_of_its_case():
    taken = (THURSDAY - timedelta(days=20),) * 3
    for risk, manner in ((Risk.HIGH, Manner.AT_ONCE), (Risk.MEDIUM, Manner.DIGEST)):
        made = decided(due(-20, 3, taken, risk=risk), Duty.ESCALATE)
        assert {each.manner for each in made.said} == {manner}
        assert moved(made)[:2] == (4, None)


PROMISED = {"promise_id": 5, "promised_until": THURSDAY - timedelta(days=1)}


def test_a_step_after_a_promise_ends_it_and_tells_so():
    made = decided(due(1, **PROMISED))
    assert steps(made) == [(1, "reminder", StepOutcome.TAKEN, "promise lapsed")]
    assert said(made) == [(Happening.STEP, "reminder", "P-OIC", "promise lapsed")]
    assert made.lapsed == [5]
    assert decided(due(1)).lapsed == []


def test_a_promise_that_lapses_repeats_the_last_step():
    made = decided(due(1, 1, (THURSDAY - timedelta(days=3),), addressed=("P-OLD",), **PROMISED))
    assert (made.steps, made.lapsed) == ([], [5])
    assert said(made) == [(Happening.LAPSED, "reminder", "P-OIC", "promise lapsed")]
    assert made.said[0].occasion == "promise:5"
    assert moved(made) == (1, day("Sat 14 Mar 2026"), ("P-OIC", "P-OLD"))


def test_whom_a_repeated_step_leads_to_is_kept_in_one_order():
    before = ("P-Z", "P-B", "P-Y", "P-C", "P-X", "P-A")
    made = decided(due(1, 1, (THURSDAY - timedelta(days=3),), addressed=before, **PROMISED))
    assert moved(made)[2] == ("P-A", "P-B", "P-C", "P-OIC", "P-X", "P-Y", "P-Z")


def test_a_promise_that_lapses_before_any_step_only_ends():
    made = decided(due(9, **PROMISED))
    assert (made.steps, made.said, made.lapsed) == ([], [], [5])


def test_while_a_promise_runs_the_step_that_is_reached_is_silent():
    made = decided(due(1, promise_id=5, promised_until=THURSDAY))
    assert steps(made) == [(1, "reminder", StepOutcome.SILENT, "acknowledged until Thu 12 Mar 2026")]
    assert (made.said, made.lapsed) == ([], [])
    assert moved(made) == (0, THURSDAY + timedelta(days=1), ())


TAKEN = {"last": 1, "taken": (THURSDAY - timedelta(days=1),)}


@pytest.mark.parametrize(
    ("told", "addressed", "new"),
    [((), (), True), ({"P-OIC"}, (), False), ((), ("P-OIC",), False), ({"P-OLD"}, ("P-OLD",), True)],
)
def test_a_newcomer_is_told_of_the_present_step_once(told, addressed, new):
    made = decided(due(1, **TAKEN, addressed=addressed), told=told)
    assert said(made) == ([(Happening.HANDED_OVER, "reminder", "P-OIC", "")] if new else [])
    assert [each.occasion for each in made.said] == ["handed over"] * new
    assert moved(made) == (1, day("Sat 14 Mar 2026"), (*addressed, *["P-OIC"] * new))


@pytest.mark.parametrize(
    ("restricted", "access", "opened"),
    [(True, True, True), (True, False, False), (False, False, True)],
)
def test_from_whom_the_case_was_withheld_is_told_of_the_present_step_once_they_may_read_it(restricted, access, opened):
    people = Directory([person._replace(restricted_access=access) for person in EVERYONE])
    one = due(1, **TAKEN, addressed=("P-OIC",), matter=MATTER._replace(restricted=restricted))
    made = decided(one, told={"P-OIC"}, withheld={"P-OIC"}, people=people)
    assert said(made) == [(Happening.OPENED, "reminder", "P-OIC", "")] * opened
    assert [each.occasion for each in made.said] == ["opened 2026-03-12"] * opened
    assert moved(made) == (1, day("Sat 14 Mar 2026"), ("P-OIC",))
    assert decided(one, told={"P-OIC"}, people=people).said == []


def test_operations_are_told_once_where_nobody_is_left():
    nobody = Directory([])
    made = decided(due(1, **TAKEN), people=nobody)
    assert [each.contact_ref for each in made.said] == [None]
    assert moved(made)[2] == ("",)
    assert decided(due(1, **TAKEN, addressed=("",)), people=nobody).said == []


def test_on_a_weekend_a_step_and_a_newcomer_wait_for_monday():
    reached = decided(due(1, today=SATURDAY), today=SATURDAY)
    assert (reached.steps, reached.said) == ([], [])
    assert moved(reached)[1:] == (SATURDAY, ())
    taken = (SATURDAY - timedelta(days=1),)
    one = due(1, 1, taken, today=SATURDAY, promise_id=5, promised_until=SATURDAY - timedelta(days=1))
    newcomer = decided(one, today=SATURDAY)
    assert (newcomer.said, newcomer.lapsed) == ([], [])
    assert moved(newcomer) == (1, SATURDAY, ())
    plain = decided(one._replace(promise_id=None, promised_until=None), today=SATURDAY)
    assert (plain.said, moved(plain)) == ([], (1, SATURDAY, ()))
    known = decided(one._replace(promise_id=None, promised_until=None, addressed=("P-OIC",)), today=SATURDAY)
    assert moved(known) == (1, day("Mon 16 Mar 2026"), ("P-OIC",)), "nothing waits"


def test_whom_an_answer_depends_on_is_kept_with_it():
    (change,) = decided(due(-3), Duty.ESCALATE).moved
    assert {"P-OIC", "P-SUP"} < set(change.through)
    assert list(change.through) == sorted(change.through)
    (change,) = decided(due(1)).moved
    assert change.taken_on == (THURSDAY,)


def test_a_note_tells_why_this_person_and_why_now_each_once():
    deputy = Directory([police("P-OIC", "officer", absent=True, deputy="P-NEW"), police("P-NEW", "officer")])
    (lapsed,) = decided(due(1, **PROMISED), people=deputy).said
    assert lapsed.contact_ref == "P-NEW"
    assert lapsed.note.startswith("promise lapsed; ")
    (handed,) = decided(due(1, **TAKEN), people=deputy).said
    assert handed.note
    assert ";" not in handed.note


def test_a_ladder_of_another_duty_is_left_until_its_own_climb():
    assert decided(due(-3, 3, (THURSDAY,) * 3), Duty.CHASE) == NOTHING
    assert decided(due(-3, 3, (THURSDAY,) * 3), Duty.ESCALATE).moved != []
