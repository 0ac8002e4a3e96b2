"""Random books with links and barred people: whatever door they try, a case that they are barred from is not there.

The facts of the cases that bar anybody (by their own list, or through a link) lie in 2024, those of the others in 2026,
as in the books of restricted cases. So references, counts and days of theirs show in any sink.
"""

from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.slack_stand_in import SlackStandIn
from tests.worlds.days import day
from tests.worlds.linked import (
    AGENDA_ON,
    CASES,
    COUNT,
    DAY,
    LINKED,
    READERS,
    REFERENCE,
    Book,
    DrawnBook,
    DrawnCase,
    fresh,
    leaks,
)
from tests.worlds.panels import TUESDAYS
from tests.worlds.replies import switch_on
from tests.worlds.slack import PLACES, in_slack, put_slack, words

DEPUTY, DOUBLE = "D1", "X1"  # the deputy of whoever is away; another contact with the first barred person's address
PEOPLE = (*READERS, DEPUTY)
NO_CASE = "casebeat: There is no case 45/{} in the book. Write FORCE/CASE_REF. Nothing was done."
MAILS = frozenset({"letter", "at_once", "failed_review", "capacity", "operations", "agenda"})


class DrawnBars(NamedTuple):
    """Who is barred from every marked case, whether by the double's name, who is away, and the chair and the marks."""

    cases: tuple[DrawnCase, ...]
    barred: frozenset[str]
    by_double: bool
    away: frozenset[str]
    chair: str
    late: bool

    @property
    def book(self) -> DrawnBook:
        return DrawnBook(self.cases, frozenset(), self.late)

    @property
    def listed(self) -> list[str]:
        """What the source sends: the first of them perhaps by their other contact."""
        first, *others = sorted(self.barred)
        return [DOUBLE if self.by_double else first, *others]


BARS = st.builds(
    DrawnBars,
    st.lists(CASES, min_size=2, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(PEOPLE), min_size=1, max_size=6),
    st.booleans(),
    st.frozensets(st.sampled_from(["P1", "S1", "SP1", "C1"]), max_size=2),
    st.sampled_from(["SP1", "CS1"]),
    st.booleans(),
)
EVERYBODY = DrawnBars(LINKED, frozenset(PEOPLE), by_double=False, away=frozenset(), chair="SP1", late=True)
SUPERVISORS = DrawnBars(
    LINKED, frozenset({"P1", "S1", "C1", DEPUTY}), by_double=True, away=frozenset({"SP1"}), chair="CS1", late=False
)
CHAIRS = DrawnBars(
    LINKED, frozenset({"SP1", "CL1", "M1"}), by_double=True, away=frozenset({"S1"}), chair="SP1", late=True
)


class BarredBook(Book):
    """A book whose marked cases bar people."""

    def __init__(self, drawn: DrawnBars, *given: Any) -> None:
        self.bars = drawn
        super().__init__(drawn.book, *given)
        self.say("update contacts set restricted_access = true")
        self.recorder = next((ref for ref in READERS if ref not in drawn.barred and ref not in drawn.away), "")
        for ref in (DEPUTY, DOUBLE):
            self.say(
                """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                         first_seen_on, active_from)
                   select :ref, id, 'police', 'Robin Example', :email, '{officer}', '{45}', '{}', '2026-01-05',
                          '2026-01-05' from sources where agency is not null""",
                ref=ref,
                email=f"{ref}@surrey.police.uk" if ref == DEPUTY else f"{min(drawn.barred)}@SURREY.police.uk".upper(),
            )
        self.say("update contacts set deputy_ref = :ref where contact_ref = any(:away)", ref=DEPUTY,
                 away=sorted(drawn.away))  # fmt: skip
        for ref in drawn.away:
            self.say(
                """insert into absences (contact_ref, from_on, to_on, source_id)
                   select :ref, '2026-03-01', '2026-04-30', id from sources where agency is not null""",
                ref=ref,
            )

    def mark(self, number: int, *, marked: bool) -> dict[str, Any]:
        del number
        return {"barred_refs": self.bars.listed if marked else []}

    def drawn_panels(self) -> list[dict[str, Any]]:
        return [{**TUESDAYS, "cases": 2, "chair": self.bars.chair}]

    @property
    def nobody(self) -> frozenset[str]:
        return self.bars.barred | {DOUBLE}

    def fails(self) -> None:
        if self.recorder:  # else nobody is left who might record an outcome
            super().fails()

    def tries(self) -> list[tuple[str, str, int, str]]:
        """What every command that takes a name says to each barred person of each hidden case."""
        on, found = day(AGENDA_ON).isoformat(), []
        sitting = next(iter(self.sittings()), "45-south-east-2026-03-24")
        for number in range(len(self.drawn.cases)):
            case = f"45/{self.name(number)}"
            for ref in sorted(self.nobody) if self.drawn.hidden(number) else ():
                for command in (
                    ("acknowledge", case, "joint-review", "--until", "2026-03-20", "--reason", "mine"),
                    ("complete-action", case, f"A-{self.name(number)}"),
                    ("record-review", sitting, case, "--not-held"),
                    ("convene", case, "--sitting", sitting),
                ):
                    ran = self.cli(*command, "--by", ref, "--as-of", on)
                    found.append((command[0], self.name(number), ran.code, " ".join((ran.out + ran.err).split())))
        return found


class Tried(NamedTuple):
    """What a book's people got, tried, and left in the tables."""

    reached: dict[str, list[tuple[str, str]]]  # by reader: each sink, and its text
    shared: list[str]  # the posts of channels that several people read
    commands: list[tuple[str, str, int, str]]
    rows: list[Any]  # what was said of a hidden case since it was marked: to whom, its state
    chairs: list[str]  # the chairs before whom a hidden case still is
    calendars: list[Any]  # the live events of barred people that hold a hidden case


@pytest.fixture(scope="module")
def tried(server: Any, copies: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Tried]:
    """Let a book live once, in a database of its own with Slack, and try every door."""
    numbers, lived = count(1), dict[DrawnBars, Tried]()

    def once(drawn: DrawnBars, run_cli: Any) -> Tried:
        if drawn not in lived:
            lived[drawn] = live(drawn, run_cli)
        return lived[drawn]

    def live(drawn: DrawnBars, run_cli: Any) -> Tried:
        name = f"barred_{next(numbers)}"
        with pytest.MonkeyPatch.context() as patch, SlackStandIn() as slack:
            put_slack(patch, slack)
            switch_on(patch)
            folder = tmp_path_factory.mktemp(name)
            with fresh(server, copies, name, patch, folder) as engine:
                book = BarredBook(drawn, engine, run_cli, folder, patch)
                with in_slack(engine, slack, *READERS):
                    book.lives()
                reached: dict[str, list[tuple[str, str]]] = {}
                for reader, sink, text in book.reached():
                    reached.setdefault(reader, []).append((sink, text))
                for ref in READERS:
                    reached.setdefault(ref, []).extend(("slack", words(post)) for post in slack.direct(f"U0{ref}"))
                shared = [words(post) for place in PLACES.values() for post in slack.posts(place)]
                return Tried(reached, shared, book.tries(), said(book), chairs(book), calendars(book))

    return once


def said(book: BarredBook) -> list[Any]:
    rows = book.ask(
        """select c.case_ref, n.contact_ref, n.state, n.channel from notifications n
           join obligations o on o.id = n.obligation_id join cases c on c.id = o.case_id"""
    )
    late = {"sent", "shown"} if not book.bars.late else set()
    return [row for row in rows if row[0].startswith("HID") and row[1] in book.nobody and row[2] in late]


def chairs(book: BarredBook) -> list[str]:
    rows = book.ask(
        """select k.case_ref, s.chair_ref from convenings v join sittings s on s.id = v.sitting_id
           join case_keys k on k.id = v.case_id where v.ended_on is null and s.day >= '2026-03-19'"""
    )
    return [chair for name, chair in rows if name.startswith("HID") and chair in book.nobody]


def calendars(book: BarredBook) -> list[Any]:
    rows = book.ask(
        """select i.contact_ref, c.case_ref
           from invitations i cross join lateral jsonb_array_elements(i.event->'cases') e
           join cases c on c.id = (e->>0)::bigint join sittings s on s.id = i.sitting_id
           where not i.cancelled and s.day > '2026-03-19'"""
    )
    return [row for row in rows if row[0] in book.nobody and row[1].startswith("HID")]


def told_of(texts: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    return [(sink, leaks(text)[:2]) for sink, text in texts if leaks(text)]


@example(EVERYBODY)
@example(SUPERVISORS)
@example(CHAIRS)
@given(BARS)
@hypothesis_settings(
    max_examples=2, derandomize=True, database=None, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_a_case_is_not_there_for_whoever_is_barred_from_it(tried, run_cli, drawn):
    found = tried(drawn, run_cli)
    assert {
        ref: told_of(found.reached.get(ref, [])) for ref in drawn.barred if told_of(found.reached.get(ref, []))
    } == {}
    assert [text for text in found.shared if REFERENCE.search(text)] == []
    assert found.rows == []
    assert found.chairs == []
    assert found.calendars == []
    for command, name, code, text in found.commands:
        assert (command, code, text) == (command, 2, NO_CASE.format(name))
    operations = [(sink, text) for sink, text in found.reached["operations"] if sink in MAILS]
    assert [(sink, text) for sink, text in operations if REFERENCE.search(text)] == []


def test_who_is_not_barred_learns_of_the_same_cases_by_every_door(tried, run_cli):
    found = tried(SUPERVISORS, run_cli)
    texts = [text for ref in READERS if ref not in SUPERVISORS.barred for _, text in found.reached[ref]]
    told = "\n".join(texts)
    assert REFERENCE.search(told)
    assert DAY.search(told)
    assert COUNT.search(told)
    assert "OPEN2" in "".join(found.shared)


def test_where_nobody_is_left_operations_hear_that_a_case_needs_an_addressee(tried, run_cli):
    found = tried(EVERYBODY, run_cli)
    told = "\n".join(text for sink, text in found.reached["operations"] if sink in MAILS)
    assert "2 cases need an addressee" in told
    assert "has no sitting for its joint review" in told
