"""Render a message as the bytes of one Slack post."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from config.message_kinds import MessageKind
from config.routes import Channel
from config.slack import Slack
from tasks.carriers.case_threads import cleaned, shorter
from tasks.carriers.slack.blocks import Handle, TooLong, card
from tasks.messages.contexts import CaseThreadContext
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.blocks import NEWS, shortened
from tasks.messages.letter.contexts import LetterContext
from tasks.messages.rendering import render_for
from tasks.platform import tokens
from tasks.platform.tokens import Purpose

GOOD_FOR_DAYS = 28  # a button: the weekly digest repeats what is still open, with fresh ones


def post(kind: MessageKind, context: MessageContext, handle: Handle | None, thread_ts: str | None = None) -> bytes:
    """Render the whole post as JSON: text, blocks and the thread it belongs to. A `handle` gives it buttons."""
    made = fitting(kind, context, handle)
    return json.dumps(made | ({"thread_ts": thread_ts} if thread_ts else {}), ensure_ascii=False).encode()


def fitting(kind: MessageKind, context: MessageContext, handle: Handle | None) -> dict[str, Any]:
    """Fit a message to the length that Slack takes. Items left out are counted; the e-mail and explain show them."""
    for fitting_in in _shorter_and_shorter(cleaned(context)):
        try:
            return card(render_for(Channel.SLACK, kind, fitting_in), handle)
        except TooLong:
            continue
    raise TooLong(f"a {kind} message that nothing can be left out of")


def post_ref(key: str) -> str:
    """Make the reference by which a post's row is found: a digest, since a key holds a person's reference."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def buttons(slack: Slack, person_ref: str, today: date) -> Handle | None:
    """Sign a message's buttons: each key is good for one person ("": whoever may) and one version, for a while.

    None where nobody listens to buttons.
    """
    if not slack.buttons:
        return None
    expires_on = today + timedelta(days=GOOD_FOR_DAYS)
    return lambda obligation_id: tokens.sign(person_ref, obligation_id, Purpose.BUTTON, expires_on)


def _shorter_and_shorter(context: MessageContext) -> Iterator[MessageContext]:
    """Yield the message, then a quarter less each time: items still open go first, the worst stay longest."""
    yield context
    while isinstance(context, LetterContext) and (shown := _lines(context)):
        context = shortened(context, max(1, shown // 4))
        yield context
    if isinstance(context, CaseThreadContext):
        yield from shorter(context)


def _lines(letter: LetterContext) -> int:
    standing = letter.standing
    within = len(standing.still_open) + len(standing.stalled) if standing else 0
    blocks = (letter.limits, letter.at_once, letter.victim, letter.yours, letter.resolved)
    return within + sum(map(len, blocks)) + sum(len(getattr(letter, name)) for name in NEWS)
