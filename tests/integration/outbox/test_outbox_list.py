"""The report to operations on undelivered messages: whether all of their content went by another channel."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text

from config.routes import Channel
from config.terms import State
from models.queries.outbox import outbox_list
from models.queries.outbox.outbox_list import UntoldMessage
from tests.worlds.rows import AT_NINE, World

KEY = "letter:P45of1:email:2026-03-17"
ABOUT = ("45/SAMPLE-1 joint-review critical",)


class Dead:
    """A dead digest by e-mail about one step, which may have gone by another channel too."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.world = connection, World(connection)
        self.world.contact("P45of1")
        self.obligation = self.world.critical(self.world.case("SAMPLE-1"))
        self.message = self.world.message("P45of1", key=KEY, state=State.DEAD, reason="550 at RCPT")
        self.world.notification(self.obligation, self.message, "P45of1", state=State.DEAD)

    def also(self, **given: object) -> None:
        """Send it by Slack too, with the given differences."""
        said = {"channel": Channel.SLACK, "state": State.SENT, **given}
        self.world.notification(self.obligation, None, str(said.pop("ref", "P45of1")), **said)

    def told(self) -> list[UntoldMessage]:
        return outbox_list.untold(self.connection, AT_NINE)


@pytest.fixture
def dead(connection: Connection) -> Dead:
    return Dead(connection)


def test_what_was_said_nowhere_else_is_told_with_what_it_was_about(dead: Dead) -> None:
    assert dead.told() == [UntoldMessage(KEY, State.DEAD, "550 at RCPT", elsewhere=False, about=ABOUT)]


@pytest.mark.parametrize("state", [State.SENT, State.QUEUED, State.RETRY])
def test_what_was_said_or_waits_on_another_channel_is_elsewhere(dead: Dead, state: State) -> None:
    dead.also(state=state)
    assert [(one.elsewhere, one.about) for one in dead.told()] == [(True, ())]


@pytest.mark.parametrize(
    "given",
    [
        {"occasion": "handed over"},
        {"step": 2, "step_name": "overdue"},
        {"ref": "P45of2"},
        {"state": State.DEAD},
        {"state": State.SILENT},
    ],
)
def test_what_was_said_of_something_else_or_to_another_or_not_at_all_is_not_elsewhere(
    dead: Dead, given: dict[str, object]
) -> None:
    dead.world.contact("P45of2")
    dead.also(**given)
    assert [(one.elsewhere, one.about) for one in dead.told()] == [(False, ABOUT)]


def test_of_two_steps_of_which_one_was_said_the_other_is_named(dead: Dead) -> None:
    dead.also()
    other = dead.world.critical(dead.world.case("SAMPLE-2", restricted=True))
    dead.world.notification(other, dead.message, "P45of1", state=State.DEAD)
    assert [(one.elsewhere, one.about) for one in dead.told()] == [
        (False, ("a restricted case joint-review critical",))
    ]


def test_a_case_from_which_somebody_is_barred_is_not_named(dead: Dead) -> None:
    dead.connection.execute(text("update cases set barred_refs = '{P9}'"))
    (found,) = dead.told()
    assert found.about == ("a case from which somebody is barred joint-review critical",)


def test_each_is_told_once_and_what_is_unknown_after_an_hour(dead: Dead) -> None:
    for key, minutes in (("soon", 60), ("late", 61)):
        dead.world.message(
            "P45of1", key=key, state=State.UNKNOWN, day=date(2026, 3, 16), reason="no answer",
            sending_at=AT_NINE - timedelta(minutes=minutes),
        )  # fmt: skip
    dead.world.message(None, key="undelivered:1", state=State.DEAD)
    assert [one.key for one in dead.told()] == [KEY, "late"]
    assert dead.told() == []
    assert dead.connection.scalars(text("select key from messages where not told")).all() == ["soon"]
