"""The doctor's sentences about what runs: rounds, the outbox, the auditor, and the machines that share the work."""

from datetime import date, timedelta

import pytest

from config.settings import settings
from models.queries.outbox.circuit_breakers import Pause
from models.queries.rounds.doctor import KnownMachine, QueuedMessages
from models.queries.rounds.rounds import RoundOfDay
from tasks.platform import tokens
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.doctor import running
from tests.worlds.days import NOW

MINUTE = timedelta(minutes=1)
URL = "https://health.example/path"


def ended(code, failure=None, at=NOW):
    return RoundOfDay(code, NOW, at, failure, 1, running=False)


@pytest.fixture
def of_rounds(found):
    def told(*seen, last=date(2026, 3, 16), expected=("45", "46")):
        return found(
            running, "round", expected__expected_forces=list(expected), rounds__of_day=list(seen),
            rounds__last_finished=last,
        )  # fmt: skip

    return told


def test_the_round_of_the_day_ended_well_for_each_expected_force(of_rounds):
    assert of_rounds(ended("45"), ended("46"), ended("47", "OSError")) == []
    for other in (ended("46", "OSError"), ended("46", at=None), ended("47")):
        ((mark, sentence),) = of_rounds(ended("45"), other)
        assert (mark, sentence.partition(";")[0]) == (
            "fail", "The round of Tue 17 Mar 2026 has not ended well for force 46",
        )  # fmt: skip
        assert "the last that ended was on Mon 16 Mar 2026." in sentence


def test_before_any_round_there_is_one_thing_to_do(of_rounds, put, found):
    ((mark, sentence),) = of_rounds(last=None)
    assert (mark, sentence[:24]) == ("warn", "No round has ever ended:")
    put(CLOCK="virtual")
    assert found(running, "round") == [("ok", "By a virtual clock no round is missed.")]


@pytest.fixture
def of_outbox(found):
    def told(*, held=False, pauses=(), overdue=None, **counts):
        return found(
            running, "outbox", outbox_list__is_held=held, circuit_breakers__pauses=list(pauses),
            outbox_list__counts=counts, doctor__overdue=overdue or (lambda *_: []),
        )  # fmt: skip

    return told


def test_an_outbox_whose_messages_leave_is_well(of_outbox):
    assert of_outbox(sent=7, queued=2) == []


def test_what_keeps_messages_back_is_named(of_outbox):
    assert "The outbox is held" in of_outbox(held=True)[0][1]
    pause = Pause("email", "it cannot be reached", NOW, NOW, NOW + 5 * MINUTE, 3)
    assert of_outbox(pauses=[pause])[0][1].startswith("Messages by email rest until Tue 17 Mar 2026 at 09:05 GMT")
    assert of_outbox(dead=1)[0] == ("warn", of_outbox(dead=1)[0][1])
    assert of_outbox(dead=1)[0][1].startswith("Messages that were refused for good: 1.")


def test_messages_that_wait_for_more_than_a_day_are_counted_but_not_by_a_virtual_clock(of_outbox, put):
    asked = []

    def overdue(_, before):
        asked.append(before)
        return [QueuedMessages("email", 3, NOW - timedelta(days=2))]

    ((mark, sentence),) = of_outbox(overdue=overdue)
    assert (mark, "for more than a day: 3, the oldest since Sun 15 Mar 2026" in sentence) == ("warn", True)
    assert asked == [NOW - timedelta(days=1)]
    put(CLOCK="virtual")
    assert of_outbox(overdue=overdue) == []


@pytest.fixture
def of_auditor(found, put):
    put(HEARTBEAT__URL=URL)

    def told(kept):
        return [(mark, sentence.split(",")[0].split(":")[0]) for mark, sentence in found(
            running, "auditor", kept_audit__read=kept
        )]  # fmt: skip

    return told


LOOKS = ("warn", "The auditor has not looked for half an hour")
BEATS = ("warn", "No heartbeat has left for half an hour")


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (None, [("warn", "The auditor has never looked")]),
        (KeptAudit(NOW - 30 * MINUTE, heartbeat_at=NOW), []),
        (KeptAudit(NOW - 31 * MINUTE, heartbeat_at=NOW), [LOOKS]),
        (KeptAudit(NOW - 31 * MINUTE, ("x",)), [LOOKS]),
        (KeptAudit(NOW, heartbeat_at=NOW - 30 * MINUTE), []),
        (KeptAudit(NOW, heartbeat_at=NOW - 31 * MINUTE), [BEATS]),
        (KeptAudit(NOW), [BEATS]),
        (KeptAudit(NOW, ("x", "y")), [("fail", "The auditor found")] * 2),
    ],
)
def test_an_auditor_looks_and_its_heartbeat_leaves_every_half_hour(of_auditor, kept, told):
    assert of_auditor(kept) == told


def test_without_a_heartbeat_only_its_address_is_missed(of_auditor, put):
    put(HEARTBEAT__URL=None)
    assert of_auditor(KeptAudit(NOW)) == [("warn", "No heartbeat is sent")]


@pytest.fixture
def of_machines(found, put, monkeypatch):
    put(MAIL__HOST="127.0.0.1", MAIL__OPERATIONS="ops@surrey.police.uk")
    settings().home.mkdir()
    (settings().home / "shared").mkdir()
    monkeypatch.setattr(tokens, "fingerprint", lambda: "aa")

    def told(*prints):
        known = [KnownMachine(f"m{at}", one) for at, one in enumerate(prints)]
        return found(running, "machines", machines__register=known)

    return told


def share(name):
    (settings().home / name).symlink_to(settings().home / "shared")


def test_one_machine_needs_no_share(of_machines):
    for prints in ((), ("aa",)):
        assert of_machines(*prints) == [("ok", "No other machine has worked on this database within a week.")]


def test_machines_that_sign_alike_and_share_their_folders_are_well(of_machines):
    share("rejected")
    assert of_machines("aa", "aa") == []
    ((mark, sentence),) = of_machines("aa", "bb", "aa")
    assert (mark, "(fingerprints: m0 aa, m1 bb, m2 aa)" in sentence) == ("fail", True)


def test_a_folder_of_each_machine_alone_wants_a_look(of_machines, put, monkeypatch):
    assert "has its own rejected under" in of_machines("aa", "aa")[0][1]
    put(MAIL__HOST=None)
    ((mark, sentence),) = of_machines("aa", "aa")
    assert (mark, sentence.partition(" under")[0]) == (
        "warn", "2 machines work on this database (m0, m1), and each has its own rejected and mail",
    )  # fmt: skip
    share("rejected")
    assert "has its own mail under" in of_machines("aa", "aa")[0][1]
    monkeypatch.setattr("os.path.ismount", lambda place: place.name == "mail")
    assert of_machines("aa", "aa") == [], "a folder that is mounted is taken for a share"


def test_the_machine_that_is_looked_at_counts_as_every_other(of_machines, monkeypatch):
    monkeypatch.setattr(tokens, "fingerprint", lambda: None)
    assert [mark for mark, _ in of_machines("aa", "aa")] == ["fail", "warn"]
