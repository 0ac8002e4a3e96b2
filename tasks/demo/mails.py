"""HTML pages of the stored mails, in one folder per person, with an index page and a table of replies."""

import email
import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from email.message import EmailMessage
from email.policy import default
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from models.queries.demo import ReplyEffect
from models.rules.arithmetic import format_day
from tasks.demo.reports import DemoExchange
from tasks.platform.templates import names
from tasks.platform.text import brief

_PAGE = """<!doctype html><html lang="en-GB"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
h2{{font-size:1rem;margin:1rem 0 0}} ul{{margin:.2rem 0}} details details{{margin-left:1.4rem}}
.wide{{overflow-x:auto}} table{{border-collapse:collapse;font-size:.9rem}}
td,th{{border-bottom:1px solid #8888;padding:.3rem .5rem;text-align:left;vertical-align:top}}</style>
<h1>{title}</h1>{body}</html>
"""


_ROLES = {  # in the order of the index
    "spoc": "SPOC",
    "lead": "lead",
    "supervisor": "supervisor",
    "legal_manager": "legal manager",
    "officer": "officer",
    "prosecutor": "prosecutor",
}
_OTHERS = "operations"
_HEADINGS = ("Day", "Who", "The letter", "Their reply", "Casebeat's answer", "The book since")


class KeptMail(NamedTuple):
    """One mail: its file, recipient, day, subject, page, attachments, and the Message-ID that it answers."""

    file: str

    to: str
    day: date
    subject: str
    page: str
    attached: tuple[tuple[str, bytes], ...]
    answers: str

    @property
    def for_the_calendar(self) -> bool:
        """Return whether it creates, changes or cancels a calendar event."""
        return any(name.endswith(".ics") for name, _ in self.attached)


def write_pages(
    maildir: Path,
    folder: Path,
    roles: Mapping[str, str],
    exchanges: Sequence[DemoExchange] = (),
    effects: Mapping[str, ReplyEffect] = MappingProxyType({}),
) -> Path:
    """Write every mail as a page, in order of arrival, and return the index page.

    `roles` maps addresses to roles. The index begins with what was answered by mail, then with the people responsible
    for a force or Area.
    """
    per_person: dict[str, list[KeptMail]] = defaultdict(list)
    for path in sorted((maildir / "new").iterdir()):
        kept = _read(path.name, email.message_from_bytes(path.read_bytes(), policy=default))
        per_person[kept.to].append(kept)
    parts: list[str] = []
    by_file: dict[str, str] = {}
    answers: dict[str, str] = {}
    for person, mails in sorted(per_person.items(), key=lambda item: (_place(roles.get(item[0], "")), item[0])):
        written = [(kept, _write(folder, number, kept)) for number, kept in enumerate(mails, 1)]
        by_file |= {kept.file: link for kept, link in written}
        answers |= {kept.answers: link for kept, link in written}
        links = _by_day(written)
        count = f"{len(mails)} mail{'' if len(mails) == 1 else 's'}"
        who = html.escape(f"{_ROLES.get(roles.get(person, ''), _OTHERS)}, {person}")
        parts.append(f"<details><summary>{who}: {count}</summary>{links}</details>")
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.html"
    named = {address: _ROLES.get(role, _OTHERS) for address, role in roles.items()}
    table = _exchanges_table(exchanges, effects, _PageLinks(by_file, answers), named)
    answered = f"<h2>Answered by mail</h2>{table}<h2>Everybody's mails</h2>" if table else ""
    index.write_text(_PAGE.format(title="Mails of the demo", body=answered + "".join(parts)), encoding="utf-8")
    return index


def _by_day(linked: Sequence[tuple[KeptMail, str]]) -> str:
    """Group one person's links by day, with calendar events together at the end of each day."""
    parts = []
    for day, mails in groupby(linked, key=lambda one: one[0].day):
        here = list(mails)
        parts.append(f"<h2>{format_day(day)}</h2>{_list(link for kept, link in here if not kept.for_the_calendar)}")
        if events := [link for kept, link in here if kept.for_the_calendar]:
            count = f"{len(events)} calendar event{'' if len(events) == 1 else 's'}"
            parts.append(f"<details><summary>{count}</summary>{_list(events)}</details>")
    return "".join(parts)


def _list(links: Iterable[str]) -> str:
    items = "".join(f"<li>{link}</li>" for link in links)
    return f"<ul>{items}</ul>" if items else ""


def _place(role: str) -> int:
    return list(_ROLES).index(role) if role in _ROLES else len(_ROLES)


def _read(file: str, message: EmailMessage) -> KeptMail:
    part = message.get_body(("html", "plain"))
    content = str(part.get_content()) if part else ""
    if part is None or part.get_content_type() != "text/html":
        title = html.escape(str(message["Subject"]))
        content = _PAGE.format(title=title, body=f"<pre>{html.escape(content)}</pre>")
    attached = tuple(
        (
            Path(attachment.get_filename() or "attached").name,
            bytes(attachment.get_payload(decode=True) or b""),
        )
        for attachment in message.iter_attachments()
    )
    subject = str(message["Subject"]).strip()  # a long subject is folded at its beginning
    to, day = message["To"].addresses[0].addr_spec, message["Date"].datetime.date()
    answers = str(message["In-Reply-To"] or "") if message["Auto-Submitted"] == "auto-replied" else ""
    return KeptMail(file, to, day, subject, content, attached, answers)


def _write(folder: Path, number: int, kept: KeptMail) -> str:
    """Write one mail and its attachments, and return the links to them."""
    own = folder / (re.sub(r"[^a-z0-9.@-]+", "-", kept.to.lower()).strip("-") or "nobody")
    own.mkdir(parents=True, exist_ok=True)
    page = own / f"{number:03}.html"
    page.write_text(kept.page, encoding="utf-8")
    links = [f'<a href="{own.name}/{page.name}">{html.escape(kept.subject)}</a>']
    for name, content in kept.attached:
        (own / f"{number:03}-{name}").write_bytes(content)
        links.append(f'<a href="{own.name}/{number:03}-{html.escape(name)}">{html.escape(name)}</a>')
    return ", ".join(links)


class _PageLinks(NamedTuple):
    """The links to the pages of mails: by their files, and of answers by the Message-ID that they answer."""

    by_file: Mapping[str, str]
    answers: Mapping[str, str]


def _exchanges_table(
    exchanges: Iterable[DemoExchange], effects: Mapping[str, ReplyEffect], links: _PageLinks, roles: Mapping[str, str]
) -> str:
    """Return the replies as a table: letter, its reader's reply, Casebeat's answer, and what the book says since."""
    rows = "".join(
        _row(
            html.escape(brief(exchange.day, exchange.day)),
            html.escape(f"{roles.get(exchange.by, '')}, {exchange.by}"),
            links.by_file.get(exchange.answers, ""),
            f"<q>{html.escape(exchange.said)}</q>",
            links.answers.get(exchange.message_id, ""),
            html.escape(_since(effects.get(exchange.message_id))),
        )
        for exchange in exchanges
    )
    headings = "".join(f"<th>{html.escape(word)}</th>" for word in _HEADINGS)
    table = f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide">{table}</div>' if rows else ""


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _since(effect: ReplyEffect | None) -> str:
    """Describe the state of the obligation at the end of the demo in a few words."""
    if effect and effect.outcomes:
        return f"{effect.outcomes} outcome{'' if effect.outcomes == 1 else 's'} recorded"
    if effect is None or effect.due_on is None:
        return "nothing changed"
    owed = f"owed still, due {format_day(effect.due_on)}"
    if effect.ended_on is not None and effect.end_reason is not None:
        return f"ended {format_day(effect.ended_on)}: {effect.fact or names()['ended'][effect.end_reason]}"
    if effect.passed_to:
        return f"told to {' and '.join(effect.passed_to)} too; {owed}"
    if effect.promised_until is not None:
        until = f"taken on until {format_day(effect.promised_until)}"
        return f"{until}; {names()['promise'][effect.promise_end]}" if effect.promise_end else f"{until}; {owed}"
    return owed
