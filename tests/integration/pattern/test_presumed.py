"""A case that is presumed stalking says so wherever several read of it, and is counted apart."""

import json
from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.policy import SHIPPED
from config.settings import settings
from flows.configured import configured
from tasks.carriers.mail.maildir import file_name
from tasks.outbox.delivery import deliver
from tasks.outbox.digests import group
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.sittings import convene, sitting

MONDAY = "Mon 16 Mar 2026"
SAID = "Recorded as harassment, and watched as stalking until the reason why it is not"
AMONG = "Of all that are stalled, 1 is watched as stalking without being recorded as it."


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    """A former partner's conduct of Mon 2 Mar 2026 is recorded as harassment, and nobody says why."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    facts = {"classification": "harassment", "offence_codes": ["PH97004"], "relationship": "ex_partner"}
    return OneCase(database, run_cli, suspect_status="not_identified", **facts)


def letter(book: OneCase, ref: str = "SP1"):
    book.rounds("Fri 13 Mar 2026", MONDAY)
    at = at_london(day(MONDAY))
    group(configured(), day(MONDAY), at.replace(hour=6))
    deliver(configured(), at)
    found = settings().home / "mail" / "new" / file_name(f"letter:{ref}:email:{day(MONDAY).isoformat()}")
    return message_from_bytes(found.read_bytes(), policy=policy.default)


def test_the_standing_says_how_many_of_the_stalled_are_presumed(book):
    words = " ".join(letter(book).get_body(("plain",)).get_content().split())
    assert AMONG in words
    assert SAID in words


def test_where_harassment_is_in_scope_nothing_is_called_presumed(book, monkeypatch, tmp_path):
    both = SHIPPED.read_text("utf-8").replace("\nscope: [stalking]", "\nscope: [stalking, harassment]")
    (tmp_path / "policy.yaml").write_text(both)
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    words = " ".join(letter(book).get_body(("plain",)).get_content().split())
    assert CASE in words
    assert "watched as stalking" not in words
    assert SAID not in book.explain(MONDAY).out


def test_an_agenda_says_it_at_the_case(book):
    book.round("Fri 13 Mar 2026")
    ref = sitting(book, "Tue 17 Mar 2026")
    convene(book, ref)
    told = book.cli("agenda", ref, "--as-of", day(MONDAY).isoformat())
    assert told.code == 0, told.err
    assert f"{SAID}, or the classification, is recorded." in told.out
    assert told.out.count("watched as stalking") == 1


def test_the_report_counts_it_apart(book):
    book.say(
        """insert into extracts (extract_id, content, source_name, counts, state, extracted_at, judged_at)
           values ('E1', '', 'niche-45', '{}', 'loaded', '2026-03-20T05:00Z', '2026-03-20T05:00Z')"""
    )
    ran = book.cli("report", "--month", "2026-03", "--as-of", "2026-04-07", "--force", "45", "--json")
    assert ran.code == 0, ran.err
    lines = [json.loads(line) for line in ran.out.splitlines()]
    figures = {one["key"]: one["number"] for one in lines if "number" in one and one["place"] == lines[0]["place"]}
    named = ("cases_open", "cases_presumed", "harassment_presumed", "declassified_presumed", "cases_wanted")
    assert [figures[key] for key in named] == [0, 1, 1, 0, 0]
    assert figures["base:high.presumed"] == 1
