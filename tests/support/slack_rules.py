"""Slack's reasons to refuse a message: the limits of Block Kit and of metadata, from its documentation."""

import json
import re
from typing import Any

MOST_BLOCKS = 50
LONGEST = {
    "header": 150,
    "section": 3000,
    "field": 2000,
    "button": 75,
    "value": 2000,
    "option": 75,
    "option value": 150,
}
MOST_CHARACTERS = 13_200  # of all blocks, as JSON: undocumented, seen (bolt-js issues 2509 and 2867)


class Refused(Exception):
    """An answer `ok: false`, by its code."""


def moment(value: Any, code: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,6})?", str(value)):
        raise Refused(code)
    return float(value)


def check_message(arguments: dict[str, Any]) -> None:
    text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
    if not text and not blocks:
        raise Refused("no_text")
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    check_blocks(blocks)
    check_metadata(arguments.get("metadata"))


def check_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        raise Refused("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if any(not isinstance(value, str | int | float | bool) for value in payload.values()):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(metadata)) > 8000:
        raise Refused("metadata_too_large")


def check_blocks(blocks: Any) -> None:
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if len(blocks) > MOST_BLOCKS:
        raise Refused("invalid_blocks")
    if len(json.dumps(blocks)) > MOST_CHARACTERS:
        raise Refused("msg_blocks_too_long")
    named = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(named)) != len(named) or any(not 0 < len(name) <= 255 for name in named):
        raise Refused("invalid_blocks")
    for block in blocks:
        check = _KINDS.get(block.get("type"))
        if check is None:
            raise Refused("invalid_blocks")
        check(block)


def _text(value: Any, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> None:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        raise Refused("invalid_blocks")
    words = value.get("text")
    if not isinstance(words, str) or not 0 < len(words) <= longest:
        raise Refused("invalid_blocks")
    if set(value) - {"type", "text", "emoji" if value["type"] == "plain_text" else "verbatim"}:
        raise Refused("invalid_blocks")


def _header(block: dict[str, Any]) -> None:
    _text(block.get("text"), LONGEST["header"], ("plain_text",))


def _section(block: dict[str, Any]) -> None:
    fields = block.get("fields")
    if "text" not in block and not fields:
        raise Refused("invalid_blocks")
    if "text" in block:
        _text(block["text"], LONGEST["section"])
    if fields is not None and not 0 < len(fields) <= 10:
        raise Refused("invalid_blocks")
    for each in fields or []:
        _text(each, LONGEST["field"])
    if "accessory" in block:
        _element(block["accessory"])


def _context(block: dict[str, Any]) -> None:
    elements = block.get("elements") or []
    if not 0 < len(elements) <= 10:
        raise Refused("invalid_blocks")
    for each in elements:
        _text(each, LONGEST["section"])


def _actions(block: dict[str, Any]) -> None:
    elements = block.get("elements") or []
    named = [each.get("action_id") for each in elements]
    if not 0 < len(elements) <= 25 or len(set(named)) != len(named):
        raise Refused("invalid_blocks")
    for each in elements:
        _element(each)


def _element(element: dict[str, Any]) -> None:  # noqa: C901  one branch for each kind
    if not isinstance(element.get("action_id"), str) or not 0 < len(element["action_id"]) <= 255:
        raise Refused("invalid_blocks")
    kind = element.get("type")
    if kind == "button":
        _text(element.get("text"), LONGEST["button"], ("plain_text",))
        if len(element.get("value", "")) > LONGEST["value"] or len(element.get("url", "")) > 3000:
            raise Refused("invalid_blocks")
    elif kind == "datepicker":
        if "placeholder" in element:
            _text(element["placeholder"], 150, ("plain_text",))
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", element.get("initial_date", "2026-01-01")):
            raise Refused("invalid_blocks")
    elif kind == "static_select":
        options = element.get("options") or []
        if not 0 < len(options) <= 100:
            raise Refused("invalid_blocks")
        for option in options:
            _text(option.get("text"), LONGEST["option"], ("plain_text",))
            if not 0 < len(option.get("value", "")) <= LONGEST["option value"]:
                raise Refused("invalid_blocks")
    else:
        raise Refused("invalid_blocks")
    if "confirm" in element:
        _confirm(element["confirm"])


def _confirm(confirm: dict[str, Any]) -> None:
    for name, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        _text(confirm.get(name), longest, ("plain_text",) if name != "text" else ("plain_text", "mrkdwn"))


_KINDS = {
    "header": _header, "section": _section, "context": _context, "actions": _actions, "divider": lambda _: None,
}  # fmt: skip
