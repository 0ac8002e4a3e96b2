"""The parts of a rendered message beside its text: marking, bare subject, and what is attached to it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from config.mail import Mail
from config.message_kinds import MessageKind
from config.settings import settings
from config.sittings import EventNews
from config.terms import State
from models.queries.outbox.outbox_list import UntoldMessage
from tasks.messages import transfer
from tasks.messages.agenda.attached import COLUMNS, rows, to_print
from tasks.messages.agenda.contexts import UnreadCase
from tasks.messages.contexts import EnclosedMessage, ItemPromise
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.invitation.event import event_file
from tasks.messages.rendering import RenderedMessage, render, undelivered
from tests.worlds.samples import ACTION, AGENDA, BUSY, LATE, LIMIT, MAILED, SERIES_CHANGED, URGENT, WEEKDAY


@pytest.fixture(autouse=True, scope="module")
def signed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CASEBEAT_SIGNING_SECRET", "s" * 32)
        yield


def test_a_marking_comes_first_and_without_one_nothing_does() -> None:
    plain, marked = render(MessageKind.AT_ONCE, URGENT), render(MessageKind.AT_ONCE, URGENT, "OFFICIAL")
    assert marked.subject == f"OFFICIAL: {plain.subject}"
    assert marked.text == f"OFFICIAL\n\n{plain.text}"
    assert not plain.subject.startswith(("None", ":"))


def bare(kind: MessageKind, context) -> str:
    return render(kind, context, bare=True).subject.partition(":")[0]


def test_a_bare_subject_names_the_one_case_that_it_is_about() -> None:
    assert bare(MessageKind.AT_ONCE, replace(URGENT, items=(LIMIT,))) == LIMIT.reference
    assert bare(MessageKind.AT_ONCE, replace(URGENT, items=(LIMIT, ACTION))) == "Casebeat"
    assert bare(MessageKind.AT_ONCE, replace(URGENT, items=())) == "Casebeat"


def test_a_bare_subject_names_the_case_of_a_message_without_items() -> None:
    (transferred, *_) = transfer.KIND.sampled().values()
    assert bare(MessageKind.TRANSFER, replace(transferred, reference="45/7")) == "45/7"
    answer_kind, answer = MAILED["answer-promised"]
    assert bare(answer_kind, answer) == ACTION.reference


def attached(made: RenderedMessage) -> list[str]:
    return [one.name for one in made.attached]


def lacking(number: int, **changed: object):
    return replace(LATE, listed=(LATE.cases[0],) * number, **changed)


@pytest.mark.parametrize(("number", "listed"), [(3, False), (4, True)])
def test_a_letter_names_three_late_reviews_and_attaches_the_list_of_more(number: int, listed: bool) -> None:
    made = render(
        MessageKind.LETTER, replace(WEEKDAY, enclosed=(EnclosedMessage(MessageKind.CAPACITY, lacking(number)),))
    )
    assert ("casebeat-joint-reviews.csv" in attached(made)) is listed


def test_the_list_of_a_letter_is_its_first_table_and_no_page() -> None:
    made = render(MessageKind.LETTER, replace(WEEKDAY, enclosed=(EnclosedMessage(MessageKind.AGENDA, AGENDA),)))
    assert [one.subtype for one in made.attached] == ["html", "csv"]
    assert made.csv == made.attached[1].content
    assert render(MessageKind.AT_ONCE, URGENT).csv is None


@pytest.mark.parametrize(("left_out", "listed"), [(0, False), (1, True)])
def test_a_mail_about_late_reviews_has_their_list_where_it_leaves_some_out(left_out: int, listed: bool) -> None:
    made = render(MessageKind.CAPACITY, lacking(2, left_out=left_out))
    assert attached(made) == (["casebeat-joint-reviews.csv"] if listed else [])


def test_a_cell_of_the_list_without_a_value_is_empty() -> None:
    (_, nowhere), kind = LATE.cases, MessageKind.CAPACITY
    made = render(kind, replace(LATE, listed=(nowhere,), left_out=1)).csv
    (row,) = csv.DictReader(io.StringIO(made or ""))
    assert (row["URN"], row["Meeting"], row["Reference"]) == ("", "", nowhere.reference)


AT = datetime(2026, 3, 16, 8, tzinfo=UTC)


def event(invitation: InvitationContext, marking: str = "") -> Calendar:
    mail = Mail(operations="ops@surrey.police.uk", marking=marking)
    return Calendar.from_ical(event_file("invitation:KEY:3", invitation, mail, "p1@surrey.police.uk", AT).ics)


def test_a_moved_meeting_is_a_component_of_its_own_until_the_series_is_cancelled() -> None:
    cancelled = replace(SERIES_CHANGED, news=EventNews.CANCELLED)
    assert [len(event(one).walk("VEVENT")) for one in (SERIES_CHANGED, cancelled)] == [2, 1]
    statuses = [str(event(one).walk("VEVENT")[0]["STATUS"]) for one in (SERIES_CHANGED, cancelled)]
    assert statuses == ["CONFIRMED", "CANCELLED"]


def test_a_marking_is_the_first_line_of_an_events_description() -> None:
    plain, marked = (str(event(SERIES_CHANGED, one).walk("VEVENT")[0]["DESCRIPTION"]) for one in ("", "OFFICIAL"))
    assert marked == f"OFFICIAL\n{plain}"
    assert plain == plain.strip()


def test_an_agenda_to_print_has_its_pattern_as_a_drawing() -> None:
    assert "<svg" in to_print(AGENDA)
    assert "<svg" not in render(MessageKind.AGENDA, AGENDA).html


def listing(case) -> list[dict[str, object]]:
    return [dict(zip(COLUMNS, one, strict=True)) for one in rows(replace(AGENDA, cases=(case,)))]


def test_a_case_that_cannot_be_read_is_one_row_with_its_reference() -> None:
    (row,) = listing(UnreadCase(number=2, starts_at=BUSY.starts_at, ends_at=BUSY.ends_at, reference="45/9"))
    assert (row["No."], row["Case"], row["Risk"], row["What is owed"]) == (2, "45/9", "", "")


def of(**changed: object) -> dict[str, object]:
    line = replace(BUSY.lines[0], item=replace(BUSY.lines[0].item, **changed))
    lists = dict.fromkeys(("clocks", "both", "police", "cps", "gaps", "later"), ())
    (row,) = listing(replace(BUSY, **lists | {"clocks": (line,)}))
    return row


def test_a_row_has_the_days_of_a_promise_while_it_runs_and_days_late_from_the_due_day_on() -> None:
    until = date(2026, 4, 2)
    ran, ended = (of(promise=ItemPromise(until_on=until, role="officer", end=end)) for end in (None, "lapsed"))
    assert (ran["Promised by"], ended["Promised by"], of(promise=None)["Promised by"]) == (until, "", "")
    assert [of(days=days)["Days late"] for days in (-1, 0, 1, 2)] == [0, 0, 1, 2]
    assert [of(hard=hard)["Time limit or order"] for hard in (True, False)] == ["yes", "no"]


def test_a_row_tells_whether_its_line_and_its_case_are_new() -> None:
    line = BUSY.lines[0]
    one = replace(BUSY, first=False, news=frozenset({line.key}))
    assert [row["New"] for row in listing(one)][:2] == ["yes", "no"]
    assert {row["First time"] for row in listing(one)} == {"no"}
    assert {row["First time"] for row in listing(replace(one, first=True))} == {"yes"}


@pytest.mark.parametrize(("number", "more"), [(40, False), (41, True)])
def test_a_note_to_operations_lists_forty_subjects_of_one_message(number: int, more: bool) -> None:
    about = tuple(f"45/{one}" for one in range(number))
    told = undelivered(settings(), [UntoldMessage("letter:P1", State.DEAD, "550", elsewhere=False, about=about)], 0)
    assert ("and 1 more" in told) is more
