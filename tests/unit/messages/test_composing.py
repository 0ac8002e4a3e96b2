"""What of a message is still to be said to its reader, and on its channel, and why the rest is not."""

from datetime import timedelta

import pytest

from config.terms import EndReason, Happening
from flows.configured import configured
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import TOLD_NO_REFERENCE, Relevant, never_named_on, silence
from tasks.messages.operations import OperationsContext, compose
from tests.worlds.messages import TODAY, held, owed, reader, world

ENDED = {"ended_on": TODAY, "end_reason": EndReason.MET}


def told(number: int = 1, happening: Happening = Happening.STEP, **changed: object) -> NotificationView:
    """A notification; keywords are its obligation's, `again` and `reopened` its own."""
    own = {"owed_again": changed.pop("again", False), "reopened": changed.pop("reopened", False)}
    one = owed("action", -1)
    matter = one.matter._replace(**changed)
    return one._replace(notification_id=number, happening=happening, matter=matter, **own)


def relevant(
    *views: NotificationView, to: Reader | None = None, ref: str | None = "P1", slack: bool = False
) -> Relevant:
    message = held(ref)
    known = [to] if to else []
    return world(*known, told={message.id: list(views)}, unrestricted={"email"} if slack else set()).relevant(message)


RESOLVED = told(2, Happening.RESOLVED, **ENDED)


def test_what_is_owed_and_what_has_ended_are_said() -> None:
    assert relevant(told(), RESOLVED, to=reader()) == Relevant([told(), RESOLVED], {})


def test_what_ended_before_it_was_said_is_not_said_unless_it_is_owed_again() -> None:
    found = relevant(told(**ENDED), told(2, again=True, **ENDED), to=reader())
    assert [one.notification_id for one in found.said] == [2]
    assert found.silent == {1: "ended: met"}


def test_a_step_that_a_later_one_has_overtaken_is_not_said() -> None:
    assert set(relevant(told(last_step=2), told(2, last_step=1), to=reader()).silent) == {1}


def test_while_a_promise_runs_nothing_is_said() -> None:
    until = {"promised_until": TODAY + timedelta(days=1), "promise_end": None}
    assert relevant(told(**until), to=reader()).said == []


def test_an_end_that_is_taken_back_is_said_as_owed_again() -> None:
    back = told(3, Happening.RESOLVED, again=True, reopened=True, **ENDED)
    assert relevant(back, to=reader()).said == [back]
    assert relevant(back._replace(reopened=False), to=reader()).said == []


def test_who_is_barred_hears_nothing() -> None:
    found = relevant(told(barred=frozenset({"P1"})), told(2, barred=frozenset({"P9"})), to=reader())
    assert ([one.notification_id for one in found.said], found.silent) == ([2], {1: BARRED})


def test_operations_do_not_hear_of_the_end_of_what_they_were_told_without_a_reference() -> None:
    barred = {"barred": frozenset({"P9"})}
    ended = told(3, Happening.RESOLVED, **barred, **ENDED)
    found = relevant(told(**barred), RESOLVED, ended, ref=None)
    assert [one.notification_id for one in found.said] == [1, 2]
    assert found.silent == {3: TOLD_NO_REFERENCE}
    assert relevant(ended, to=reader()).said == [ended]


def test_a_restricted_case_is_never_named_on_a_channel_that_may_not_name_one() -> None:
    views = told(restricted=True), told(2)
    assert relevant(*views, to=reader(), slack=True).silent == {1: never_named_on(configured(), "email")}
    assert relevant(*views, to=reader()).silent == {}


@pytest.mark.parametrize(
    ("to", "views", "nothing"),
    [
        (reader(), (RESOLVED,), ""), (None, (RESOLVED,), LEFT), (reader(left=True), (RESOLVED,), LEFT),
        (None, (told(), RESOLVED), ""), (None, (), LEFT),
    ],
)  # fmt: skip
def test_news_of_an_end_alone_goes_to_nobody_in_place_of_a_leaver(to, views, nothing) -> None:
    found = relevant(*views, to=to)
    assert found.nothing == nothing
    assert (not found.said) is bool(nothing)
    assert relevant(*views, ref=None).nothing == ""


@pytest.mark.parametrize(
    ("silent", "reason", "why"),
    [
        ({1: "b", 2: "a", 3: "b", 4: "d", 5: "c", 6: "e"}, "", "a; b; c; d; e"), ({}, "repeated", "repeated"),
        ({}, "", "nothing to say"), ({1: "a"}, "repeated", "a"),
    ],
)  # fmt: skip
def test_the_reasons_of_a_silence_are_said_once(silent, reason, why) -> None:
    assert silence(Relevant([], silent), held(reason=reason)) == why


@pytest.mark.parametrize(
    ("text", "headline", "lines"),
    [("one\ntwo\nthree", "one", ("two", "three")), ("\none\n", "one", ()), (None, "", ()), (" ", "", ())],
)
def test_a_message_to_operations_has_its_headline_and_its_lines(text, headline, lines) -> None:
    context = compose(held(None, text=text), world()).context
    assert isinstance(context, OperationsContext)
    assert (context.headline, context.lines) == (headline, lines)
