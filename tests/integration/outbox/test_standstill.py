"""A delivery that does not come to its end: found by the status and the auditor, silent where nothing may leave."""

from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tasks.outbox.standstill import look
from tasks.rounds.assurance.auditor import audit
from tasks.rounds.assurance.conclusion import conclude
from tasks.rounds.status import installation
from tasks.rounds.status.matters import matters
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TUESDAY = day("Tue 17 Mar 2026")
EIGHT = at_london(TUESDAY)
MINUTE = timedelta(minutes=1)
WAITS = "no delivery has ended since that of Tue 17 Mar 2026 at 08:00 GMT, and 1 message that could leave waits since "


@pytest.fixture
def book(database, run_cli):
    """A case whose delivery of eight has ended."""
    made = OneCase(database, run_cli)
    deliver(configured(), EIGHT)
    return made


def queued(book, kind="answer", to="'P1'", due=EIGHT, **more):
    values = {"key": f"'k{due}{kind}'", "kind": f"'{kind}'", "contact_ref": to, "channel": "'email'",
              "day": "'2026-03-17'", "state": "'queued'", "due_at": f"'{due}'", **more}  # fmt: skip
    book.say(f"insert into messages ({', '.join(values)}) values ({', '.join(values.values())})")


def found(at):
    with transaction() as connection:
        seen = look(configured(), connection, at)
    return seen and seen.sentence


def test_what_is_due_and_waits_for_twenty_minutes_is_found_until_a_delivery_ends(book):
    assert found(EIGHT + 60 * MINUTE) is None, "nothing is due"
    queued(book, kind="letter", due=EIGHT + MINUTE)
    assert found(EIGHT + 21 * MINUTE) is None
    assert found(EIGHT + 22 * MINUTE) == f"{WAITS}Tue 17 Mar 2026 at 08:01 GMT"
    deliver(configured(), EIGHT + 23 * MINUTE, alarms_only=True)
    assert found(EIGHT + 23 * MINUTE), "what the auditor sends of its own is no delivery"
    deliver(configured(), EIGHT + 24 * MINUTE)
    assert found(EIGHT + 60 * MINUTE) is None


def test_status_and_auditor_say_so_and_operations_are_written_at_the_second_audit_alone(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "casebeat-operations@surrey.police.uk")
    queued(book, due=EIGHT + MINUTE)
    written = []
    for minutes in (21, 25, 30, 35):
        at = EIGHT + minutes * MINUTE
        of_delivery = [one for one in audit(configured(), at) if one.key == "delivery"]
        shown = [
            one.sentence
            for one in matters(installation.look(configured(), at)).wrong
            if one.sentence.startswith("No delivery")
        ]
        assert [f"N{one.sentence[1:]}" for one in of_delivery] == shown
        assert len(shown) == (minutes > 21)
        conclude(configured(), of_delivery, at, paused=None)
        written.append(len(book.ask("select 1 from messages where key like 'assurance:%'")))
    assert written == [0, 0, 1, 1]


def test_a_message_that_just_fell_due_is_not_held_against_a_quiet_night(book):
    queued(book, due=EIGHT + 600 * MINUTE)
    assert found(EIGHT + 620 * MINUTE) is None
    assert found(EIGHT + 621 * MINUTE)


def test_before_the_first_delivery_it_says_so(database, run_cli):
    book = OneCase(database, run_cli)
    for number in (1, 2):
        queued(book, due=EIGHT + number * MINUTE)
    assert found(EIGHT + 22 * MINUTE) == (
        "no delivery has ended yet, and 2 messages that could leave wait since Tue 17 Mar 2026 at 08:01 GMT"
    )


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "transfer"},  # it waits for a letter
        {"state": "'unknown'"},
        {"state": "'dead'"},
        {"due": EIGHT + 90 * MINUTE},
    ],
)
def test_what_no_delivery_could_send_does_not_count(book, given):
    queued(book, **given)
    assert found(EIGHT + 60 * MINUTE) is None


def test_letters_count_from_their_hour_of_a_working_day(book):
    saturday = TUESDAY + timedelta(days=4)
    queued(book, kind="letter", due=at_london(saturday))
    assert found(at_london(saturday) + 180 * MINUTE) is None
    monday = at_london(saturday + timedelta(days=2))
    assert found(monday - MINUTE) is None
    assert found(monday + 20 * MINUTE) is None
    assert found(monday + 21 * MINUTE)


def test_a_hold_or_a_delivery_that_works_is_why_and_a_lease_that_ended_is_not(book):
    queued(book)
    later = EIGHT + 60 * MINUTE
    queued(book, to="'P2'", due=later, state="'claimed'", lease_until="now() + interval '1 minute'")
    assert found(later) is None
    book.say("update messages set lease_until = now() where state = 'claimed'")
    assert found(later)
    assert book.cli("outbox", "--hold").code == 0
    assert found(later) is None
