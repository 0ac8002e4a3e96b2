"""Block Kit from lines of text: how a line begins says what it becomes, and nothing in a value can become anything.

    # a heading          the first is also the message's notification
    * a new paragraph    | the same paragraph's next line
    @ hold show 7        buttons about the obligation of this number
    > small print

Every text is `plain_text` without emoji, which Slack neither formats nor links; and `&`, `<`, `>` are escaped besides,
so that `<!channel>` or `<@U1>` call nobody wherever Slack would read them. The limits are Slack's, of Block Kit.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import yaml

from config.slack import Click
from tasks.platform.templates import TEMPLATES

MOST_BLOCKS = 50
HEADER, TEXT, NOTIFICATION = 150, 3_000, 300
LONGEST_ID = 255
LONGEST = 12_000  # characters of all blocks as JSON; Slack refuses somewhere beyond 13,000 and does not say where
Block = dict[str, Any]
Handle = Callable[[int], str]  # what the buttons of an obligation are known by


class TooLong(ValueError):
    """More than one message of Slack's may hold."""


def card(lines: str, handle: Handle | None) -> dict[str, Any]:
    """A message's `text` and `blocks`. Without a `handle` it has no buttons. Raises TooLong."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        mark, _, words = line.partition(" ")
        if mark in {"*", "#", ">", "@"}:
            _close(blocks, paragraph)
        if mark in {"*", "|"}:
            paragraph.append(words)
        elif mark == "#":
            blocks.append({"type": "header", "text": plain(words, HEADER)})
        elif mark == ">":
            blocks.append({"type": "context", "elements": [plain(words, TEXT)]})
        elif mark == "@":
            _buttons(blocks, words, handle)
        else:
            raise ValueError("a line of a Slack template that begins with none of # * | @ >")
    _close(blocks, paragraph)
    heading = next((line[2:] for line in lines.splitlines() if line.startswith("# ")), "Casebeat")
    made = {"text": fitted(heading, NOTIFICATION), "blocks": blocks}
    check(made)
    return made


def check(message: dict[str, Any]) -> None:
    """Refuse what Slack would refuse, before it is asked. Raises TooLong, and ValueError where it is not our length."""
    blocks = message["blocks"]
    if len(blocks) > MOST_BLOCKS or len(json.dumps(blocks)) > LONGEST:
        raise TooLong
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(named)) != len(named) or any(len(name) > LONGEST_ID for name in named):
        raise ValueError("two blocks of one name, or a name too long")
    if not message["text"]:
        raise ValueError("a message without its notification")


def plain(words: str, longest: int) -> dict[str, Any]:
    """A text object that is shown as it is."""
    return {"type": "plain_text", "text": fitted(words, longest) or "-", "emoji": False}


def fitted(words: str, longest: int) -> str:
    """Words as Slack shows them literally, no longer than it takes once they are escaped."""
    kept = _shown(words)
    while len(escaped := _escaped(kept)) > longest:
        over = len(escaped) - longest
        kept = kept.removesuffix("…")[: -max(1, over // 5 + 1)].rstrip() + "…"  # no character grows by more than 4
    return escaped


def _shown(words: str) -> str:
    """Without control, format and surrogate characters; line breaks stay."""
    return "".join(each for each in words if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Cs"})


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _close(blocks: list[Block], paragraph: list[str]) -> None:
    if paragraph:
        blocks.append({"type": "section", "text": plain("\n".join(paragraph), TEXT)})
        paragraph.clear()


def _buttons(blocks: list[Block], words: str, handle: Handle | None) -> None:
    *wanted, number = words.split(" ")
    block_id = handle(int(number)) if handle and int(number) else ""
    if block_id and not any(block.get("block_id") == block_id for block in blocks):
        elements = [_ELEMENTS[Click(each)]() for each in wanted]
        blocks.append({"type": "actions", "block_id": block_id, "elements": elements})


@cache
def _said() -> Mapping[str, Any]:
    """The words of the buttons."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "slack" / "buttons.yaml").read_text("utf-8"))
    return found


def _hold() -> Block:
    said = _said()["hold"]
    return {
        "type": "datepicker",
        "action_id": Click.HOLD.value,
        "placeholder": plain(said["label"], HEADER),
        "confirm": {
            "title": plain(said["title"], 100),
            "text": plain(said["text"], 300),
            "confirm": plain(said["take"], 30),
            "deny": plain(said["leave"], 30),
        },
    }


def _show() -> Block:
    return {"type": "button", "action_id": Click.SHOW.value, "text": plain(_said()["show"]["label"], 75)}


_ELEMENTS: dict[Click, Callable[[], Block]] = {Click.HOLD: _hold, Click.SHOW: _show}
