"""What people were told of and is still owed, as a digest begins with it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from config.terms import Happening, State
from models.queries.obligations import obligation_views
from tests.worlds.one_case import OneCase
from tests.worlds.rows import TUESDAY, World


def still_open(connection: Connection, *refs: str) -> dict[str, list[str | None]]:
    """By person: the cases that are still owed."""
    found = obligation_views.still_open(connection, refs)
    return {ref: [one.matter.case_ref for one in told] for ref, told in found.items()}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.SENT, True), (State.SHOWN, True), (State.UNKNOWN, True), (State.QUEUED, False), (State.RETRY, False),
        (State.SILENT, False), (State.DEAD, False),
    ],
)  # fmt: skip
def test_only_what_was_said_or_may_have_been_was_told(connection: Connection, state: State, told: bool) -> None:
    world = World(connection)
    world.contact("P45of1")
    world.notification(world.critical(world.case("S-1")), None, "P45of1", state=state)
    assert still_open(connection, "P45of1") == ({"P45of1": ["S-1"]} if told else {})


def test_each_obligation_is_named_once_and_neither_an_end_nor_what_has_ended(connection: Connection) -> None:
    world = World(connection)
    world.contact("P45of1")
    world.contact("P45of2")
    first, second, third = (world.critical(world.case(ref)) for ref in ("S-1", "S-2", "S-3"))
    for occasion in ("", "handed over"):
        world.notification(first, None, "P45of1", state=State.SENT, occasion=occasion)
    world.notification(second, None, "P45of1", state=State.SENT, happening=Happening.RESOLVED)
    world.notification(third, None, "P45of1", state=State.SENT)
    world.notification(third, None, "P45of2", state=State.SENT)
    connection.execute(
        text("update obligations set ended_on = '2026-03-17', end_reason = 'met' where id = :id"), {"id": third}
    )
    assert still_open(connection, "P45of1", "P45of2") == {"P45of1": ["S-1"]}


def test_what_was_told_before_its_day_moved_is_still_owed(connection: Connection) -> None:
    world = World(connection)
    world.contact("P45of1")
    case_id = world.case("S-1")
    world.notification(world.critical(case_id, ended_on=TUESDAY, end_reason="moved"), None, "P45of1", state=State.SENT)
    moved = world.critical(case_id, version=2)
    (told,) = obligation_views.still_open(connection, ["P45of1"])["P45of1"]
    assert told.matter.obligation_id == moved
    connection.execute(text("update obligations set chain_from = 2 where id = :id"), {"id": moved})
    assert still_open(connection, "P45of1") == {}, "it began again after it was met"


LIVE = """select distinct n.live from notifications n join obligations o on o.id = n.obligation_id
          where o.rule = 'action' and n.happening = 'step' and n.state <> 'void'"""


@pytest.fixture
def book(database: Engine, run_cli: Callable[..., Any]) -> OneCase:
    """A case whose action is critically overdue, and was told of."""
    made = OneCase(database, run_cli)
    made.rounds("Mon 2 Mar 2026", "Wed 25 Mar 2026")
    made.say("update notifications set state = 'sent'")
    assert made.ask(LIVE) == [True]
    return made


def test_what_was_met_is_not_read_any_more_nor_is_the_word_of_its_end(book: OneCase) -> None:
    book.say("update actions set status = 'done', closed_on = '2026-03-25'")
    book.changed()
    book.round("Thu 26 Mar 2026")
    assert book.ask(LIVE) == [False]
    assert book.ask("select distinct live from notifications where happening = 'resolved'") == [False]


def test_what_moves_is_read_still_until_it_is_met(book: OneCase) -> None:
    book.say("update actions set due_on = '2026-03-18'")
    book.changed()
    book.round("Thu 26 Mar 2026")
    assert book.ask("select version from obligations where rule = 'action' and ended_on is null") == [2]
    assert book.ask(LIVE) == [True]
    book.say("update actions set status = 'done', closed_on = '2026-03-26'")
    book.changed()
    book.round("Fri 27 Mar 2026")
    assert book.ask(LIVE) == [False]


def test_what_is_owed_again_within_a_week_is_read_again(book: OneCase) -> None:
    book.say("update cases set finalised_on = '2026-03-26', finalised_reason = 'administrative'")
    book.changed()
    book.round("Thu 26 Mar 2026")
    assert book.ask(LIVE) == [False]
    book.say("update cases set finalised_on = null, finalised_reason = null")
    book.changed()
    book.round("Mon 30 Mar 2026")
    assert book.ask(LIVE) == [True]


def test_what_ended_in_a_round_that_is_undone_is_read_again(book: OneCase) -> None:
    book.say("update actions set status = 'done', closed_on = '2026-03-25'")
    book.changed()
    book.round("Mon 1 Mar 2027")
    assert book.ask(LIVE) == [False]
    undone = book.cli("undo-rounds", "--after", "2026-03-25", "--by", "L1", "--as-of", "2026-03-26")
    assert undone.code == 0, undone.err
    assert book.ask(LIVE) == [True]


def test_what_a_delivery_is_settling_is_passed_over_and_nobody_waits(book: OneCase, database: Engine) -> None:
    book.say("update actions set status = 'done', closed_on = '2026-03-25'")
    book.changed()
    with database.begin() as settling:
        settling.execute(text("update notifications set reason = 'being settled'"))
        book.round("Thu 26 Mar 2026")
    assert book.ask(LIVE) == [True]
    with database.begin() as connection:
        told = obligation_views.still_open(connection, ["P1"]).get("P1", [])
    assert "action" not in {one.matter.rule for one in told}
