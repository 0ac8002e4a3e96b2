"""The table of the demo's replies: the letter, its reader's reply, Casebeat's answer, and what the book says since."""

import html
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.queries.demo import ReplyEffect
from models.rules.arithmetic import format_day
from tasks.demo.reports import DemoExchange
from tasks.platform.templates import names
from tasks.platform.text import brief

_HEADINGS = ("Day", "Who", "The letter", "Their reply", "Casebeat's answer", "The book since")


class PageLinks(NamedTuple):
    """The links to the pages of mails: by their files, and of answers by the Message-ID that they answer."""

    by_file: Mapping[str, str]
    answers: Mapping[str, str]


def exchanges_table(
    exchanges: Iterable[DemoExchange], effects: Mapping[str, ReplyEffect], links: PageLinks, roles: Mapping[str, str]
) -> str:
    """Return the table as HTML; empty without any reply."""
    rows = "".join(
        _row(
            html.escape(brief(one.day, one.day)),
            html.escape(f"{roles.get(one.by, '')}, {one.by}"),
            links.by_file.get(one.answers, ""),
            f"<q>{html.escape(one.said)}</q>",
            links.answers.get(one.message_id, ""),
            html.escape(_since(effects.get(one.message_id))),
        )
        for one in exchanges
    )
    headings = "".join(f"<th>{html.escape(word)}</th>" for word in _HEADINGS)
    table = f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide">{table}</div>' if rows else ""


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _since(effect: ReplyEffect | None) -> str:
    """Describe the state of the obligation at the end of the demo in a few words."""
    if effect is None:
        return "nothing changed"
    owed = f"owed still, due {format_day(effect.due_on)}"
    if effect.ended_on is not None and effect.end_reason is not None:
        words = names()["met"].get(effect.rule) if effect.end_reason == "met" else None
        return f"ended {format_day(effect.ended_on)}: {words or names()['ended'][effect.end_reason]}"
    if effect.passed_to:
        return f"told to {' and '.join(effect.passed_to)} too; {owed}"
    if effect.promised_until is not None:
        until = f"taken on until {format_day(effect.promised_until)}"
        return f"{until}; {names()['promise'][effect.promise_end]}" if effect.promise_end else f"{until}; {owed}"
    return owed
