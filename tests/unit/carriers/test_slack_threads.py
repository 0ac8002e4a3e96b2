"""A thread's messages: composed while something is owed and nobody is kept from it, and changed in their place."""

from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings import Settings
from config.slack import Slack
from config.terms import MessageKind, Risk, State
from models.queries.outbox.case_threads import PostPlace
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers import case_threads
from tasks.carriers.carrier import Answer
from tasks.carriers.case_threads import NEVER_SHARED
from tasks.carriers.slack import carrier, threads
from tasks.carriers.slack.carrier import Carrier, Posts
from tasks.carriers.slack.threads import Threads
from tasks.messages.composing import ComposedMessage

DAY = date(2026, 3, 17)
NAME = "tasks.carriers.slack.threads.case_threads"
CHOSEN = Settings(slack=Slack.model_validate({"token": "xoxb-1", "channels": {"46": "C0FORCE46", "45": "C0FORCE45"}}))


def held(id_: int, kind: MessageKind = MessageKind.THREAD) -> Any:
    return ClaimedMessage(id_, f"k{id_}", kind, None, "slack", DAY, False, False, None, 1, "", None, "s")


def view(*, apart: bool = False, ended: date | None = None, ref: str = "C1") -> Any:
    matter = SimpleNamespace(kept_apart=apart, ended_on=ended, ref=ref, end_reason=None)
    return SimpleNamespace(matter=matter, happening=None, step=1)


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the statements give of places and cases, and what is asked of them."""
    made = SimpleNamespace(places={}, cases={}, asked=[])

    def asking(name: str, gives: Any) -> Any:
        def ask(_: Any, *given: Any) -> Any:
            made.asked.append((name, given[0]))
            return gives()

        return ask

    monkeypatch.setattr(f"{NAME}.places", asking("places", lambda: made.places))
    monkeypatch.setattr(f"{NAME}.present_state", asking("state", lambda: made.cases))
    monkeypatch.setattr(f"{NAME}.mark_shown", asking("shown", lambda: None))
    for module in (threads, case_threads):
        monkeypatch.setattr(module, "thread_context", lambda found, _: f"thread of {found[0].matter.ref}")
    monkeypatch.setattr(case_threads, "step_context", lambda told, _: f"step of {told.matter.ref}")
    monkeypatch.setattr(case_threads, "stands", lambda *_: None)
    monkeypatch.setattr(case_threads, "why_not_due", lambda *_: "")
    return made


def batch(*messages: Any) -> Threads:
    return Threads(None, messages, DAY)


def test_only_a_batch_with_posts_reads_their_places_and_only_one_with_threads_their_cases(book: Any) -> None:
    batch(held(1, MessageKind.LETTER))
    assert book.asked == []
    batch(held(1, MessageKind.LETTER), held(2, MessageKind.POST))
    assert book.asked == [("places", [2])]
    book.asked.clear()
    batch(held(1, MessageKind.LETTER), held(2, MessageKind.POST), held(3))
    assert book.asked == [("places", [2, 3]), ("state", [3]), ("shown", [3])]


@pytest.mark.parametrize(
    ("cases", "context", "nothing"),
    [
        ([], None, NEVER_SHARED),
        ([view(), view(apart=True)], None, NEVER_SHARED),
        ([view(ended=DAY), view(ended=DAY)], None, "all of it has ended"),
        ([view(), view(ended=DAY, ref="C2")], "thread of C1", ""),
    ],
)
def test_a_thread_begins_while_something_is_owed_that_everybody_may_see(
    book: Any, cases: Any, context: Any, nothing: str
) -> None:
    book.places, book.cases = {1: PostPlace("45")}, {1: cases}
    found = batch(held(1)).compose(held(1))
    assert (found.context, found.nothing) == (context, nothing)


TOLD = PostPlace("45", "C0FORCE45:1.1", State.SENT, DAY, view())


@pytest.mark.parametrize(
    ("place", "context", "nothing"),
    [
        (TOLD, "step of C1", ""),
        (TOLD._replace(told=None), None, NEVER_SHARED),
        (TOLD._replace(told=view(apart=True)), None, NEVER_SHARED),
        (TOLD._replace(parent_state=State.DEAD), None, "its thread could not be begun"),
        (TOLD._replace(parent=None), None, "its thread could not be begun"),
    ],
)
def test_a_step_is_a_post_in_a_thread_that_was_begun(book: Any, place: Any, context: Any, nothing: str) -> None:
    one = held(1, MessageKind.POST)
    book.places = {1: place}
    found = batch(one).compose(one)
    assert (found.context, found.nothing) == (context, nothing)


def test_a_step_that_is_not_due_any_more_is_silent(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_threads, "why_not_due", lambda *_: "its day moved")
    one = held(1, MessageKind.POST)
    book.places = {1: TOLD}
    assert (batch(one).compose(one).context, batch(one).compose(one).nothing) == (None, "its day moved")


def test_a_post_is_in_its_thread_or_in_the_channel_of_its_place(book: Any) -> None:
    book.places = {1: TOLD, 2: PostPlace("45"), 3: PostPlace("47")}
    some = batch(held(1), held(2), held(3))
    found = [some.destination(held(number), CHOSEN) for number in (1, 2, 3)]
    assert found == [("C0FORCE45", "1.1"), ("C0FORCE45", None), (None, None)]


@pytest.mark.parametrize(("channels", "begun"), [({"46": "C0FORCE46", "45": "C0FORCE45"}, [["45", "46"]]), ({}, [])])
def test_threads_are_queued_for_the_places_that_have_a_channel(
    monkeypatch: pytest.MonkeyPatch, channels: Any, begun: Any
) -> None:
    asked = []
    monkeypatch.setattr(f"{NAME}.begin", lambda _, channel, places, *__: asked.append((channel, places)))
    chosen: Any = SimpleNamespace(slack=SimpleNamespace(channels=channels))
    threads.queue(None, chosen, DAY, None)
    assert asked == [("slack", places) for places in begun]


class Api:
    """Slack, which answers each change in turn."""

    def __init__(self, *states: State) -> None:
        self.states, self.asked = list(states), list[str]()

    def update(self, remote_ref: str, _: bytes) -> Answer:
        self.asked.append(remote_ref)
        return Answer(self.states.pop(0), "")


@pytest.mark.parametrize(
    ("states", "asked", "shown"),
    [
        ((State.SENT,) * 4, ["A:1", "A:2", "B:1", "A:3"], [1, 2, 3, 4]),
        ((State.DEAD, State.SENT), ["A:1", "B:1"], [3]),
        ((State.SENT, State.RETRY), ["A:1", "A:2"], [1]),
        ((State.UNKNOWN, State.SENT, State.UNKNOWN, State.SENT), ["A:1", "A:2", "B:1", "A:3"], [2, 4]),
    ],
)
def test_first_messages_are_changed_until_slack_asks_to_wait_and_none_of_a_channel_that_is_gone(
    monkeypatch: pytest.MonkeyPatch, states: Any, asked: Any, shown: Any
) -> None:
    refs = enumerate(("A:1", "A:2", "B:1", "A:3"), 1)
    stale = [SimpleNamespace(message_id=id_, remote_ref=ref, now="now") for id_, ref in refs]
    kept = []

    @contextmanager
    def begin() -> Any:
        yield None

    monkeypatch.setattr(f"{NAME}.stale", lambda *_: stale)
    monkeypatch.setattr(f"{NAME}.present_state", lambda *_: {})
    monkeypatch.setattr(f"{NAME}.record_shown", lambda _, id_, __: kept.append(id_))
    monkeypatch.setattr(threads, "_body", lambda *_: b"")
    api: Any = Api(*states)
    base: Any = SimpleNamespace(begin=begin)
    assert threads.refresh(base, api, CHOSEN, DAY) == len(shown)
    assert (api.asked, kept) == (asked, shown)


@pytest.mark.parametrize(
    ("found", "hidden"), [([], True), ([view(), view(apart=True)], True), ([view(), view(ended=DAY)], False)]
)
def test_a_first_message_shows_nothing_of_a_case_that_somebody_is_kept_from(
    book: Any, monkeypatch: pytest.MonkeyPatch, found: Any, hidden: bool
) -> None:
    monkeypatch.setattr(threads, "post", lambda _, context, __: context)
    monkeypatch.setattr(threads, "buttons", lambda *_: None)
    made: Any = threads._body(found, CHOSEN, DAY)
    assert (getattr(made, "hidden", False), made == "thread of C1") == (hidden, not hidden)


def test_a_conversation_is_opened_for_each_reader_in_slack_who_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, opened = [], []
    statements = "tasks.carriers.slack.carrier.slack_conversations"
    monkeypatch.setattr(f"{statements}.known", lambda *_: {"P1": ("U1", "D1"), "P2": ("U2", None)})
    monkeypatch.setattr(f"{statements}.keep", lambda _, *given: kept.append(given))

    @contextmanager
    def begin() -> Any:
        yield None

    base: Any = SimpleNamespace(begin=begin)
    made: Any = Carrier(CHOSEN, base, DAY)
    made._api = SimpleNamespace(ready=lambda: None, direct=lambda user: opened.append(user) or f"D-{user}")
    claimed = [held(1), *(held(number, MessageKind.LETTER)._replace(contact_ref=f"P{number}") for number in (3, 2, 1))]
    found = made.prepare(claimed).args[1]
    assert found == {"P1": "D1", "P2": "D-U2", "P3": Answer(State.SILENT, "not in Slack")}
    assert (opened, kept) == (["U2"], [("U2", "D-U2")])


@pytest.mark.parametrize(
    ("kind", "ref", "whose", "in_thread"),
    [
        (MessageKind.THREAD, None, "", True), (MessageKind.POST, None, None, True),
        (MessageKind.OPERATIONS, None, None, False), (MessageKind.LETTER, "P1", "P1", False),
    ],
)  # fmt: skip
def test_a_post_has_buttons_for_its_reader_and_a_thread_for_everybody(
    monkeypatch: pytest.MonkeyPatch, kind: MessageKind, ref: str | None, whose: str | None, in_thread: bool
) -> None:
    signed = []
    monkeypatch.setattr(carrier, "buttons", lambda _, person, __: signed.append(person))
    monkeypatch.setattr(carrier, "post", lambda *given: given[-1])
    posts: Any = Posts(CHOSEN, {}, DAY, None, ())
    posts._threads = SimpleNamespace(destination=lambda *_: ("C0FORCE45", "1.1"), compose=lambda _: "composed")
    one = held(1, kind)._replace(contact_ref=ref)
    context: Any = "words"
    assert posts.body(ComposedMessage(one, None, context, {}), "to") == ("1.1" if in_thread else None)
    assert signed == ([] if whose is None else [whose])
    assert posts.compose(one) == ("composed" if in_thread else None)
    with pytest.raises(ValueError, match="without content"):
        posts.body(ComposedMessage(one, None, None, {}), "to")


@pytest.mark.parametrize("kind", [MessageKind.THREAD, MessageKind.POST])
def test_a_post_whose_place_has_no_channel_any_more_is_silent(kind: MessageKind) -> None:
    posts: Any = Posts(CHOSEN, {}, DAY, None, ())
    for channel, to in (("C0A", "C0A"), (None, Answer(State.SILENT, "its place has no Slack channel any more"))):
        posts._threads = SimpleNamespace(destination=lambda *_, channel=channel: (channel, None))
        assert posts.address(ComposedMessage(held(1, kind), None, None, {})) == to


def test_a_thread_names_its_case_and_a_step_is_the_one_that_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_threads, "item", lambda each, *_: each.matter.ref)
    monkeypatch.setattr(case_threads, "ordered", list)
    monkeypatch.setattr(case_threads, "reference", lambda matter: f"45/{matter.ref}")
    one = view()
    one.matter.urn, one.matter.rule, one.matter.force_code, one.day = "URN", "action", "45", DAY
    one.matter.due_on, one.matter.risk, one.matter.numbers_of = DAY, Risk.HIGH, "45"
    made = case_threads.thread_context([one], DAY)
    assert (made.reference, made.urn, made.items, made.hidden) == ("45/C1", "URN", ("C1",), False)
    for step, name in ((1, "reminder"), (2, "overdue")):
        one.step = step
        assert case_threads.step_context(one, DAY).step == name
