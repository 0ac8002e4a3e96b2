"""The gaps of the week to come, each reported when it opens: absences, leaving SPOCs, and places without somebody."""

import json
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace

import pytest

from config.days.london import at_london
from config.terms import Agency
from flows.configured import configured
from models.queries.people.cover_gaps import ComingAbsence, LeavingContact, MissingChair, VacantPost
from tasks.platform.configuration import Configuration
from tasks.rounds import cover_gaps
from tests.worlds.days import day

TODAY = day("Mon 16 Mar 2026")
NOW = at_london(TODAY)
POLICE, CPS = Agency.POLICE, Agency.CPS
SURREY = ("45", "South East")


def on(number):
    return TODAY + timedelta(days=number)


class Book:
    """What the queries find, by their names; `covered` are the days on which each absent person has a deputy."""

    def __init__(self):
        self.absences, self.leaving, self.vacant, self.chairless, self.panelless = [], [], [], [], []
        self.covered, self.switch, self.sent, self.asked = {}, None, [], []
        self.spocs = {}

    def away(self, ref, first, last, *covered):
        self.absences.append(ComingAbsence(ref, POLICE, on(first), on(last)))
        self.covered[ref] = [on(one) for one in covered]

    def put(self, _, __, value, ___):
        self.switch = value

    def on_duty(self, _, which, __):
        self.asked.append(which)
        return [ref for ref, days in self.covered.items() if which in days]

    def report(self):
        before = len(self.sent)
        number = cover_gaps.report(configured(), TODAY, NOW)
        return number, [text for _, text in self.sent[before:]]


@pytest.fixture
def book(monkeypatch):
    made = Book()
    put = monkeypatch.setattr
    put(cover_gaps, "transaction", nullcontext)
    put("models.queries.rounds.rounds.switch", lambda *_: made.switch)
    put("models.queries.rounds.rounds.set_switch", made.put)
    put("models.queries.outbox.digests.operations", lambda _, key, __, text, *___: made.sent.append((key, text)))
    put("models.queries.people.contacts.on_duty", made.on_duty)
    put(cover_gaps, "stand_ins", lambda covered: dict.fromkeys(covered, "D"))
    put(cover_gaps, "without_panel", lambda *_: made.panelless)
    put(cover_gaps, "directory_on", lambda *_: None)
    put(cover_gaps, "may_lead", lambda ref, *_: ref != "UNFIT")
    for name in ("absences", "leaving", "vacant", "chairless"):
        put(f"models.queries.people.cover_gaps.{name}", lambda *_, name=name: getattr(made, name))
    put(Configuration, "panels", property(lambda _: SimpleNamespace(spocs=made.spocs)))
    return made


def test_a_gap_is_reported_once_until_it_closes_and_opens_again(book):
    book.vacant = [VacantPost(POLICE, "45", 1)]
    assert book.report()[0] == 1
    assert book.report() == (0, [])
    book.vacant = []
    assert book.report() == (0, [])
    book.vacant = [VacantPost(POLICE, "45", 1)]
    assert book.report()[0] == 1


def test_every_kind_of_gap_is_counted_and_named_in_one_message(book):
    book.away("A1", 0, 1)
    book.leaving = [LeavingContact("L1", CPS, "South East", on(3), 0)]
    book.vacant = [VacantPost(POLICE, "45", 1)]
    book.panelless = [SURREY]
    book.chairless = [MissingChair("C1", SURREY, on(2))]
    book.spocs.update({(*SURREY, POLICE): "UNFIT", (*SURREY, CPS): "FIT"})
    number, (text,) = book.report()
    assert number == 6
    for words in ("A1", "L1", "CPS South East", "Surrey (45)", "C1", "UNFIT"):
        assert words in text
    assert " FIT" not in text.replace("UNFIT", "")
    ((key, _),) = book.sent
    assert key.startswith("gaps:2026-03-16:")
    assert sorted(one.partition(":")[0] for one in json.loads(book.switch)) == [
        "away", "chair", "leads", "leaving", "panel", "vacant",
    ]  # fmt: skip


def test_only_what_is_new_is_in_a_later_message(book):
    book.vacant = [VacantPost(POLICE, "45", 1)]
    book.report()
    book.vacant.append(VacantPost(POLICE, "46", 1))
    number, (text,) = book.report()
    assert (number, "Kent (46)" in text, "Surrey" in text) == (1, True, False)


def test_after_an_undoing_the_gaps_of_that_day_are_those_that_were_reported(book):
    book.vacant = [VacantPost(POLICE, "45", 1)]
    cover_gaps.restore(configured(), None, TODAY, NOW)
    assert book.switch is None, "nothing was ever reported"
    book.switch = "[]"
    cover_gaps.restore(configured(), None, TODAY, NOW)
    assert json.loads(book.switch) == ["vacant:45"]


def test_a_place_is_named_as_people_know_it():
    assert cover_gaps.place_name(POLICE, "45") == "Surrey (45)"
    assert cover_gaps.place_name(POLICE, "99") == "force 99"
    assert cover_gaps.place_name(CPS, "South East") == "CPS South East"
