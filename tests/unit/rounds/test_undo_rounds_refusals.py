"""Who may undo which rounds, what is refused, and what the account of an undoing counts."""

from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace

import pytest

from config.days.london import at_london
from config.doors import Door
from config.message_kinds import MessageKind
from config.terms import Agency, Role, State
from flows.configured import configured
from models.errors import Refuse
from models.queries.rounds.rounds import RoundOf
from models.queries.rounds.undone_messages import SaidMessage
from models.rules.people.act import Act
from models.rules.people.directory import Person
from tasks.rounds import undo_rounds
from tasks.rounds.undo_rounds import UndoRequest
from tasks.servers import round_lock
from tests.worlds.days import day

TODAY = day("Tue 17 Mar 2026")
AT = at_london(TODAY)
FRIDAY, MONDAY = day("Fri 20 Mar 2026"), day("Mon 23 Mar 2026")
ACT = Act("SP1", Door.COMMAND, "me")
UNDOING = "models.queries.rounds.undoing"
ASKED = UndoRequest(TODAY, "SP1")


def person(ref="SP1", role=Role.SPOC, *, active=True):
    return Person(ref, Agency.POLICE, frozenset({role}), frozenset({"45"}), frozenset(), None, active, False)


def message(number, state):
    return SaidMessage(number, MessageKind.LETTER, "P1", "email", state)


class Book:
    """The rounds after each day, the people, and what the statements of an undoing answer."""

    def __init__(self):
        self.rounds = [RoundOf("45", MONDAY), RoundOf("45", FRIDAY), RoundOf("--", FRIDAY)]
        self.people, self.last, self.undone_on, self.sending = [person()], None, None, 0
        self.said, self.recorded, self.written, self.locked = [], [], [], []

    def after(self, _, on):
        return [one for one in self.rounds if one.day > on]

    def undo(self, wish=ASKED):
        return undo_rounds.undo(configured(), wish, ACT, TODAY, AT)


@pytest.fixture
def book(monkeypatch):
    made, put = Book(), monkeypatch.setattr
    put(undo_rounds, "transaction", nullcontext)
    put(round_lock, "forces", lambda *_: ["45"])
    put(round_lock, "force_lock", lambda code: nullcontext(made.locked.append(code)))
    put("models.queries.reviews.invitations.lock", lambda _: None)
    put("models.queries.people.contacts.on_duty", lambda *_: made.people)
    put(f"{UNDOING}.rounds_after", made.after)
    put(f"{UNDOING}.last_undone_on", lambda *_: made.undone_on)
    put(f"{UNDOING}.last_day_until", lambda *_: made.last)
    return made


def refused(book, words, wish=ASKED):
    with pytest.raises(Refuse, match=words):
        book.undo(wish)


def test_only_rounds_of_days_that_have_not_come_are_undone_and_all_of_them_together(book):
    book.last = TODAY - timedelta(days=1)
    refused(book, "all of them together. Name the last day that has: --after 2026-03-16", UndoRequest(FRIDAY, "SP1"))
    book.last = None
    refused(book, "--after 2026-03-17", UndoRequest(FRIDAY, "SP1"))
    book.rounds.append(RoundOf("45", TODAY))
    refused(book, "Only rounds of days", UndoRequest(TODAY - timedelta(days=1), "SP1"))
    assert book.locked[:2] == ["45", "--"]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([], "SP1 is not a known contact who is active on Tue 17 Mar 2026"),
        ([person("SP2")], "SP1 is not a known contact"),
        ([person(active=False)], "SP1 is not a known contact"),
        ([person("SP2"), person(role=Role.OFFICER)], "SP1 is neither a lead nor a SPOC"),
    ],
)
def test_a_lead_or_a_spoc_who_is_active_asks_for_it(book, people, words):
    book.people = people
    refused(book, words)


def test_where_nothing_ran_there_is_nothing_to_undo_and_a_second_time_its_day_is_told(book):
    book.rounds = []
    refused(book, "No round ran after Tue 17 Mar 2026: there is nothing to undo")
    book.undone_on = FRIDAY
    assert book.undo() == ((), None, FRIDAY)


ANSWERS = {
    f"{UNDOING}.begin": 5, f"{UNDOING}.discount_rounds": 3, f"{UNDOING}.project_again": None,
    f"{UNDOING}.restore_switches": None, f"{UNDOING}.bring_back_days": None, f"{UNDOING}.climb_again": None,
    f"{UNDOING}.keep_account": None,
}  # fmt: skip
STEPS = {"steps": 1, "obligations": 2, "revived": 3, "promises": 4}
SEATS = {"places": 5, "sittings": 6, "agendas": 7}


@pytest.fixture
def undoing(book, monkeypatch):
    """The same, whose statements count what they are told to."""
    put = monkeypatch.setattr
    for path, answer in ANSWERS.items():
        put(path, lambda *_, answer=answer: answer)
    messages = "models.queries.rounds.undone_messages"
    put(f"{messages}.being_sent", lambda *_: book.sending)
    put(f"{messages}.said", lambda *_: book.said)
    put(f"{messages}.void_notifications", lambda *_: 8)
    put(f"{messages}.correct", lambda *_: 9)
    put(f"{messages}.void", lambda *_: None)
    put(f"{messages}.keep_the_rest_going", lambda *_: None)
    put(f"{messages}.write_again", lambda _, __, joined, *___: book.recorded.append(joined))
    put("models.queries.outbox.digests.joined", lambda on: on)
    put("models.queries.outbox.digests.operations", lambda _, key, __, text, *___: book.written.append((key, text)))
    put("models.queries.audit.record", lambda _, entry: book.recorded.append(entry))
    put(undo_rounds, "free_abandoned", lambda *_: None)
    put(undo_rounds, "_ladders", lambda *_: dict(STEPS))
    put(undo_rounds, "_sittings", lambda *_: dict(SEATS))
    put(undo_rounds, "keep", lambda *_: None)
    put("models.queries.report.kept_figures.forget_after", lambda *_: None)
    nothing = SimpleNamespace(restore=lambda *_: None)
    put(undo_rounds, "cover_gaps", nothing)
    put(undo_rounds, "send_capacity", nothing)
    return book


def test_while_a_message_is_being_sent_nothing_is_undone(undoing):
    undoing.sending = 2
    refused(undoing, r"are being sent at this moment \(2\)")


def test_an_undoing_names_its_days_once_in_order_and_counts_what_reached_somebody(undoing):
    states = (State.SENT, State.UNKNOWN, State.QUEUED, State.DEAD, State.SENT)
    undoing.said = [message(number, state) for number, state in enumerate(states)]
    days, account, before = undoing.undo()
    assert (days, before) == ((FRIDAY, MONDAY), None)
    assert account._asdict() == {
        **STEPS, **SEATS, "rounds": 3, "messages": 5, "sent": 3, "notifications": 8, "corrections": 9,
    }  # fmt: skip
    joined, entry = undoing.recorded
    assert joined == [FRIDAY, MONDAY]
    assert (entry.ref, entry.by, entry.detail["days"]) == ("5", "SP1", ["2026-03-20", "2026-03-23"])
    ((key, text),) = undoing.written
    assert key == "undone:5"
    assert "the round of Fri 20 Mar 2026 and that of Mon 23 Mar 2026." in text
    assert "5 messages (3 of them sent)" in text
