"""The statements about rounds of days that had not come: which they are, and what the undoing brings back to today."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from models.cases import ActionRow, Case, ReviewRow
from models.intake import OWN
from models.obligations import Obligation, StepTaken
from models.outbox import Message
from models.people import Absence, Contact
from models.queries.rounds import undoing
from models.rounds import Round, Switch, Undoing
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, WEDNESDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 18), date(2026, 3, 20)
LATER = AT_NINE + timedelta(days=1)


def ran(rows, force: str, day: date, undoing_id: int | None = None) -> None:
    rows.add(Round, force_code=force, day=day, began_at=AT_NINE, account={}, undoing_id=undoing_id)


def test_the_rounds_after_a_day_are_those_that_ran_took_steps_or_gave_places(rows):
    undone = rows.undoing()
    for force, day, undoing_id in (
        ("47", FRIDAY, None), ("46", WEDNESDAY, None), ("46", WEDNESDAY, None), ("45", TUESDAY, None),
        ("44", FRIDAY, undone),
    ):  # fmt: skip
        ran(rows, force, day, undoing_id)
    for number, (owing, day, outcome) in enumerate((
        ("45", FRIDAY, "taken"), (None, FRIDAY, "silent"), ("43", TUESDAY, "taken"), ("43", WEDNESDAY, "void"),
    )):  # fmt: skip
        owed = rows.owes(number, TUESDAY, owing)
        rows.add(StepTaken, obligation_id=owed, step=1, name="overdue", on_day=day, outcome=outcome)
    there, here = rows.sitting("there", FRIDAY, "42"), rows.sitting("here", FRIDAY, "41")
    rows.convening(1, there, convened_on=WEDNESDAY)
    rows.convening(2, there, slot=1, convened_on=FRIDAY, ended_on=FRIDAY, end="moved")
    rows.convening(3, here, convened_on=TUESDAY)
    rows.convening(4, here, slot=1, convened_on=WEDNESDAY, ended_on=WEDNESDAY, end="void")
    assert undoing.rounds_after(rows.connection, TUESDAY) == [
        ("42", WEDNESDAY), ("46", WEDNESDAY), ("--", FRIDAY), ("42", FRIDAY), ("45", FRIDAY), ("47", FRIDAY),
    ]  # fmt: skip


def test_the_last_day_is_of_a_round_that_counts_and_no_later_than_asked(rows):
    assert undoing.last_day_until(rows.connection, TUESDAY) is None
    for day, undone in ((MONDAY, None), (date(2026, 3, 12), None), (TUESDAY, rows.undoing()), (WEDNESDAY, None)):
        ran(rows, "45", day, undone)
    assert undoing.last_day_until(rows.connection, TUESDAY) == MONDAY
    assert undoing.last_day_until(rows.connection, WEDNESDAY) == WEDNESDAY


def test_an_undoing_has_its_day_and_its_account_and_the_rounds_that_it_discounts(rows):
    assert undoing.last_undone_on(rows.connection, MONDAY) is None
    undoing.begin(rows.connection, TUESDAY, "sp1", FRIDAY, AT_NINE)
    first, second = (undoing.begin(rows.connection, MONDAY, "sp1", day, AT_NINE) for day in (WEDNESDAY, TUESDAY))
    assert undoing.last_undone_on(rows.connection, MONDAY) == WEDNESDAY
    undoing.keep_account(rows.connection, second, {"steps": 2})
    accounts = dict(rows.found(select(Undoing.id, Undoing.account)))
    assert (accounts[first], accounts[second]) == ({}, {"steps": 2})
    for force, day, undone in (("45", MONDAY, None), ("45", TUESDAY, None), ("46", TUESDAY, first)):
        ran(rows, force, day, undone)
    assert undoing.discount_rounds(rows.connection, second, MONDAY) == 1
    found = rows.found(select(Round.force_code, Round.day, Round.undoing_id))
    assert sorted(found, key=str) == [("45", MONDAY, None), ("45", TUESDAY, second), ("46", TUESDAY, first)]


def test_a_later_day_becomes_the_undoings_and_an_earlier_one_stays(rows):
    own = rows.source(OWN, None)
    for ref, given in (
        ("both", {"status_on": WEDNESDAY, "declassified_on": FRIDAY}), ("today", {"status_on": TUESDAY}),
        ("one", {"status_on": WEDNESDAY, "declassified_on": MONDAY, "projected_at": LATER}),
    ):  # fmt: skip
        rows.case_of(ref, **given)
    rows.contact("of1", first_seen_on=WEDNESDAY)
    key = rows.urn("45ZZ0000126")
    for ref, source in (
        ("sent", {}), ("changed-here", {"as_sent": {}}), ("own", {"source_id": own}),
        ("own-today", {"source_id": own, "raised_on": TUESDAY, "closed_on": None}),
    ):  # fmt: skip
        rows.action(ref, key, **{"raised_on": WEDNESDAY, "closed_on": FRIDAY} | source)
    rows.review("sent", key, WEDNESDAY)
    rows.review("own", key, WEDNESDAY, source_id=own)
    rows.review("gone", key, MONDAY, withdrawn_on=WEDNESDAY)
    for state in ("sent", "void"):
        rows.message("of1", key=state, state=state, sending_at=LATER, sent_at=AT_NINE - timedelta(hours=1))
    undoing.bring_back_days(rows.connection, TUESDAY, AT_NINE)
    cases = rows.found(select(Case.case_ref, Case.status_on, Case.declassified_on, Case.projected_at))
    assert sorted(cases) == [
        ("both", TUESDAY, TUESDAY, None), ("one", TUESDAY, MONDAY, AT_NINE), ("today", TUESDAY, None, None),
    ]  # fmt: skip
    assert rows.found(select(Contact.first_seen_on)) == [(TUESDAY,)]
    actions = rows.found(select(ActionRow.action_ref, ActionRow.raised_on, ActionRow.closed_on))
    assert sorted(actions) == [
        ("changed-here", TUESDAY, TUESDAY), ("own", TUESDAY, TUESDAY), ("own-today", TUESDAY, None),
        ("sent", WEDNESDAY, FRIDAY),
    ]  # fmt: skip
    reviews = rows.found(select(ReviewRow.review_ref, ReviewRow.held_on, ReviewRow.withdrawn_on))
    assert sorted(reviews) == [("gone", MONDAY, TUESDAY), ("own", TUESDAY, None), ("sent", WEDNESDAY, None)]
    messages = dict(rows.found(select(Message.key, Message.sending_at)))
    assert messages == {"sent": AT_NINE, "void": LATER}


def test_a_case_is_projected_again_that_those_rounds_projected_or_whose_obligations_or_places_they_changed(rows):
    refs = ("projected", "before", "began", "ended", "same", "convened", "left", "stays")
    done = {"projection": "failed", "failure": "x1", "projected_at": AT_NINE}
    cases = {ref: rows.case_of(ref, **done | ({"projected_at": LATER} if ref == "projected" else {})) for ref in refs}
    for ref, began, ended in (
        ("began", WEDNESDAY, None), ("ended", MONDAY, WEDNESDAY), ("same", TUESDAY, None), ("before", MONDAY, TUESDAY),
    ):  # fmt: skip
        rows.owes(cases[ref], TUESDAY, began_on=began, ended_on=ended, end_reason=ended and "met")
    sits = rows.sitting("sits", FRIDAY)
    for slot, (ref, convened, ended) in enumerate((
        ("convened", WEDNESDAY, None), ("left", MONDAY, WEDNESDAY), ("stays", TUESDAY, None),
        ("before", MONDAY, TUESDAY),
    )):  # fmt: skip
        rows.convening(cases[ref], sits, slot=slot, convened_on=convened, ended_on=ended, end=ended and "moved")
    undoing.project_again(rows.connection, TUESDAY, AT_NINE)
    changed = rows.found(select(Case.case_ref).where(Case.projection == "changed", Case.failure.is_(None)))
    assert {ref for (ref,) in changed} == {"projected", "began", "ended", "convened", "left"}


def test_every_live_obligation_is_climbed_today_and_everybody_is_looked_at(rows):
    over = {"ended_on": MONDAY, "end_reason": "met"}
    for case_id, (again, given) in enumerate(((FRIDAY, {}), (None, {}), (MONDAY, {}), (FRIDAY, over), (None, over))):
        rows.owes(case_id, TUESDAY, next_step_on=again, **given)
    for ref, changed in (("of1", False), ("of2", True)):
        rows.contact(ref, changed=changed)
        rows.absence(ref, MONDAY, FRIDAY, changed=changed)
    undoing.climb_again(rows.connection, TUESDAY)
    found = rows.found(select(Obligation.next_step_on).order_by(Obligation.case_id))
    assert [again for (again,) in found] == [TUESDAY, TUESDAY, MONDAY, FRIDAY, None]
    for table in (Contact, Absence):
        assert rows.found(select(table.contact_ref).where(table.changed.is_(False))) == []


def test_the_switches_of_the_standing_and_of_the_first_mailed_round_are_those_of_what_remains(rows):
    rows.switch("standing", "2026-03-18")
    for day, given in (
        (date(2026, 3, 9), {}), (date(2026, 3, 2), {}), (MONDAY, {"state": "void"}), (MONDAY, {"standing": False}),
        (MONDAY, {"kind": "at_once"}),
    ):  # fmt: skip
        rows.message("of1", **{"day": day, "standing": True, "state": "sent"} | given)
    rows.switch("gaps", "2026-03-18")
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    values = select(Switch.name, Switch.value)
    assert dict(rows.found(values)) == {"standing": "2026-03-09", "gaps": "2026-03-18"}
    rows.connection.execute(update(Switch).where(Switch.name == "standing").values(value="2026-03-17"))
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    assert dict(rows.found(values))["standing"] == "2026-03-17"


def test_a_standing_that_no_message_has_was_never_said(rows):
    rows.switch("standing", "2026-03-18")
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    assert rows.found(select(Switch.value)) == [("",)]


@pytest.mark.parametrize(
    ("state", "at", "stays"),
    [("sent", LATER, True), ("unknown", LATER, True), ("sending", LATER, True), ("queued", LATER, False),
     ("queued", AT_NINE, True)],
)  # fmt: skip
def test_a_first_mailed_round_was_none_where_nothing_was_sent(rows, state, at, stays):
    rows.switch("mailed")
    rows.switch("policy")
    rows.connection.execute(update(Switch).values(set_at=at))
    rows.message("of1", state=state)
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    assert rows.switches() == (["mailed", "policy"] if stays else ["policy"])


def test_what_those_rounds_learnt_of_carriers_and_told_operations_is_forgotten_and_the_spocs_stay(rows):
    names = ("paused:email", "coverage", "daily", "daily:45", "spocs:45", "held")
    for name in names:
        rows.switch(name)
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    assert rows.switches() == sorted(names)
    rows.connection.execute(update(Switch).values(set_at=LATER))
    earlier = AT_NINE - timedelta(days=1)
    rows.add(Switch, name="spocs:46", value="", set_by="casebeat", set_at=earlier)
    undoing.restore_switches(rows.connection, TUESDAY, AT_NINE)
    found = dict(rows.found(select(Switch.name, Switch.set_at)))
    assert found == {"held": LATER, "spocs:45": AT_NINE, "spocs:46": earlier}
