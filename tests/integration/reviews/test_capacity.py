"""A panel that cannot fit its cases, and a pair without a panel: the messages, their days and their readers."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from config.days.london import at_london
from config.settings import settings
from config.sittings import ConveningEnd, ConveningReason
from flows.configured import configured
from tasks.messages.capacity.send_capacity import notify_spocs
from tasks.outbox.delivery import deliver
from tests.support.verdicts import went_well
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld

pytestmark = pytest.mark.usefixtures("each_by_itself")

MONDAY = "Mon 9 Mar 2026"
BOTH = ["CS1", "SP1"]


class Book(PanelWorld):
    """The messages about places that a day's round writes to SPOCs, and their texts."""

    def notified(self, on: str) -> int:
        self.round(on)
        return notify_spocs(configured(), day(on), at_london(day(on)))

    def days(self, first: str, last: str) -> dict[str, list[str]]:
        """The days between two on which messages were written, with their readers."""
        for n in range((day(last) - day(first)).days + 1):
            at = day(first) + timedelta(n)
            self.round(at)
            notify_spocs(configured(), at, at_london(at))
        return self.by_day()

    def by_day(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for on, ref in self.ask(
            "select to_char(day, 'Dy DD Mon'), coalesce(contact_ref, 'operations') from messages "
            "where kind = 'capacity' order by day, 2"
        ):
            found.setdefault(on, []).append(ref)
        return found

    def read(self, on: str) -> dict[str, Any]:
        """The mails about places of that day, by address."""
        before = set((settings().home / "mail").glob("new/*"))
        made = deliver(configured(), at_london(day(on)) + timedelta(hours=8))
        assert not made.dead, made.dead
        found = [
            message_from_bytes(each.read_bytes(), policy=policy.default)
            for each in (settings().home / "mail").glob("new/*")
            if each not in before
        ]
        mine = [one for one in found if "joint review" in str(one["Subject"]) and " and CPS " in str(one["Subject"])]
        return {str(one["To"].addresses[0].addr_spec): one for one in mine}

    def words(self, on: str, to: str = "sp1@surrey.police.uk") -> str:
        mail = self.read(on)[to]
        return str(mail["Subject"]).strip() + "\n" + mail.get_body(("plain",)).get_content()

    def states(self) -> list[Any]:
        return self.ask("select contact_ref, state, reason from messages where kind = 'capacity' order by id")


@pytest.fixture
def book(database, run_cli, tmp_path, monkeypatch) -> Book:
    """A panel of two places every Tuesday; the high-risk case is due on Mon 16 Mar and sits on Tue 10 Mar."""
    made = Book(database, run_cli, tmp_path, monkeypatch)
    made.say("update contacts set email = lower(contact_ref) || case agency when 'cps' then '@cps.gov.uk' "
             "else '@surrey.police.uk' end")  # fmt: skip
    made.panels({**TUESDAYS, "horizon": "28d"})
    return made


def crowd(book: Book, number: int = 3, **facts: Any) -> None:
    """More high-risk cases that are due on Mon 16 Mar, for which one place is left before it."""
    book.several(number, "high", **facts)


def test_where_every_case_has_a_place_in_time_nobody_is_told_and_no_book_is_read(book):
    assert book.notified("Wed 4 Mar 2026") == 0
    assert book.by_day() == {}


def test_both_spocs_are_told_how_many_are_late_and_what_would_put_it_right(book):
    crowd(book)
    assert book.notified("Wed 4 Mar 2026") == 2
    assert book.by_day() == {"Wed 04 Mar": BOTH}
    said = book.words("Wed 4 Mar 2026")
    assert said.splitlines()[0] == (
        "Surrey (45) and CPS South East: 2 joint reviews late, 2 more places would put it right"
    )
    assert "2 joint reviews are late: 2 more places by Mon 16 Mar 2026 would put it right." in said
    late = [line.strip() for line in said.splitlines() if line.startswith("  45/")]
    assert late == [
        f"45/{ref}: high risk, due on Mon 16 Mar 2026; should be listed by Mon 16 Mar 2026, is listed for "
        "Tue 17 Mar 2026 (45-south-east-2026-03-17)" for ref in ("H1", "H2")
    ]  # fmt: skip


def test_it_is_said_again_when_more_are_late_and_else_once_a_week_on_its_first_working_day(book):
    crowd(book)
    assert book.days("Wed 4 Mar 2026", "Thu 5 Mar 2026") == {"Wed 04 Mar": BOTH}
    book.case("H9")
    assert set(book.days("Fri 6 Mar 2026", "Sun 8 Mar 2026")) == {"Wed 04 Mar", "Fri 06 Mar"}
    assert set(book.days(MONDAY, "Tue 10 Mar 2026")) == {"Wed 04 Mar", "Fri 06 Mar", "Mon 09 Mar"}


def test_a_second_round_of_a_day_says_nothing_more_and_what_it_finds_is_said_on_the_next(book):
    crowd(book)
    assert book.notified("Wed 4 Mar 2026") == 2
    book.case("H9")
    assert book.notified("Wed 4 Mar 2026") == 0
    assert book.notified("Thu 5 Mar 2026") == 2


def test_that_it_is_put_right_is_said_once(book):
    crowd(book)
    book.notified("Wed 4 Mar 2026")
    book.read("Wed 4 Mar 2026")
    book.panels({**TUESDAYS, "horizon": "28d", "cases": 4})
    assert set(book.days("Thu 5 Mar 2026", "Tue 10 Mar 2026")) == {"Wed 04 Mar", "Thu 05 Mar"}
    assert book.history("H1") == [
        ("03-17", ConveningReason.DUE, ConveningEnd.MORE_ROOM),
        ("03-10", ConveningReason.ROOM, None),
    ]
    owed = book.ask(
        """select right(o.subject, 5) from obligations o join cases c on c.id = o.case_id
           where c.case_ref = 'H1' and o.rule = 'outcome-unrecorded' and o.ended_on is null"""
    )
    assert owed == ["03-10"]  # and not of the sitting that it left
    assert book.words("Thu 5 Mar 2026").startswith(
        "Surrey (45) and CPS South East: every joint review has a place again"
    )


def test_what_is_late_no_more_when_it_would_be_sent_is_not_said(book):
    crowd(book)
    book.notified("Wed 4 Mar 2026")
    book.panels({**TUESDAYS, "horizon": "28d", "cases": 4})
    book.round("Wed 4 Mar 2026")
    assert book.read("Wed 4 Mar 2026") == {}
    assert {reason for *_, reason in book.states()} == {"no review is late any more"}


def test_cases_that_bar_somebody_lack_no_place_so_that_nobody_hears_of_it(book):
    crowd(book)
    book.say("update cases set barred_refs = '{CS1}' where case_ref in ('H1', 'H2')")
    assert book.notified("Wed 4 Mar 2026") == 0
    assert not any(one["late"] for one in book.told_sittings("2026-03-04"))


def test_who_is_barred_from_one_of_two_late_cases_is_told_of_one_and_of_the_places_that_it_needs(book):
    crowd(book)
    book.say("update cases set barred_refs = '{CS1}' where case_ref = 'H2'")
    book.notified("Wed 4 Mar 2026")
    said = book.words("Wed 4 Mar 2026", to="cs1@cps.gov.uk")
    assert "1 joint review late, 1 more place would put it right" in said.splitlines()[0]
    assert "H1" in said
    assert "H2" not in said


def test_of_a_panel_that_is_no_more_nothing_is_said_to_be_right(book):
    crowd(book)
    book.notified("Wed 4 Mar 2026")
    book.panels()
    assert book.notified("Thu 5 Mar 2026") == 2
    assert all("arrange by hand" in one["Subject"] for one in book.read("Thu 5 Mar 2026").values())


def test_who_may_not_read_of_restricted_cases_reads_only_how_many_they_are(book):
    crowd(book, restricted=True)
    book.say("update contacts set restricted_access = true where contact_ref = 'CS1'")
    book.notified("Wed 4 Mar 2026")
    read = {to: one.get_body(("plain",)).get_content() for to, one in book.read("Wed 4 Mar 2026").items()}
    assert "45/H1" in read["cs1@cps.gov.uk"]
    assert "45/H" not in read["sp1@surrey.police.uk"]
    assert "2 joint reviews are late" in read["sp1@surrey.police.uk"]
    assert "Among them are 2 restricted cases: ask a SPOC of your force" in read["sp1@surrey.police.uk"]


def test_a_deputy_of_a_spoc_is_notified_in_their_place(book):
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'SP1', '2026-03-01', '2026-03-27', id from sources where agency is not null"""
    )
    book.say("update contacts set deputy_ref = 'L1' where contact_ref = 'SP1'")
    crowd(book)
    book.notified("Wed 4 Mar 2026")
    assert book.by_day() == {"Wed 04 Mar": ["CS1", "L1"]}


def test_a_pair_without_a_panel_is_listed_to_both_spocs_once_a_week_and_no_more(book):
    book.panels()
    crowd(book)
    assert book.days("Wed 4 Mar 2026", "Fri 6 Mar 2026") == {"Wed 04 Mar": BOTH}
    said = book.words("Fri 6 Mar 2026")
    assert said.startswith("Surrey (45) and CPS South East: 4 joint reviews to arrange by hand\n")
    assert said.count("high risk, due on Mon 16 Mar 2026\n") == 4
    assert "more place" not in said
    book.case("H9")
    assert set(book.days("Sat 7 Mar 2026", "Fri 13 Mar 2026")) == {"Wed 04 Mar", "Mon 09 Mar"}


def test_a_spoc_of_an_area_with_several_forces_without_a_panel_gets_one_message_for_all(book):
    book.panels()
    book.say("insert into case_keys (force_code, case_ref) values ('47', 'X1')")
    book.say(
        """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification,
                              risk, projection, oic_ref)
           select k.id, s.id, '47', 'X1', 'South East', '2026-03-02', '{PH97011}', 'stalking', 'high', 'changed', 'P1'
           from case_keys k, sources s where k.case_ref = 'X1' and s.agency is not null"""
    )
    book.say("update sources set covers = '{45,47}'")
    ran = book.cli("run", "--as-of", "2026-03-04")
    assert went_well(ran.code, ran.err), ran.err
    told = book.ask("select coalesce(contact_ref, 'operations'), about from messages where kind = 'capacity'")
    assert sorted(told) == [
        ("CS1", "45/South East; 47/South East"), ("SP1", "45/South East"), ("operations", "47/South East"),
    ]  # fmt: skip


def test_a_long_list_is_cut_short_and_attached(book):
    book.panels()
    crowd(book, 41)
    book.notified("Wed 4 Mar 2026")
    mail = book.read("Wed 4 Mar 2026")["sp1@surrey.police.uk"]
    said = mail.get_body(("plain",)).get_content()
    assert said.count("high risk, due on") == 40
    assert "And 2 more: the attached list has them all." in said
    (attached,) = mail.iter_attachments()
    assert len(attached.get_content().splitlines()) == 43
