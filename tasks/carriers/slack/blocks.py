"""Turn lines of text into Block Kit: the mark at a line's beginning decides its block, and no value can hold a mark.

    # a heading          the first is also the message's notification
    * a new paragraph    | the same paragraph's next line
    @ hold show 7        buttons about the obligation of this number
    > small print

Every text is `plain_text` without emoji, which Slack neither formats nor links; and `&`, `<`, `>` are escaped besides,
so that `<!channel>` or `<@U1>` call nobody wherever Slack would read them. The limits are Slack's, of Block Kit.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml

from config.slack import Click
from tasks.platform.templates import TEMPLATES
from tasks.platform.text import shown

MOST_BLOCKS = 50
HEADER, TEXT, NOTIFICATION = 150, 3_000, 300
LONGEST_ID = 255
LONGEST = 12_000  # characters of all blocks as JSON; Slack refuses somewhere beyond 13,000 and does not say where
Block = dict[str, Any]
Handle = Callable[[int], str]  # the key by which the buttons of an obligation are recognised


class TooLong(ValueError):
    """The message is longer than Slack takes."""


def card(lines: str, handle: Handle | None) -> dict[str, Any]:
    """Make a message's `text` and `blocks`. Without a `handle` it has no buttons. Raises TooLong."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        mark, _, text = line.partition(" ")
        if mark in {"*", "#", ">", "@"}:
            _close(blocks, paragraph)
        if mark in {"*", "|"}:
            paragraph.append(text)
        elif mark == "#":
            blocks.append({"type": "header", "text": plain(text, HEADER)})
        elif mark == ">":
            blocks.append({"type": "context", "elements": [plain(text, TEXT)]})
        elif mark == "@":
            _buttons(blocks, text, handle)
        else:
            raise ValueError("a line of a Slack template that begins with none of # * | @ >")
    _close(blocks, paragraph)
    heading = next((line[2:] for line in lines.splitlines() if line.startswith("# ")), "Casebeat")
    made = {"text": fitted(heading, NOTIFICATION), "blocks": blocks}
    check(made)
    return made


def check(message: dict[str, Any]) -> None:
    """Refuse a message that Slack would refuse. Raises TooLong, and ValueError where the fault is not its length."""
    blocks = message["blocks"]
    if len(blocks) > MOST_BLOCKS or len(json.dumps(blocks)) > LONGEST:
        raise TooLong
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(named)) != len(named) or any(len(name) > LONGEST_ID for name in named):
        raise ValueError("two blocks of one name, or a name too long")
    if not message["text"]:
        raise ValueError("a message without its notification")


def plain(text: str, longest: int) -> dict[str, Any]:
    """Make a text object that Slack shows as it is."""
    return {"type": "plain_text", "text": fitted(text, longest) or "-", "emoji": False}


def fitted(text: str, longest: int) -> str:
    """Escape a text so that Slack shows it literally, and cut it to a length that holds after escaping."""
    kept = shown(text)
    while len(escaped := _escaped(kept)) > longest:
        over = len(escaped) - longest
        kept = kept.removesuffix("…")[: -max(1, over // 5 + 1)].rstrip() + "…"  # no character grows by more than 4
    return escaped


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _close(blocks: list[Block], paragraph: list[str]) -> None:
    if paragraph:
        blocks.append({"type": "section", "text": plain("\n".join(paragraph), TEXT)})
        paragraph.clear()


def _buttons(blocks: list[Block], text: str, handle: Handle | None) -> None:
    *wanted, number = text.split(" ")
    block_id = handle(int(number)) if handle and int(number) else ""
    if block_id and not any(block.get("block_id") == block_id for block in blocks):
        elements = [_ELEMENTS[Click(each)]() for each in wanted]
        blocks.append({"type": "actions", "block_id": block_id, "elements": elements})


@cache
def _texts() -> Mapping[str, Any]:
    """The texts of the buttons."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "slack" / "buttons.yaml").read_text("utf-8"))
    return found


def _hold() -> Block:
    texts = _texts()["hold"]
    return {
        "type": "datepicker",
        "action_id": Click.HOLD.value,
        "placeholder": plain(texts["label"], HEADER),
        "confirm": {
            "title": plain(texts["title"], 100),
            "text": plain(texts["text"], 300),
            "confirm": plain(texts["take"], 30),
            "deny": plain(texts["leave"], 30),
        },
    }


def _show() -> Block:
    return {"type": "button", "action_id": Click.SHOW.value, "text": plain(_texts()["show"]["label"], 75)}


def _confirm() -> Block:
    text = plain(_texts()["confirm"]["label"], 75)
    return {"type": "button", "action_id": Click.CONFIRM.value, "text": text, "style": "primary"}


_ELEMENTS: dict[Click, Callable[[], Block]] = {Click.HOLD: _hold, Click.SHOW: _show, Click.CONFIRM: _confirm}
