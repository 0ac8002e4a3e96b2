"""Turn lines of text into an Adaptive Card, as a Workflows flow posts it.

The mark at a line's beginning decides how it looks, as in Slack's messages. Every text is a `TextRun`, which knows no
Markdown: no value becomes a link, a mention or a format. A flow takes no clicks, so that lines of buttons are left out.
"""

import json
from typing import Any

from config.message_kinds import MessageKind
from config.routes import Channel
from tasks.carriers.case_threads import cleaned
from tasks.messages.contexts import MessageContext
from tasks.messages.kinds import KINDS
from tasks.messages.rendering import render_for
from tasks.platform.text import shown

LONGEST = 24_000  # bytes; Teams refuses beyond 28 KB, and the flow adds to it
_LOOKS: dict[str, dict[str, Any]] = {
    "#": {"size": "medium", "weight": "bolder"},
    "*": {"weight": "bolder"},
    "|": {},
    ">": {"size": "small", "isSubtle": True},
}
_SPACING = {"#": "none", "*": "medium", "|": "none", ">": "medium"}


def card(kind: MessageKind, context: MessageContext) -> bytes:
    """Render a message as the bytes of its request. Items beyond the length are counted; mail has them all.

    Raises ValueError where nothing can be left out of a message that is too long.
    """
    context = cleaned(context)
    for message_context in (context, *KINDS[kind].shorter(context)):
        made = json.dumps(_message(render_for(Channel.TEAMS, kind, message_context)), ensure_ascii=False).encode()
        if len(made) <= LONGEST:
            return made
    raise ValueError(f"a {kind} message that nothing can be left out of")


def _message(lines: str) -> dict[str, Any]:
    body = [_block(line) for line in filter(None, map(str.strip, lines.splitlines())) if line[0] != "@"]
    content = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _block(line: str) -> dict[str, Any]:
    mark, _, text = line.partition(" ")
    run = {"type": "TextRun", "text": shown(text), **_LOOKS[mark]}
    return {"type": "RichTextBlock", "spacing": _SPACING[mark], "inlines": [run]}
