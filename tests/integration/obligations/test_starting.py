"""Rounds around a force's first day: who hears of what before it, on it and after it, and each thing once."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.days import day
from tests.worlds.one_case import WholeBook, away
from tests.worlds.starting import force_starts

FIRST, BEFORE = "Mon 30 Mar 2026", "Fri 27 Mar 2026"


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    def change(on: str = FIRST, force: str = "45") -> None:
        force_starts(monkeypatch, tmp_path, {force: day(on)})

    return change


def heard(book: WholeBook, rule: str = "action") -> list[tuple[str, str, str]]:
    """What was notified under a rule: the day, the step, and who."""
    return sorted({(f"{on:%-d %b}", step, ref or "operations") for on, _, step, _, ref, _ in book.heard(rule)})


def people(book: WholeBook) -> set[str]:
    found: list[str] = book.ask("select distinct coalesce(contact_ref, 'operations') from notifications")
    return set(found)


def test_nobody_hears_of_what_is_overdue_before_the_first_day_and_on_it_its_owner_alone(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts()
    book = WholeBook(database, run_cli)
    book.rounds("Mon 23 Mar 2026", "Sun 29 Mar 2026")
    assert people(book) == set()
    book.rounds(FIRST, "Wed 8 Apr 2026")
    assert [one for one in heard(book) if one[0] != "30 Mar"] == [
        ("8 Apr", "critical", ref) for ref in ("P1", "S1", "SP1")
    ]  # five working days later, over Easter
    assert [one for one in heard(book) if one[0] == "30 Mar"] == [("30 Mar", "reminder", "P1")]


def test_a_limit_that_ends_soon_reaches_spocs_before_the_first_day_and_the_others_on_it_once(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts()
    book = WholeBook(database, run_cli, suspect_status="bail", bail_ends_on="2026-04-10")
    book.rounds("Mon 23 Mar 2026", "Wed 1 Apr 2026")
    assert heard(book, "bail-end") == [
        ("23 Mar", "four-weeks", "SP1"),
        *(("27 Mar", "two-weeks", ref) for ref in ("CS1", "SP1")),
        *(("30 Mar", "two-weeks", ref) for ref in ("P1", "S1")),
    ]
    words = "select distinct happening, occasion from notifications n join obligations o on o.id = n.obligation_id"
    assert book.ask(f"{words} where o.rule = 'bail-end' and n.day = '2026-03-30'") == [("step", "first day")]


def test_an_officer_who_comes_after_the_first_day_gets_the_step_from_someone_else(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts()
    book = WholeBook(database, run_cli, suspect_status="bail", bail_ends_on="2026-04-10")
    book.contact("P2", "police", ["officer"], ["45"])
    book.rounds(BEFORE, "Tue 31 Mar 2026")
    book.say("update cases set oic_ref = 'P2'")
    book.changed()
    book.round("Wed 1 Apr 2026")
    assert book.ask(
        "select happening, occasion from notifications where contact_ref = 'P2' and step_name = 'two-weeks'"
    ) == [("handed_over", "handed over")]


def test_a_first_day_on_a_holiday_is_said_on_the_next_working_day(database: Any, run_cli: Any, starts: Any) -> None:
    starts("Fri 3 Apr 2026")  # Good Friday
    book = WholeBook(database, run_cli, suspect_status="bail", bail_ends_on="2026-04-10")
    book.rounds("Thu 2 Apr 2026", "Tue 7 Apr 2026")
    assert [one for one in heard(book) if one[2] == "P1"] == [("7 Apr", "reminder", "P1")]
    first = [one for one in heard(book, "bail-end") if one[2] == "P1"]
    assert first == [("7 Apr", "one-week", "P1")]


def test_of_a_vacant_post_operations_hear_before_the_first_day_and_the_lead_on_it(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts()
    book = WholeBook(database, run_cli)
    book.say("delete from contacts where contact_ref = 'SP1'")
    for on in ("Thu 26 Mar 2026", BEFORE, FIRST):
        book.whole_round(on)
    assert heard(book, "spoc-vacancy") == [("26 Mar", "overdue", "operations"), ("30 Mar", "overdue", "L1")]


def test_of_a_silent_source_the_spocs_of_a_force_hear_from_its_first_day_on(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts(force="46")
    book = WholeBook(database, run_cli)
    book.contact("SP46", "police", ["spoc"], ["46"])
    book.say("update sources set covers = '{45,46}', last_extracted_at = '2026-03-24T05:00Z' where agency is not null")
    for on in ("Thu 26 Mar 2026", BEFORE, FIRST, "Tue 31 Mar 2026"):
        book.whole_round(on)
    silent = [one for one in heard(book, "feed-stale") if one[1] == "silent"]
    assert silent == [("27 Mar", "silent", "SP1"), ("27 Mar", "silent", "operations"), ("30 Mar", "silent", "SP46")]


def test_where_the_spoc_is_away_a_silent_source_is_turned_to_the_lead_and_to_no_force_that_waits(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts(force="46")
    book = WholeBook(database, run_cli)
    book.contact("SP46", "police", ["spoc"], ["46"])
    book.say("update sources set covers = '{45,46}', last_extracted_at = '2026-03-24T05:00Z' where agency is not null")
    away(book, "SP1")
    for on in ("Thu 26 Mar 2026", BEFORE):
        book.whole_round(on)
    silent = [one for one in heard(book, "feed-stale") if one[1] == "silent"]
    assert silent == [("27 Mar", "silent", ref) for ref in ("L1", "SP1", "operations")]


def test_of_an_area_in_which_no_force_has_started_its_own_people_hear_nothing_before(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts()
    book = WholeBook(database, run_cli)
    book.say("delete from contacts where contact_ref = 'CS1'")
    book.contact("CL1", "cps", ["lead"], ["South East"])
    book.whole_round(BEFORE)
    book.whole_round(FIRST)
    assert ("27 Mar", "overdue", "operations") in heard(book, "spoc-vacancy")
    assert ("30 Mar", "overdue", "CL1") in heard(book, "spoc-vacancy")
    assert ("27 Mar", "overdue", "CL1") not in heard(book, "spoc-vacancy")


def test_no_letter_leaves_before_the_first_day_but_to_who_hears_then(database: Any, run_cli: Any, starts: Any) -> None:
    starts()
    book = WholeBook(database, run_cli)
    book.whole_round("Mon 23 Mar 2026")  # when the week's standings leave
    sent = "select contact_ref, kind from messages where state in ('sent', 'shown') and contact_ref is not null"
    assert book.ask(sent) == []
    book.whole_round(FIRST)
    assert {ref for ref, _ in book.ask(sent)} >= {"P1", "SP1", "L1"}


def test_a_first_day_that_is_moved_later_leaves_what_was_said_and_waits_with_the_rest(
    database: Any, run_cli: Any, starts: Any
) -> None:
    starts("Thu 26 Mar 2026")
    book = WholeBook(database, run_cli)
    book.rounds("Thu 26 Mar 2026", BEFORE)
    assert heard(book) == [("26 Mar", "reminder", "P1")]
    starts("Thu 2 Apr 2026")
    book.rounds("Sat 28 Mar 2026", "Thu 9 Apr 2026")
    assert heard(book) == [("26 Mar", "reminder", "P1")]
    book.rounds("Fri 10 Apr 2026", "Mon 13 Apr 2026")
    assert {one[1] for one in heard(book) if one[0] == "13 Apr"} == {"critical"}


def test_a_first_day_that_is_far_away_refuses_the_round_and_is_named_by_the_doctor(
    database: Any, run_cli: Any, starts: Any
) -> None:
    book = WholeBook(database, run_cli)
    starts("Sun 1 Jan 2062")
    ran = book.cli("run", "--as-of", "2026-03-16")
    assert ran.code == 2
    assert "starts.45   2062-01-01 is more than 90 days ahead" in ran.err
    assert book.ask("select count(*) from rounds") == [0]
    checked = book.cli("doctor", "--json")
    assert "starts.45   2062-01-01 is more than 90 days ahead" in checked.out
