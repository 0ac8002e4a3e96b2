"""Render a message as the bytes of one Slack post."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

from config.routes import Channel
from config.slack import Slack
from config.terms import MessageKind
from tasks.carriers.slack.blocks import Handle, TooLong, card
from tasks.messages.contexts import CaseThreadContext
from tasks.messages.kinds import MessageContext
from tasks.messages.letter.contexts import DigestContext
from tasks.messages.rendering import render_for
from tasks.platform import tokens
from tasks.platform.text import one_line
from tasks.platform.tokens import Purpose

GOOD_FOR_DAYS = 28  # a button: the weekly digest repeats what is still open, with fresh ones


def post(kind: MessageKind, context: MessageContext, handle: Handle | None, thread_ts: str | None = None) -> bytes:
    """Render the whole post as JSON: text, blocks and the thread it belongs to. A `handle` gives it buttons."""
    made = fitting(kind, context, handle)
    return json.dumps(made | ({"thread_ts": thread_ts} if thread_ts else {}), ensure_ascii=False).encode()


def fitting(kind: MessageKind, context: MessageContext, handle: Handle | None) -> dict[str, Any]:
    """Fit a message to the length that Slack takes. Items left out are counted; the e-mail and explain show them."""
    for shorter in _shorter_and_shorter(cleaned(context)):
        try:
            return card(render_for(Channel.SLACK, kind, shorter), handle)
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


def cleaned(value: Any) -> Any:
    """Put every text of a value on one line, so that none can begin a line of its own."""
    if type(value) is str:
        return one_line(value)
    if isinstance(value, tuple):
        return tuple(cleaned(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: cleaned(getattr(value, each.name)) for each in fields(value)})
    return value


def _shorter_and_shorter(context: MessageContext) -> Iterator[MessageContext]:
    """Yield the message, then a quarter less each time: items still open go first, the worst stay longest."""
    yield context
    while isinstance(context, DigestContext) and (shown := _lines(context)):
        context = _without(context, max(1, shown // 4))
        yield context
    while isinstance(context, CaseThreadContext) and (shown := len(context.items) - context.left_out):
        context = replace(context, left_out=context.left_out + max(1, shown // 4))
        yield context


def _lines(digest: DigestContext) -> int:
    standing = digest.standing
    within = len(standing.still_open) + len(standing.stalled) if standing else 0
    return within + sum(len(group.items) for group in digest.groups)


def _without(digest: DigestContext, number: int) -> DigestContext:
    """Leave this many lines out of a digest, and count them where they were."""
    standing, groups, more = digest.standing, list(digest.groups), digest.more
    if standing and standing.still_open:
        kept = standing.still_open[: max(0, len(standing.still_open) - number)]
        gone = len(standing.still_open) - len(kept)
        return replace(digest, standing=replace(standing, still_open=kept, open_more=standing.open_more + gone))
    last = next((at for at in reversed(range(len(groups))) if groups[at].items), None)
    if last is not None:
        items = groups[last].items
        groups[last] = replace(groups[last], items=items[: max(0, len(items) - number)])
        return replace(digest, groups=tuple(groups), more=more + len(items) - len(groups[last].items))
    if standing is None:
        return digest
    cases = standing.stalled[: max(0, len(standing.stalled) - number)]
    gone = len(standing.stalled) - len(cases)
    return replace(digest, standing=replace(standing, stalled=cases, stalled_more=standing.stalled_more + gone))
