"""What people were told of and is still owed, as a digest begins with it."""

import pytest
from sqlalchemy import Connection, text

from config.terms import Happening, State
from models.queries.obligations import obligation_views
from tests.integration.outbox_world import World


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
