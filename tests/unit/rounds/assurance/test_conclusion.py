"""The end of an audit: the heartbeat, what is kept, and what operations are written."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from flows.configured import configured
from models.queries.outbox import outbox
from models.rules.rounds.telling import Finding
from tasks.platform import told
from tasks.rounds.assurance import conclusion, kept_audit
from tasks.rounds.assurance.conclusion import Assured
from tasks.rounds.assurance.kept_audit import KeptAudit

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
FIVE = timedelta(minutes=5)
CASES, WORKER = Finding("cases:45", "2 cases"), Finding("worker", "gone", passing=True)


class World:
    """What is kept of the last audit, the heartbeats that were sent, and what was written and left."""

    def __init__(self):
        self.switches, self.beats, self.refused, self.written, self.left = {}, 0, None, [], []
        self.taken, self.unseen = 1, 0

    def put(self, _, name, value, __):
        self.switches[name] = value

    @property
    def switch(self):
        return self.switches.get("assurance")

    def send(self):
        self.beats += 1
        return self.refused

    def operations(self, _, key, __, text, *___):
        self.written.append((key, text))
        return self.taken

    def conclude(self, *findings, at=AT, paused=False):
        return conclusion.conclude(configured(), findings, at, paused=paused)

    def kept(self):
        return kept_audit.read(None)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setenv("CASEBEAT_HEARTBEAT__URL", "https://health.example/path")
    made = World()
    put = monkeypatch.setattr
    put(conclusion, "transaction", nullcontext)
    put("models.queries.rounds.assurance.alone", lambda _: None)
    put("models.queries.rounds.unseen.number", lambda _: made.unseen)
    put("models.queries.rounds.rounds.switch", lambda _, name: made.switches.get(name))
    put("models.queries.rounds.rounds.set_switch", made.put)
    put("tasks.rounds.assurance.conclusion.send_heartbeat", lambda _: made.send())
    put("models.queries.outbox.digests.operations", made.operations)
    put(conclusion, "deliver", lambda _, at, *, alarms_only: made.left.append((at, alarms_only)))
    return made


def test_while_all_is_well_a_heartbeat_is_sent_and_nothing_written(world):
    found = world.conclude()
    assert (found, found.message) == (Assured((), AT), conclusion.WELL)
    assert (world.beats, world.written, world.left) == (1, [], [])
    assert world.kept() == KeptAudit(AT, (), (), AT)


def test_what_no_round_has_looked_at_is_counted_and_nothing_says_every(world):
    world.unseen = 1
    world.conclude(CASES)
    found = world.conclude(at=AT + FIVE)
    (*_, (_, text)) = world.written
    waits = "1 case has changed since, and no round has looked at it yet"
    sentence = f"the day's round is done, and nothing is stuck; {waits}"
    assert found.message == f"T{sentence[1:]}"
    assert text.endswith(f": T{sentence[1:]}.\n")
    assert world.beats == 1, "it waits for its round"


def test_what_was_found_keeps_the_heartbeat_away_and_is_written_at_once(world):
    world.conclude()
    found = world.conclude(CASES, at=AT + FIVE)
    assert (found.findings, found.heartbeat_at, found.message) == ((CASES,), AT, "2 cases")
    assert world.beats == 1
    ((key, text),) = world.written
    assert key == f"{outbox.ASSURANCE}{(AT + FIVE).isoformat()}:new:cases:45"
    assert text.startswith("Cases that nothing watches\n\n2 cases.\nSeverity: page (for today).\nTo do: ")
    assert 'More: docs/operate.md, "Cases that nothing watches"\n' in text
    assert world.left == [(AT + FIVE, True)]
    assert (world.kept().findings, world.kept().keys, world.kept().heartbeat_at) == (("2 cases",), ("cases:45",), AT)


def test_what_another_auditor_wrote_does_not_leave_again(world):
    world.taken = 0
    world.conclude(CASES)
    assert world.left == []


def test_an_audit_without_anything_written_is_kept_and_read(world):
    kept_audit.keep(None, KeptAudit(AT, ("x",), ("k",), AT, True))
    assert world.kept() == KeptAudit(AT, ("x",), ("k",), AT, True)


def test_the_same_finding_is_not_written_again_and_its_end_is(world):
    for number in range(2):
        world.conclude(CASES, at=AT + number * FIVE)
    assert len(world.written) == len(world.left) == 1
    world.conclude(at=AT + 2 * FIVE)
    assert [key for key, _ in world.written][1:] == [f"{outbox.ASSURANCE}{(AT + 2 * FIVE).isoformat()}:ended:cases:45"]
    assert world.written[1][1].startswith("All is well again\n\nEnded: 2 cases.\n")
    assert len(world.left) == 2


def test_what_may_pass_is_written_when_it_is_found_again(world):
    world.conclude(WORKER)
    assert world.written == []
    world.conclude(WORKER, at=AT + FIVE)
    assert len(world.written) == 1


def test_a_heartbeat_that_is_not_taken_is_found_too(world):
    world.refused = "HTTP 500"
    found = world.conclude()
    assert [(one.key, one.passing) for one in found.findings] == [("heartbeat", True)]
    assert found.message == "the address of the heartbeat did not take it (HTTP 500)"
    assert found.heartbeat_at is None


def test_without_an_address_no_heartbeat_was_sent(world, monkeypatch):
    world.conclude()
    monkeypatch.delenv("CASEBEAT_HEARTBEAT__URL")
    assert world.conclude(at=AT + FIVE).heartbeat_at == AT, "the last one"


def test_whether_the_round_is_paused_is_kept_while_no_server_answers(world):
    assert conclusion.was_paused() is False
    world.conclude(paused=True)
    assert conclusion.was_paused() is True
    world.conclude(paused=None)
    assert conclusion.was_paused() is True
    world.conclude(paused=False)
    assert conclusion.was_paused() is False


def test_an_audit_that_is_only_shown_changes_nothing(world):
    assert conclusion.shown([CASES]) == Assured((CASES,), None)
    world.conclude()
    before = world.switch
    assert conclusion.shown([CASES]) == Assured((CASES,), AT)
    assert (world.switch, world.beats) == (before, 1)


def test_what_an_earlier_version_kept_is_read(world):
    world.switches["assurance"] = '{"at": "2026-03-17T09:00:00+00:00", "findings": ["x"], "heartbeat_at": null}'
    assert world.kept() == KeptAudit(AT, ("x",))


def test_what_another_mail_told_is_not_written_again_and_its_end_is_once_it_was_found(world):
    told.add(None, [CASES, WORKER], AT)
    world.conclude(at=AT)
    world.conclude(CASES, at=AT + FIVE)
    assert world.written == []
    world.conclude(at=AT + 2 * FIVE)
    assert [text.partition("\n")[0] for _, text in world.written] == ["All is well again"]
