"""The statements about paused carriers: each is one switch, in the order of their names."""

from datetime import timedelta

from models.queries.outbox import circuit_breakers
from models.queries.outbox.circuit_breakers import Pause
from tests.worlds.rows import AT_NINE


def pause(channel: str, tries: int = 1) -> Pause:
    return Pause(channel, "refused", AT_NINE, AT_NINE, AT_NINE + timedelta(minutes=5), tries)


def test_pauses_are_by_name_and_each_is_prolonged_and_ended_by_itself(rows):
    for channel in ("teams", "email", "slack"):
        assert circuit_breakers.begin(rows.connection, pause(channel))
    assert not circuit_breakers.begin(rows.connection, pause("slack", 9))
    rows.switch("held")
    assert [one.channel for one in circuit_breakers.pauses(rows.connection)] == ["email", "slack", "teams"]
    circuit_breakers.prolong(rows.connection, pause("slack", 2))
    assert [one.tries for one in circuit_breakers.pauses(rows.connection)] == [1, 2, 1]
    assert circuit_breakers.pause(rows.connection, "slack") == pause("slack", 2)
    assert circuit_breakers.pause(rows.connection, "fax") is None
    assert circuit_breakers.end(rows.connection, "slack")
    assert not circuit_breakers.end(rows.connection, "slack")
    assert [one.channel for one in circuit_breakers.pauses(rows.connection)] == ["email", "teams"]
