"""Words: typed contexts in, a message's subject, text, HTML and list out. The words themselves are config's files."""

import csv
import io
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.terms import MessageKind
from models.queries.outbox_list import Untold
from models.rules.said import day_said
from tasks.messages.agenda.contexts import Agenda
from tasks.messages.agenda.listing import COLUMNS, rows
from tasks.messages.contexts import Answer, Digest, Following
from tasks.messages.convening.contexts import COLUMNS as LATE
from tasks.messages.convening.contexts import Lacking
from tasks.messages.invitation.contexts import Invitation
from tasks.messages.kinds import KINDS, Context

TEMPLATES = Path(__file__).parent.parent / "config" / "templates"
LONDON = ZoneInfo("Europe/London")
MOST_ABOUT = 40  # what each message that could not be said was about, in the word to operations
_MARKS = re.compile(r"[\\`*_\[\]<>|&~#!]")

LISTED = (
    "reference", "urn", "rule", "title", "subject", "severity", "owed_by", "due_on", "since", "moved", "tried",
    "following", "basis", "ended_on", "ended",
)  # fmt: skip


@dataclass(frozen=True)
class Rendered:
    """A message's words. `csv` is the whole list, where the message does not show all of it."""

    subject: str
    text: str
    html: str
    csv: str | None


def render(kind: MessageKind, context: Context) -> Rendered:
    """Say a context in its kind's words. An unknown name in a template raises: a half-said message is not sent."""
    if type(context) is not KINDS[kind]:
        raise TypeError(f"a {kind} message is rendered from {KINDS[kind].__name__}")
    values = _values(context)
    subject = _environment(html=False).get_template(f"{kind}/subject.txt").render(values)
    text = _environment(html=False).get_template(f"{kind}/body.txt").render(values)
    html = _environment(html=True).get_template(f"{kind}/body.html").render(values)
    return Rendered(one_line(subject), _plain(text), html, _list(context))


def lines(kind: MessageKind, context: Context) -> str:
    """A context as lines for Slack, in its kind's words (tasks/slack/blocks.py tells what each line becomes)."""
    return plainly(f"{kind}/slack.txt", _values(context))


def _values(context: Context) -> dict[str, Any]:
    return {field.name: getattr(context, field.name) for field in fields(context)}


def plainly(template: str, values: Mapping[str, Any]) -> str:
    """Lines of plain text, from a template's name and what it uses."""
    return _plain(_environment(html=False).get_template(template).render(values))


def note(name: str, values: Mapping[str, Any]) -> str:
    """A word to operations, from `operations/<name>`: counts and references only."""
    return _plain(_environment(html=False).get_template(f"operations/{name}").render(values))


def undelivered(found: Sequence[Untold], capped: int) -> str:
    """What operations are told of messages that could not be said, or that caps keep back."""
    return plainly("parts/undelivered.txt", {"found": found, "capped": capped, "most": MOST_ABOUT})


def summary(said: Invitation) -> str:
    """What a calendar event is called, on one line."""
    return one_line(plainly("invitation/summary.txt", _values(said)))


def description(said: Invitation) -> str:
    """What a calendar event says within."""
    return plainly("invitation/description.txt", _values(said)).strip()


def agenda_page(said: Agenda) -> str:
    """An agenda in Markdown, for operations: references and counts, the pattern drawn."""
    return plainly("agenda/artifact.md", _values(said))


def page(template: str, **values: object) -> str:
    """A page of HTML that is not a message, from a template's name and what it uses."""
    return _environment(html=True).get_template(template).render(values)


def printed(name: str, values: Mapping[str, Any]) -> str:
    """What a command prints at length and nobody is sent, from `<name>/body.txt`."""
    return _plain(_environment(html=False).get_template(f"{name}/body.txt").render(values))


@cache
def names() -> Mapping[str, Any]:
    """The words for codes: rules, roles, steps, endings."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "names.yaml").read_text("utf-8"))
    return found


def moment(value: datetime) -> str:
    """A moment in London, with its zone: Mon 16 Mar 2026 at 08:00 GMT."""
    local = value.astimezone(LONDON)
    return f"{day_said(local)} at {local:%H:%M %Z}"


def brief(day: date, near: date) -> str:
    """A day without its year where that is the year of the day `near`: `Mon 16 Mar`."""
    return day_said(day).removesuffix(f" {near.year}")


def clock(value: datetime) -> str:
    """A time of day in London: 10:00."""
    return f"{value.astimezone(LONDON):%H:%M}"


def one_line(text: str) -> str:
    """Text fit for a header: one line, no control or format characters, no lone surrogates."""
    spaced = " ".join(text.split())
    if spaced.isprintable():  # nearly every text, and told so in one look
        return spaced
    return "".join(each for each in spaced if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs as a formula, on one line."""
    text = one_line(str(value))
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if first in {"=", "+", "-", "@", "%", "|"} else text


def _plain(text: str) -> str:
    kept = "".join(each for each in text if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Cs"})
    lines = [line.rstrip() if line != "-- " else line for line in kept.splitlines()]
    said: list[str] = []
    for line in lines:
        if line or (said and said[-1]):
            said.append(line)
    return "\n".join(said).strip("\n") + "\n"


def _list(context: Context) -> str | None:
    if isinstance(context, Agenda):
        return _sheet(COLUMNS, rows(context))
    if not isinstance(context, Digest | Answer | Lacking) or not context.cut_short:
        return None
    columns = LATE if isinstance(context, Lacking) else LISTED
    return _sheet(columns, ([getattr(item, name) for name in columns] for item in context.listed))


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(_cell(value)) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return "; ".join(f"{each.step} {each.on.isoformat()}" for each in value)
    if isinstance(value, Following):
        return f"{value.step} {value.on.isoformat()}"
    return "" if value is None else value


@cache
def _environment(*, html: bool) -> Environment:
    """One environment each for text and HTML: a macro shared by both is escaped in the one where it must be."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701  plain text has nothing to escape; the HTML environment escapes everything
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["names"] = names()
    environment.filters["day"] = day_said
    environment.filters["brief"] = brief
    environment.filters["moment"] = moment
    environment.filters["clock"] = clock
    environment.filters["london_day"] = lambda value: day_said(value.astimezone(LONDON))
    environment.filters["zone"] = lambda value: f"{value.astimezone(LONDON):%Z}"
    environment.filters["literal"] = _literal
    environment.filters["image"] = _image
    environment.filters["capitalize_first"] = _capitalize_first
    return environment


def _capitalize_first(text: str) -> str:
    """Upper-case the first letter and leave the rest, and its being escaped, as it is."""
    return text[:1].upper() + text[1:]


def _image(svg: str) -> str:
    """A drawing as the address of an image, which Markdown keeps where it drops the drawing itself."""
    alone = svg.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(alone.encode()).decode()}"


def _literal(text: str) -> str:
    """Text that Markdown shows as it stands, in a table's cell too: a reference may hold any sign."""
    return _MARKS.sub(r"\\\g<0>", text)
