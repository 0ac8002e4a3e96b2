"""A made-up third carrier: a channel is one folder, one name, settings and templates.

The pigeon post carries what goes by every channel that reaches people, in the words of the letters' plain text. Its
loft stands for the far end: it keeps notes by pigeonhole, and loses, refuses or closes as a test asks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

import config.settings
from config.days.london import at_london
from config.message_kinds import Reach, reaching
from config.routes import CarrierSettings, Route
from config.settings import Settings
from config.terms import State
from flows.configured import configured
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers import registry
from tasks.carriers.carrier import Answer, Down, Reading
from tasks.carriers.registry import Registered
from tasks.messages.composing import ComposedMessage
from tasks.messages.rendering import render
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tasks.outbox.sending import DeliveryCounts
from tasks.servers import database as databases
from tests.support.post import RawServer
from tests.worlds.days import day
from tests.worlds.messages import tell_operations
from tests.worlds.one_case import OneCase

PIGEON = "pigeon"
OPERATIONS = "hole-0"
CRITICAL = "Thu 19 Mar 2026"  # the third step of the action A1: to its owner, supervisor and SPOC


class PigeonPost(CarrierSettings):
    """The settings of the pigeon post: off until it has a loft."""

    loft: str = ""
    operations: str = ""

    @property
    def route(self) -> Route:
        kinds = reaching(Reach.PERSONS)
        on = bool(self.loft)
        return Route(
            PIGEON, "The pigeon post", on=on, address="pigeonhole", kinds=kinds, operations=bool(self.operations)
        )


class PigeonSettings(Settings):
    """The settings of an installation that keeps pigeons."""

    pigeon: PigeonPost = PigeonPost()


@dataclass
class Loft:
    """The far end. `plan` holds what happens to the next flights: "lost" before or "late" after the note arrives."""

    holes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # keys and texts by pigeonhole
    plan: list[str] = field(default_factory=list)
    walled_up: set[str] = field(default_factory=set)
    open: bool = True
    forgotten: list[str] = field(default_factory=list)
    refreshed: int = 0
    closed: int = 0

    def notes(self, hole: str) -> list[str]:
        return [note for _, note in self.holes.get(hole, [])]


class PigeonCarrier:
    """The carrier, as a folder of tasks/carriers would hold it."""

    channel = PIGEON
    searchable = True

    def __init__(self, loft: Loft, chosen: Settings) -> None:
        self._loft, self._settings = loft, chosen

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> Reading:
        del claimed
        return partial(Notes, self._settings)

    def rest(self) -> float:
        return 0.0

    def ready(self) -> None:
        if not self._loft.open:
            raise Down("the loft is shut")

    def send(self, to: str, body: bytes, key: str) -> Answer:
        if to in self._loft.walled_up:
            return Answer(State.DEAD, "the pigeonhole is walled up")
        flight = self._loft.plan.pop(0) if self._loft.plan else ""
        if flight != "lost":
            self._loft.holes.setdefault(to, []).append((key, body.decode()))
        return Answer(State.UNKNOWN, "the pigeon is not back") if flight else Answer(State.SENT, "", f"{to}:{key}")

    def takes(self, to: str) -> bool:
        """Return true: nobody is refused here for another's fault."""
        del to
        return True

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        del body, sending_at
        found = any(known == key for known, _ in self._loft.holes.get(to, []))
        return Answer(State.SENT, "found", f"{to}:{key}") if found else Answer(State.RETRY, "never arrived")

    def forget(self, connection: Connection, to: str) -> None:
        del connection
        self._loft.forgotten.append(to)

    def refresh(self) -> None:
        self._loft.refreshed += 1

    def close(self) -> None:
        self._loft.closed += 1


class Notes:
    """One batch of notes: the readers' pigeonholes, and the plain text of the letter."""

    def __init__(self, chosen: Settings, connection: Connection, claimed: Sequence[ClaimedMessage]) -> None:
        assert isinstance(chosen, PigeonSettings)
        self._operations = chosen.pigeon.operations
        refs = [held.contact_ref for held in claimed]
        found = connection.execute(
            text("select contact_ref, pigeonhole from contacts where contact_ref = any(:refs)"), {"refs": refs}
        )
        self._holes = {ref: hole for ref, hole in found if hole}

    def compose(self, held: ClaimedMessage) -> None:
        """Leave every kind to the composers of all channels."""

    def address(self, composed: ComposedMessage) -> str | Answer:
        ref = composed.held.contact_ref
        to = self._operations if ref is None else self._holes.get(ref)
        return to or Answer(State.SILENT, "has no pigeonhole")

    def body(self, composed: ComposedMessage, to: str) -> bytes:
        del to
        assert composed.context is not None
        return render(composed.held.kind, composed.context).text.encode()


@dataclass
class Post:
    """A book, a mail server, a loft, and the settings that join them."""

    case: OneCase
    mail: RawServer
    loft: Loft

    def live(self, on: str = CRITICAL) -> DeliveryCounts:
        for each in ("Mon 2 Mar 2026", on):
            self.case.round(each)
        digests.group(configured(), day(on), at_london(day(on)))
        return self.deliver()

    def deliver(self, on: str = CRITICAL, *, minutes: int = 0) -> DeliveryCounts:
        if minutes:  # the time until a note shows, by the database's clock
            self.case.say("update messages set lease_until = now() - interval '1 second' where state = 'unknown'")
        return deliver(configured(), at_london(day(on)) + timedelta(minutes=minutes))

    def states(self, channel: str = PIGEON) -> list[Any]:
        return self.case.ask(
            f"""select contact_ref, state from messages
                where channel = '{channel}' and contact_ref is not null order by 1"""
        )

    def to_operations(self) -> str:
        """The letters to operations, one after another."""
        return "\n".join(each.decode() for each in self.mail.accepted if b"To: Casebeat operations" in each)


@pytest.fixture
def post(database: Engine, run_cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    loft = Loft()
    monkeypatch.setattr(config.settings, "Settings", PigeonSettings)
    build = Registered(lambda chosen, _database, _as_of: PigeonCarrier(loft, chosen.settings))
    monkeypatch.setitem(registry.CARRIERS, PIGEON, build)
    owner = databases.owner_engine()
    with owner.begin() as connection:
        connection.execute(text("alter table contacts add column pigeonhole text"))
    owner.dispose()
    with RawServer() as server:
        for name, value in {
            "PIGEON__LOFT": "here", "PIGEON__OPERATIONS": OPERATIONS, "MAIL__HOST": "127.0.0.1",
            "MAIL__PORT": str(server.port), "MAIL__OPERATIONS": "ops@surrey.police.uk",
        }.items():  # fmt: skip
            monkeypatch.setenv(f"CASEBEAT_{name}", value)
        case = OneCase(database, run_cli)
        case.say("update contacts set pigeonhole = 'hole-' || contact_ref where contact_ref in ('P1', 'SP1')")
        yield Post(case, server, loft)


def test_a_step_flies_to_each_reader_who_has_a_pigeonhole_and_is_mailed_to_all(post: Post) -> None:
    delivered = post.live()
    assert set(delivered.counts) == {State.SENT}
    told = post.case.ask("select distinct contact_ref from notifications where channel = 'pigeon' order by 1")
    assert told == ["P1", "SP1"]
    assert post.states() == [("P1", "sent"), ("SP1", "sent")]
    assert {"P1", "S1", "SP1"} <= {ref for ref, _ in post.states("email")}
    (note,) = post.loft.notes("hole-P1")
    assert "45/1234" in note
    assert post.deliver(minutes=5).counts == {}
    assert (post.loft.refreshed, post.loft.closed) == (2, 2)


def test_the_weekly_overview_flies_too(post: Post) -> None:
    post.case.round("Mon 2 Mar 2026")
    digests.group(configured(), day("Mon 16 Mar 2026"), at_london(day("Mon 16 Mar 2026")))
    assert ("SP1", "pigeon") in post.case.ask("select contact_ref, channel from messages where standing")


def test_a_restricted_case_is_never_named_on_it(post: Post) -> None:
    post.live()
    post.case.say("update messages set state = 'queued' where channel = 'pigeon'")
    post.case.say("update cases set restricted = true")
    post.loft.holes.clear()
    post.deliver(minutes=5)
    assert post.loft.notes("hole-P1") == []
    assert post.case.ask("select distinct reason from notifications where channel = 'pigeon'") == [
        "restricted: never by The pigeon post"
    ]


def test_who_has_a_pigeonhole_and_no_e_mail_is_told_by_pigeon_alone(post: Post) -> None:
    post.case.say("update contacts set email = '' where contact_ref = 'P1'")
    post.live()
    assert post.states() == [("P1", "sent"), ("SP1", "sent")]
    assert "45/1234" in post.loft.notes("hole-P1")[0]


def test_operations_read_on_it_what_they_are_mailed(post: Post) -> None:
    tell_operations("daily:1", "412 of 412\nforce 45", day(CRITICAL))
    assert post.deliver().counts == {State.SENT: 2}
    (note,) = post.loft.notes(OPERATIONS)
    assert "412 of 412" in note


def test_a_refused_note_is_dead_and_its_address_forgotten_while_the_mail_says_the_same(post: Post) -> None:
    post.loft.walled_up.add("hole-P1")
    delivered = post.live()
    assert delivered.counts[State.DEAD] == 1
    assert (post.states(), post.loft.forgotten) == ([("P1", "dead"), ("SP1", "sent")], ["hole-P1"])
    assert ("P1", "sent") in post.states("email")
    post.deliver(minutes=5)
    assert "the pigeonhole is walled up" in post.to_operations()
    assert "All of it is said on another channel." in post.to_operations()
    assert any("the pigeonhole is walled up" in note for note in post.loft.notes(OPERATIONS))


def test_a_shut_loft_rests_while_mail_goes_on_and_operations_hear_by_mail(post: Post) -> None:
    post.loft.open = False
    delivered = post.live()
    assert delivered.down == {PIGEON: "the loft is shut"}
    assert post.states() == [("P1", "queued"), ("SP1", "queued")]
    assert ("P1", "sent") in post.states("email")
    assert "The pigeon post cannot be used" in post.to_operations()
    assert ": the loft is shut." in post.to_operations()
    assert "The pigeon post cannot be used since" in post.case.cli("outbox").out
    assert post.case.ask("select max(attempts) from messages where channel = 'pigeon'") == [0]
    post.loft.open = True
    post.deliver(minutes=60)
    assert post.states() == [("P1", "sent"), ("SP1", "sent")]
    assert "cannot be used" not in "".join(post.loft.notes(OPERATIONS))


def test_operations_hear_by_pigeon_where_the_mail_server_is_away(post: Post) -> None:
    post.mail.at, post.mail.what = "banner", "drop"
    delivered = post.live()
    assert set(delivered.down) == {"email"}
    assert post.states() == [("P1", "sent"), ("SP1", "sent")]
    assert "The mail server cannot be used" in post.loft.notes(OPERATIONS)[0]


@pytest.mark.parametrize("flight", ["lost", "late"])
def test_a_note_that_nobody_answered_for_is_looked_for_and_arrives_once(post: Post, flight: str) -> None:
    post.loft.plan.append(flight)
    delivered = post.live()
    assert delivered.counts[State.UNKNOWN] == 1
    assert post.deliver().counts == {}  # it may not show yet
    assert post.deliver(minutes=10).counts == {State.SENT: 1}
    assert post.states() == [("P1", "sent"), ("SP1", "sent")]
    assert [len(post.loft.notes(f"hole-{ref}")) for ref in ("P1", "SP1")] == [1, 1]


def test_a_note_whose_world_changed_since_it_was_written_is_written_anew(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.case.action("A2")
    send = PigeonCarrier.send

    def slowly(carrier: PigeonCarrier, to: str, body: bytes, key: str) -> Answer:
        post.case.say("update cases set restricted = true")
        return send(carrier, to, body, key)

    monkeypatch.setattr(PigeonCarrier, "send", slowly)
    post.live()
    assert sorted(state for _, state in post.states()) == ["sent", "silent"]


def test_notes_fall_silent_where_the_pigeon_post_is_given_up(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.loft.open = False
    post.live()
    monkeypatch.delenv("CASEBEAT_PIGEON__LOFT")
    post.deliver(minutes=60)
    assert post.states() == [("P1", "silent"), ("SP1", "silent")]
    assert "pigeon is not set up" in post.case.ask("select reason from messages where channel = 'pigeon'")
