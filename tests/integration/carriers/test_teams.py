"""Cards in the Teams channel of a force or Area: each at most once, whatever becomes of the answer."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from config.settings import settings
from config.terms import State
from flows.configured import configured
from tasks.carriers.teams import carrier
from tasks.network.one_request import request
from tasks.network.wire import Limits
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tasks.outbox.sending import DeliveryCounts
from tests.support.post import certificate, free_port
from tests.support.slack_stand_in import SlackStandIn
from tests.support.teams_stand_in import Fault, TeamsStandIn, teams_stand_in
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase
from tests.worlds.slack import PLACES, put_slack

CRITICAL, LEAD, END = "Thu 19 Mar 2026", "Fri 27 Mar 2026", "Mon 30 Mar 2026"
A1 = "45/45/1234: Outstanding action (A1)"


class Book:
    """One case with its simulated days: a round, the grouping, and a delivery; in Teams, and in the Maildir."""

    def __init__(self, case: OneCase, teams: TeamsStandIn) -> None:
        self.case, self.teams = case, teams

    def live(self, on: str) -> DeliveryCounts:
        self.case.round(on)
        digests.group(configured(), day(on), at_london(day(on)))
        return self.deliver(on)

    def deliver(self, on: str, minutes: int = 0) -> DeliveryCounts:
        return deliver(configured(), at_london(day(on)) + timedelta(minutes=minutes))

    def done(self) -> None:
        self.case.say("update actions set status = 'done', closed_on = '2026-03-30'")
        self.case.changed()

    def firsts(self, flow: str = "surrey") -> list[str]:
        """The first line of each card."""
        return [lines[0] for lines in self.teams.texts(flow)]

    def states(self) -> list[tuple[str, str, str]]:
        return self.case.ask("select kind, state, reason from messages where channel = 'teams' order by id")

    def one(self, kind: str = "thread", place: str = "45") -> tuple[str, str]:
        """The state of the first message of a place, and its reason."""
        (found,) = self.case.ask(
            f"""select m.state, m.reason from messages m join threads t on t.message_id = m.id
                where m.channel = 'teams' and m.kind = '{kind}' and t.place = '{place}'"""
        )
        return tuple(found)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


def place(monkeypatch: pytest.MonkeyPatch, **flows: str) -> None:
    channels = {name.replace("_", " ").removeprefix("at "): url for name, url in flows.items()}
    monkeypatch.setenv("CASEBEAT_TEAMS__CHANNELS", json.dumps(channels))
    monkeypatch.setenv("CASEBEAT_TEAMS__STAND_IN", "yes")


@pytest.fixture
def book(database: Engine, run_cli, monkeypatch, tls) -> Iterator[Book]:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    with teams_stand_in(*tls) as teams:
        place(monkeypatch, at_45=teams.url("surrey"), South_East=teams.url("area"))
        yield Book(OneCase(database, run_cli), teams)


def test_a_case_has_a_first_card_and_one_for_each_later_step_and_its_end(book: Book) -> None:
    book.live(CRITICAL)
    (first,) = book.teams.texts("surrey")
    assert first[0].startswith("45/45/1234: ")
    assert "Outstanding action (A1), owed by police: critically overdue since Thu 19 Mar 2026" in first
    assert ("post", "silent", "its case's first card says it") in book.states()
    book.live(LEAD)
    assert f"{A1}: notice to the lead" in book.firsts()
    assert any(line.startswith("45/45/1234: ") for line in book.firsts("area"))
    book.done()
    book.live(END)
    assert f"{A1}: ended: the action was done (Mon 30 Mar)" in book.firsts()
    before = dict(book.teams.cards)
    assert book.deliver(END, 5).counts == {}
    assert book.teams.cards == before


def test_people_are_written_to_by_mail_alone(book: Book) -> None:
    book.live(CRITICAL)
    assert book.case.ask("select distinct kind from messages where channel = 'teams' order by 1") == ["post", "thread"]
    assert book.case.ask("select distinct channel from notifications") == ["email"]


@pytest.mark.parametrize("change", ["restricted = true", "barred_refs = '{P9}'"])
def test_a_case_that_somebody_is_kept_from_is_never_in_a_shared_channel(book: Book, change: str) -> None:
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.case.say(f"update cases set {change}")
    book.case.changed()
    book.deliver(CRITICAL)
    assert book.teams.cards == {}
    assert {state for _, state, _ in book.states()} == {"silent"}
    book.live(LEAD)
    assert book.teams.cards == {}


@pytest.mark.parametrize(
    ("fault", "posted"),
    [row("cut before", Fault.LOST, 0), row("cut after", Fault.LATE, 1), row("a hang", Fault.HANG, 1),
     row("a fault after", Fault.BROKEN, 1)],
)  # fmt: skip
def test_a_card_whose_answer_is_lost_is_never_posted_again_and_operations_are_told(
    book: Book, monkeypatch, fault: Fault, posted: int
) -> None:
    def hurried(method, url, headers, body, *, proxy):
        return request(method, url, headers, body, Limits(exchange=0.5), proxy)

    monkeypatch.setattr(carrier, "request", hurried)
    place(monkeypatch, at_45=book.teams.url("surrey"))
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.teams.faults.append(fault)
    book.deliver(CRITICAL)
    assert book.one()[0] == State.UNKNOWN
    book.deliver(CRITICAL, 5)
    assert book.one() == (
        State.DEAD,
        "nobody knows whether it was posted: look at the channel, and requeue it where it is missing",
    )
    for minutes in (10, 120):
        book.deliver(CRITICAL, minutes)
    assert len(book.teams.cards.get("surrey", [])) == posted
    notes = book.case.ask("select text from messages where contact_ref is null and kind = 'operations'")
    assert any("nobody knows whether it was posted" in note for note in notes)
    assert book.case.cli("outbox", "--requeue", "thread:teams:1:45").code == 0
    book.case.say("update messages set due_at = '2026-03-19' where kind = 'thread'")
    book.deliver(CRITICAL, 130)
    assert len(book.teams.cards["surrey"]) == posted + 1


def test_a_worker_that_died_while_it_posted_leaves_a_card_that_nobody_repeats(book: Book) -> None:
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    book.case.say(
        """update messages set state = 'sending', lease_token = gen_random_uuid(), lease_until = now() - interval '1 s',
                  attempts = 1, sending_at = now(), body = '{}' where channel = 'teams' and kind = 'thread'"""
    )
    for minutes in (0, 5, 10):
        book.deliver(CRITICAL, minutes)
    assert book.one()[0] == State.DEAD
    assert book.teams.cards == {}


def test_a_busy_flow_gets_its_card_after_the_wait_that_it_asks_for(book: Book, monkeypatch) -> None:
    place(monkeypatch, at_45=book.teams.url("surrey"))
    book.teams.faults.append(Fault.BUSY)
    book.live(CRITICAL)
    assert book.one() == (State.RETRY, "the flow has too much to do (429)")
    book.deliver(CRITICAL, 1)
    assert book.teams.cards == {}
    book.deliver(CRITICAL, 3)
    assert len(book.teams.cards["surrey"]) == 1


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        row("a flow that is gone", "gone", "no flow has this address any more"),
        row("a signature that was changed", "changed", "the flow refused its address"),
    ],
)
def test_a_place_whose_flow_refuses_stops_no_other_and_says_what_to_do(book: Book, monkeypatch, broken, reason) -> None:
    if broken == "changed":
        place(monkeypatch, at_45=book.teams.url("surrey", "old"), South_East=book.teams.url("area"))
    book.teams.gone = {"surrey"} if broken == "gone" else set()
    book.case.round(CRITICAL)
    book.live(LEAD)
    assert book.one()[0] == State.DEAD
    assert reason in book.one()[1]
    assert "SECRETIVE" not in str(book.states())
    assert len(book.teams.cards["area"]) == 1


def test_a_redirect_is_not_followed(book: Book, monkeypatch) -> None:
    place(monkeypatch, at_45=book.teams.url("surrey"))
    book.teams.faults.append(Fault.MOVED)
    book.live(CRITICAL)
    assert book.one() == (State.DEAD, "the flow refused the request (302)")
    assert book.teams.cards == {}


def test_a_host_that_is_away_is_tried_again_and_stops_no_other_place(book: Book, monkeypatch) -> None:
    away = TeamsStandIn(port=free_port())
    place(monkeypatch, at_45=away.url("surrey"), South_East=book.teams.url("area"))
    book.case.round(CRITICAL)
    book.live(LEAD)
    assert book.one() == (State.RETRY, "the flow's host cannot be reached (ConnectionRefusedError)")
    assert len(book.teams.cards["area"]) == 1
    assert book.deliver(LEAD).down == {}


def test_a_host_that_is_not_trusted_gets_nothing(book: Book, monkeypatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    book.live(CRITICAL)
    assert book.one() == (State.RETRY, "the flow's host cannot be reached (its certificate is not trusted)")
    assert book.teams.cards == {}


def test_a_place_without_a_flow_any_more_is_silent(book: Book, monkeypatch) -> None:
    book.case.round(CRITICAL)
    digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
    place(monkeypatch, South_East=book.teams.url("area"))
    book.deliver(CRITICAL)
    assert book.one() == (State.SILENT, "its place has no flow any more")


def test_slack_and_teams_have_threads_of_their_own(book: Book, monkeypatch) -> None:
    with SlackStandIn() as slack:
        put_slack(monkeypatch, slack)
        book.case.round(CRITICAL)
        digests.group(configured(), day(CRITICAL), at_london(day(CRITICAL)))
        book.deliver(CRITICAL)
        assert len([post for post in slack.posts(PLACES["45"]) if "thread_ts" not in post]) == 1
    assert len(book.teams.cards["surrey"]) == 1
    keys = book.case.ask("select key from messages where kind = 'thread' and key like '%45' order by 1")
    assert keys == ["thread:1:45", "thread:teams:1:45"]


def test_no_address_of_a_flow_is_in_a_row_a_log_or_a_sentence(book: Book, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    book.teams.faults.append(Fault.LOST)
    told = book.live(CRITICAL)
    rows = [
        str(book.case.ask(f"select x::text from {table} x"))
        for table in ("messages", "audit", "threads", "notifications")
    ]
    for secret in (book.teams.secret, "/workflows/", f":{book.teams.port}"):
        assert secret not in " ".join([caplog.text, repr(told), repr(settings()), *rows])
