"""An agenda for one reader, of the values that were gathered: its cases, their changes, and why there is none."""

from datetime import UTC, datetime, timedelta

import pytest

from config.sittings import ConveningEnd, ConveningReason, Part
from config.terms import Agency, Role
from models.queries.obligations.obligation_views import Reader
from models.queries.reviews.agenda import LeftCase
from models.rules.reviews.sitting_leads import LeadRecipient
from tasks.messages.agenda.composing import GatheredAgenda, agenda, own_cases
from tests.worlds.messages import HELD, OPENED, SITTING, entry, gathered, owed

EARLIER = SITTING._replace(earlier_on=HELD, earlier_day=SITTING.day)
TEN = datetime(2026, 3, 17, 10, tzinfo=UTC)


def reader(ref: str = "P1", *, access: bool = False) -> Reader:
    roles = frozenset({Role.SPOC, Role.OFFICER})
    return Reader(ref, Agency.POLICE, "NAME", "p1@surrey.police.uk", roles, ("45",), (), restricted_access=access)


def kinds(found: GatheredAgenda, to: Reader | None) -> list[tuple[int, str]]:
    return [(one.number, type(one).__name__) for one in agenda(found, to).cases]


MIXED = gathered(entry(0), entry(1, restricted=True), entry(2, barred=("P1",)), entry(3, read=False))


@pytest.mark.parametrize(
    ("to", "cases"),
    [
        (reader("P2", access=True), ["AgendaCase", "AgendaCase", "AgendaCase", "UnreadCase"]),
        (reader("P2"), ["AgendaCase", "HiddenCase", "AgendaCase", "UnreadCase"]),
        (reader("P1", access=True), ["AgendaCase", "AgendaCase", "UnreadCase"]),
        (None, ["AgendaCase", "HiddenCase", "UnreadCase"]),
    ],
)
def test_each_reader_gets_the_cases_that_they_may_know_numbered_without_a_gap(to, cases) -> None:
    assert kinds(MIXED, to) == list(enumerate(cases, 1))


def test_a_restricted_case_that_cannot_be_read_is_hidden_all_the_same() -> None:
    assert kinds(gathered(entry(0, restricted=True, read=False)), reader()) == [(1, "HiddenCase")]


def test_a_readers_own_cases_keep_the_numbers_of_the_agenda() -> None:
    found = own_cases(MIXED, reader("P2"), {1, 3})
    assert [(one.number, type(one).__name__) for one in found] == [(2, "HiddenCase"), (4, "UnreadCase")]


def test_an_agenda_ends_with_its_last_case_and_one_without_cases_where_it_begins() -> None:
    assert agenda(gathered(entry(2), entry(0)), reader()).ends_at == TEN + timedelta(minutes=30)
    assert agenda(gathered(), reader()).ends_at == TEN


def test_its_reader_learns_their_part_and_why_they_get_it() -> None:
    leading = (LeadRecipient(Part.CHAIR, "K1", "the chair"), LeadRecipient(Part.SPOC, "P1", "instead"))
    mine, nobodys = (agenda(gathered(leading=leading), to) for to in (reader(), reader("P9")))
    assert (mine.part, mine.note, mine.reader) == (Part.SPOC, "instead", "spoc")
    assert (nobodys.part, nobodys.note) == (None, "")
    to_operations = (*leading, LeadRecipient(Part.CHAIR, None, "nobody is left"))
    assert agenda(gathered(leading=to_operations), None).note == "nobody is left"


def test_a_force_that_nobody_knows_is_named_by_its_code() -> None:
    assert agenda(gathered(), reader()).places == ("Surrey (45)", "CPS South East")
    assert agenda(gathered(sitting=SITTING._replace(force_code="99")), reader()).places == (
        "force 99",
        "CPS South East",
    )


def test_a_sitting_is_settled_once_it_has_a_day_on_which_it_was() -> None:
    assert agenda(gathered(sitting=SITTING._replace(settled_on=HELD)), reader()).settled
    assert not agenda(gathered(sitting=SITTING._replace(settled_on=None)), reader()).settled


def test_a_sitting_that_moved_since_its_agenda_was_sent_has_the_day_that_it_had() -> None:
    assert agenda(gathered(sitting=EARLIER), reader()).moved_from is None
    moved = EARLIER._replace(earlier_day=HELD)
    assert agenda(gathered(sitting=moved), reader()).moved_from == HELD


def test_news_and_lateness_are_counted_by_cases_that_the_reader_sees() -> None:
    late = owed("action", -5)
    found = gathered(
        entry(0, late, owed("action", -9, subject="action:A2"), here=True),
        entry(1, here=True),
        entry(2, late, restricted=True, here=True),
        entry(3, late),
        entry(4, read=False),
    )
    seen, with_access = agenda(found, reader()), agenda(found, reader(access=True))
    assert (seen.late, with_access.late) == (2, 3)
    assert with_access.news - seen.news == 1


CAME, WENT = ConveningReason.DUE, ConveningEnd.MOVED


def changes(found: GatheredAgenda, to: Reader | None) -> list[tuple[str, object]]:
    return [(one.reference, one.came or one.left) for one in agenda(found, to).changes]


def changed(sitting=EARLIER) -> GatheredAgenda:
    """Case 1 came, 2 was there, 3 came and is restricted, 4 came and bars P1, 5 came and cannot be read."""
    left = (
        LeftCase("45/6", False, frozenset(), WENT),
        LeftCase("45/7", True, frozenset(), WENT),
        LeftCase("45/8", False, frozenset({"P1"}), WENT),
    )
    return gathered(
        entry(1, sitting=sitting),
        entry(2, sitting=sitting, here=True),
        entry(3, sitting=sitting, here=False, restricted=True),
        entry(4, sitting=sitting, barred=("P1",)),
        entry(5, sitting=sitting, read=False),
        sitting=sitting,
        left=left,
    )


@pytest.mark.parametrize(
    ("to", "told"),
    [
        (reader("P2"), [("45/1", CAME), ("", CAME), ("45/4", CAME), ("45/6", WENT), ("", WENT), ("45/8", WENT)]),
        (
            reader("P2", access=True),
            [("45/1", CAME), ("45/3", CAME), ("45/4", CAME), ("45/6", WENT), ("45/7", WENT), ("45/8", WENT)],
        ),
        (reader("P1"), [("45/1", CAME), ("", CAME), ("45/6", WENT), ("", WENT)]),
        (None, [("45/1", CAME), ("", CAME), ("45/6", WENT), ("", WENT)]),
    ],
)
def test_the_cases_that_came_and_left_since_the_first_agenda_are_listed(to, told) -> None:
    assert changes(changed(), to) == told


def test_a_first_agenda_has_no_changes() -> None:
    assert changes(changed(SITTING), reader()) == []


def test_the_digest_changes_with_what_is_read_and_not_with_the_day_or_the_order() -> None:
    one, two = entry(0, owed("action", -1)), entry(1)
    digest = gathered(one, two).digest
    assert gathered(two, one)._replace(day=OPENED).digest == digest
    others = [
        gathered(one),
        gathered(entry(0), two),
        gathered(one, entry(1, restricted=True)),
        gathered(one, entry(1, read=False)),
        gathered(one, (two[0]._replace(slot=5), two[1])),
        gathered(one, two, sitting=SITTING._replace(place="Room 3")),
        gathered(one, two, sitting=SITTING._replace(chair_ref="K2")),
        gathered(one, two, sitting=SITTING._replace(starts_at=TEN + timedelta(minutes=5))),
    ]
    assert len({digest, *(each.digest for each in others)}) == len(others) + 1


def test_the_next_agenda_compares_with_every_case_that_could_be_read() -> None:
    assert set(gathered(entry(1), entry(2, restricted=True), entry(3, read=False)).seen) == {1, 2}
