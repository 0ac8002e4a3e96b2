"""The beginning of a force's round: whom it looks at again, and forces that nobody sent."""

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config.terms import Agency
from flows.configured import configured
from models.errors import Refuse
from models.rules.people.directory import panel_of
from tasks.platform.configuration import Configuration
from tasks.servers import round_lock

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
TODAY = date(2026, 3, 17)
SOUTH, WALES = "South East", "Wales"


class Book:
    def __init__(self):
        self.spocs, self.switches, self.changed, self.again = {}, {}, [], []

    def begin(self, code="45"):
        """Begin a round, and return the keys that it looks at again."""
        self.again.clear()
        assert round_lock.begin(configured(), code, TODAY, AT) == 7
        ((force_code, keys, on),) = self.again
        assert (force_code, on) == (code, TODAY)
        return keys


@pytest.fixture
def book(monkeypatch):
    made, put = Book(), monkeypatch.setattr
    put(round_lock, "transaction", nullcontext)
    put(Configuration, "panels", property(lambda _: SimpleNamespace(spocs=made.spocs)))
    rounds, people = "models.queries.rounds.rounds", "models.queries.people.contacts"
    put(f"{rounds}.last_finished", lambda *_: TODAY)
    put(f"{rounds}.begin", lambda *_: 7)
    put(f"{rounds}.switch", lambda _, name: made.switches.get(name))
    put(f"{rounds}.set_switch", lambda _, name, value, __: made.switches.update({name: value}))
    put(f"{people}.changed", lambda *_: list(made.changed))
    put(f"{people}.look_again", lambda _, code, keys, on: made.again.append((code, keys, on)))
    put("models.queries.intake.sources.force_codes", lambda _: ["45", "46"])
    return made


def test_people_who_changed_are_looked_at_again(book):
    book.changed = ["P1"]
    assert book.begin() == ["P1"]


def test_a_pair_is_looked_at_again_once_when_its_panel_names_other_spocs(book):
    book.spocs = {("45", SOUTH, Agency.POLICE): "SP1", ("46", SOUTH, Agency.POLICE): "SP6"}
    assert book.begin() == [panel_of("45", SOUTH)]
    assert book.begin() == []
    book.spocs |= {("45", WALES, Agency.CPS): "SP2", ("45", SOUTH, Agency.POLICE): "SP3"}
    assert book.begin() == [panel_of("45", SOUTH), panel_of("45", WALES)]
    del book.spocs["45", WALES, Agency.CPS]
    assert book.begin() == [panel_of("45", WALES)]
    assert json.loads(book.switches["spocs:45"]) == {f"{SOUTH} police": "SP3"}


def test_the_panels_of_another_force_are_no_concern_of_this_one(book):
    book.spocs = {("46", SOUTH, Agency.POLICE): "SP6"}
    assert book.begin() == []
    assert book.switches == {}


def test_all_forces_are_those_that_sources_sent_and_one_has_to_be_among_them(book):
    assert round_lock.forces() == ["45", "46"]
    assert round_lock.forces("46") == ["46"]
    with pytest.raises(Refuse, match=r"anything for force 54 yet \(known: 45, 46\)"):
        round_lock.forces("54")


def test_a_force_that_is_meant_perhaps_is_named_and_one_without_a_name_is_no_hindrance(book, monkeypatch):
    monkeypatch.setattr("models.queries.intake.sources.force_codes", lambda _: ["45", "99"])
    with pytest.raises(Refuse, match=r"45 \(Surrey\)"):
        round_lock.forces("45 (surrey)")


def test_before_any_source_sent_something_none_is_known(book, monkeypatch):
    monkeypatch.setattr("models.queries.intake.sources.force_codes", lambda _: [])
    with pytest.raises(Refuse, match=r"\(known: none\)\. Nothing was done"):
        round_lock.forces("45")
