"""Render a message as the bytes of one Slack post."""

import hashlib
import json
from datetime import date, timedelta
from itertools import chain
from typing import Any

from config.message_kinds import MessageKind
from config.routes import Channel
from config.slack import Slack
from tasks.carriers.case_threads import cleaned
from tasks.carriers.slack.blocks import Handle, TooLong, card
from tasks.messages.contexts import MessageContext
from tasks.messages.kinds import KINDS
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
    whole = cleaned(context)
    for fitting_in in chain([whole], KINDS[kind].shorter(whole)):
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
