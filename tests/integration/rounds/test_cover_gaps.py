"""Operations hear once, beforehand, of people away without a deputy, SPOCs who leave, and posts without a SPOC."""

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.rounds.cover_gaps import report
from tests.support.verdicts import faults
from tests.worlds.days import day, row
from tests.worlds.one_case import away, contact, left
from tests.worlds.panels import TUESDAYS, PanelWorld

TUESDAY = "Tue 17 Mar 2026"


@pytest.fixture
def book(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """Surrey and CPS South East, who have a panel."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def words(book):
    return book.ask("select text from messages where key like 'gaps:%' order by id")


def look(book, on=TUESDAY):
    before = len(words(book))
    number = report(configured(), day(on), at_london(day(on)))
    new = words(book)[before:]
    assert len(new) == min(number, 1)
    return new[0] if new else ""


def test_the_round_reports_gaps_in_one_message_and_sends_none_without_gaps(book):
    made = whole_round(configured(), day(TUESDAY), at_london(day(TUESDAY)))
    assert not faults(made)
    assert words(book) == []
    away(book, "S1", "2026-03-20", "2026-03-25")
    left(book, "SP1", on="2026-03-24")
    for on in (TUESDAY, TUESDAY, "Wed 18 Mar 2026", "Thu 19 Mar 2026", "Fri 20 Mar 2026"):
        assert not faults(whole_round(configured(), day(on), at_london(day(on))))
    (said,) = words(book)
    headline, _, counts, *lines = said.partition("\nSeverity: ")[0].strip().splitlines()
    assert headline == "Gaps within a week, 1 away, 1 SPOC leaving"
    assert counts == (
        "Gaps within a week: 1 person away with nobody to stand in, 1 SPOC leaving, 0 forces or Areas without a SPOC, "
        "1 panel whose chair is not known."
    )
    assert "SP1, who is to chair the sittings" in said
    assert "SP1, SPOC for Surrey (45), is recorded until Tue 24 Mar 2026. Nobody follows" in said
    assert "S1 (police) is away from Fri 20 Mar 2026 to Wed 25 Mar 2026 and has no deputy who is there" in said
    assert len([line for line in lines if line]) == 3
    assert book.ask("select contact_ref, state from messages where key like 'gaps:%'") == [(None, "shown")]


def test_restricted_cases_that_no_spoc_or_lead_may_read_are_a_gap_until_one_may(book):
    book.say("update cases set restricted = true")
    book.say("update contacts set restricted_access = contact_ref = 'P1'")
    said = look(book)
    assert "Surrey (45) has 1 open restricted case and no SPOC or lead who may read it" in said
    assert look(book) == ""
    book.say("update contacts set restricted_access = true where contact_ref = 'SP1'")
    assert look(book) == ""
    book.say("update contacts set restricted_access = false")
    assert "no SPOC or lead who may read it" in look(book, "Wed 18 Mar 2026")


@pytest.mark.parametrize(
    ("first", "told"),
    [
        row("yesterday: it has begun", "2026-03-16", False),
        row("today", "2026-03-17", True),
        row("in seven days", "2026-03-24", True),
        row("in eight days", "2026-03-25", False),
    ],
)
def test_an_absence_is_told_in_the_week_before_it(book, first, told):
    away(book, "P1", first, "2026-04-03")
    assert bool(look(book)) is told


def test_who_has_a_deputy_who_is_there_leaves_no_gap(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    away(book, "P1", "2026-03-19", "2026-03-25")
    assert look(book) == ""


@pytest.mark.parametrize(
    ("change", "values"),
    [
        row("away on one of the days", "absence", ("2026-03-23", "2026-03-23")),
        row("gone by then", "left", ("2026-03-20",)),
    ],
)
def test_a_deputy_who_is_not_there_all_the_time_is_none(book, change, values):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    away(book, "P1", "2026-03-19", "2026-03-25")
    (away if change == "absence" else left)(book, "P2", *values)
    assert "P1 (police) is away from Thu 19 Mar 2026" in look(book)


def test_deputies_are_followed_three_deep_and_never_in_a_circle(book):
    for ref, deputy in (("P2", "P3"), ("P3", "P4"), ("P4", "P1")):
        contact(book, ref, "officer", deputy_ref=deputy)
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    for ref in ("P1", "P2", "P3"):
        away(book, ref, "2026-03-19", "2026-03-20")
    assert look(book) == ""
    away(book, "P4", "2026-03-19", "2026-03-20")
    assert "P1 (police) is away" in look(book)


def test_only_people_with_open_obligations_or_a_leading_role_are_reported(book):
    contact(book, "P8", "officer")
    contact(book, "P9", "officer")
    contact(book, "C9", "prosecutor", agency="cps")
    for ref in ("P8", "P9", "C9", "L1", "M1"):
        away(book, ref, "2026-03-19", "2026-03-20")
    book.say("update actions set owner_ref = 'P8'")
    said = look(book)
    assert {ref for ref in ("P8", "P9", "C9", "L1", "M1") if f"{ref} (" in said} == {"P8", "L1", "M1"}
    book.belongs("cps_cases", prosecutor_ref="C9")
    assert "C9 (CPS) is away" in look(book)


def test_who_follows_a_spoc_is_counted(book):
    contact(book, "SP2", "spoc", active_from="2026-03-25")
    left(book, "SP1", on="2026-03-24")
    assert "SP1, SPOC for Surrey (45), is recorded until Tue 24 Mar 2026. 1 other SPOC will be there" in look(book)


def test_a_spoc_who_leaves_later_or_has_left_is_not_leaving(book):
    left(book, "CS1", on="2026-03-25")
    assert look(book) == ""
    left(book, "SP1", on="2026-03-16")
    assert "leaving, 1 force or Area without" in look(book).replace("0 SPOCs leaving", "leaving")


def test_a_place_without_a_spoc_is_told_once_and_again_only_when_it_loses_one_again(book):
    book.say("update contacts set withdrawn_on = '2026-03-16' where contact_ref = 'CS1'")
    assert "CPS South East has 1 open stalking case and no SPOC: what is for the SPOC goes to the lead" in look(book)
    assert look(book, "Wed 18 Mar 2026") == ""
    book.say("update contacts set withdrawn_on = null where contact_ref = 'CS1'")
    assert look(book, "Thu 19 Mar 2026") == ""
    book.say("update contacts set withdrawn_on = '2026-03-20' where contact_ref = 'CS1'")
    assert "CPS South East has 1 open stalking case" in look(book, "Fri 20 Mar 2026")


def test_a_pair_without_a_panel_is_reported_once_and_in_each_weeks_first_message_while_it_lasts(book):
    book.panels()
    assert look(book).splitlines()[2].endswith("1 pair of force and Area without a panel.")
    assert look(book, "Wed 18 Mar 2026") == ""
    (said,) = words(book)
    assert "Surrey (45) and CPS South East have open stalking cases and no panel: nobody convenes their joint" in said
    for on in ("Fri 20 Mar 2026", "Mon 23 Mar 2026", "Tue 24 Mar 2026"):
        assert not faults(whole_round(configured(), day(on), at_london(day(on))))
    line = "1 pair of force and CPS Area with stalking cases without a panel: Surrey (45) and CPS South East.\n"
    daily = book.ask("select text from messages where key like 'daily:%' order by day")
    assert [line in text for text in daily] == [True, True, False]
    book.panels(TUESDAYS)
    assert not faults(whole_round(configured(), day("Mon 30 Mar 2026"), at_london(day("Mon 30 Mar 2026"))))
    assert line not in book.ask("select text from messages where key like 'daily:2026-03-30%'")[0]


def test_a_pair_without_an_open_stalking_case_needs_no_panel(book):
    book.panels()
    book.say("update cases set classification = 'harassment'")
    assert look(book) == ""


def test_a_place_without_an_open_stalking_case_needs_no_spoc(book):
    book.say("update contacts set withdrawn_on = '2026-03-16' where contact_ref in ('CS1', 'SP1')")
    book.say("update cases set classification = 'harassment'")
    assert look(book) == ""


def test_a_long_list_is_cut_and_counted(book):
    for n in range(42):
        contact(book, f"L{n:03}", "lead")
        away(book, f"L{n:03}", "2026-03-19", "2026-03-20")
    said = look(book)
    assert said.startswith("Gaps within a week, 42 away\n\nGaps within a week: 42 people away")
    assert "And 2 more." in said


def test_no_name_and_no_address_is_in_it(book):
    away(book, "S1", "2026-03-20", "2026-03-25")
    said = look(book)
    assert "Robin" not in said
    assert "@" not in said


def test_a_chair_who_is_nobody_that_is_known_is_told_once(book):
    book.panels({**TUESDAYS, "chair": "ghost"})
    book.round(TUESDAY)
    said = look(book)
    assert said.splitlines()[2].endswith("1 panel whose chair is not known.")
    assert "ghost, who is to chair the sittings of Surrey (45) and CPS South East from Tue 24 Mar 2026 on," in said
    assert look(book) == ""


def test_a_chair_who_leaves_before_the_sitting_is_told(book):
    book.say("update contacts set active_to = '2026-03-26' where contact_ref = 'SP1'")
    book.round(TUESDAY)
    assert "SP1, who is to chair the sittings of Surrey (45) and CPS South East from Tue 31 Mar 2026 on," in look(book)


def test_on_their_last_day_a_spoc_is_still_there(book):
    left(book, "CS1", on="2026-03-17")
    assert "CS1, SPOC for CPS South East, is recorded until Tue 17 Mar 2026. Nobody follows" in look(book)
    assert "CPS South East has 1 open stalking case and no SPOC" in look(book, "Wed 18 Mar 2026")


def test_a_spoc_whom_the_panel_names_and_who_cannot_lead_is_reported_once(book):
    book.panels(TUESDAYS | {"spocs": {"police": "SP1", "cps": "M1"}})
    said = look(book)
    assert "0 forces or Areas without a SPOC, 1 SPOC whom a panel names and who cannot lead." in said
    assert (
        "M1, whom the panel of Surrey (45) and CPS South East names as the SPOC who leads for CPS, is no active" in said
    )
    assert "SP1" not in said
    assert look(book) == ""
    book.panels(TUESDAYS | {"spocs": {"police": "SP1", "cps": "CS1"}})
    assert look(book) == ""
