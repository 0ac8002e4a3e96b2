"""Words: typed contexts in, a message's subject, text, HTML and list out. The words themselves are config's files."""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.terms import Addressee, Agency, Basis, EndReason, Happening, MessageKind, OwedBy, Severity

TEMPLATES = Path(__file__).parent.parent / "config" / "templates"
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A step that was taken, and its day."""

    step: str
    on: date


@dataclass(frozen=True, kw_only=True)
class Following:
    """The step that comes if nothing changes."""

    step: str
    on: date
    to: tuple[Addressee, ...]


@dataclass(frozen=True, kw_only=True)
class Promised:
    """An acknowledgement: until when, by someone of which role, and how it ended if it no longer holds."""

    until_on: date
    role: str | None
    end: str | None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One obligation as a reader is told of it. `days` counts from the due day: negative before it."""

    reference: str
    urn: str | None
    rule: str
    subject: str  # empty for the case as a whole
    happening: Happening
    severity: Severity
    hard: bool
    due_on: date
    days: int
    since: date
    owed_by: OwedBy
    basis: Basis
    tried: tuple[Tried, ...]
    moved: int
    following: Following | None
    ends_when: str
    addressee: Addressee
    note: str
    calculated_from: str
    promise: Promised | None
    ended: EndReason | None
    ended_on: date | None
    told_on: date
    command: str

    @property
    def group(self) -> str:
        """Where it stands in a message, worst first: hard, critical, overdue, soon, resolved."""
        if self.ended is not None:
            return "resolved"
        if self.hard:
            return "hard"
        return {Severity.CRITICALLY_OVERDUE: "critical", Severity.OVERDUE: "overdue"}.get(self.severity, "soon")


@dataclass(frozen=True, kw_only=True)
class Move:
    """A version that ended in the past week, and how."""

    rule: str
    ended: EndReason
    on: date


@dataclass(frozen=True, kw_only=True)
class StalledCase:
    """A case of the reader's force or Area that is stalled: since when, what is owed, what moved since last week."""

    reference: str
    urn: str | None
    since: date
    days: int
    new: bool
    owed: tuple[Item, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the week's first digest also holds."""

    stalled: tuple[StalledCase, ...] = ()
    stalled_more: int = 0
    still_open: tuple[Item, ...] = ()
    open_more: int = 0


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The reader's whole situation, each thing counted once."""

    stalled: int = 0
    passed: int = 0
    within_7_days: int = 0
    later_clocks: int = 0
    critical: int = 0
    overdue: int = 0
    soon: int = 0
    resolved: int = 0
    restricted: int = 0


@dataclass(frozen=True, kw_only=True)
class Group:
    """The items of one severity, in order."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Digest:
    """One person's digest."""

    day: date
    reader: str
    agency: Agency
    leads: bool
    place: str
    counts: Counts
    groups: tuple[Group, ...]
    more: int
    standing: Standing | None
    listed: tuple[Item, ...]  # everything, for the attached list


@dataclass(frozen=True, kw_only=True)
class AtOnce:
    """One obligation said by itself; without an item, a restricted case that this reader may not read of."""

    day: date
    reader: str
    agency: Agency
    counts: Counts
    item: Item | None


@dataclass(frozen=True, kw_only=True)
class Operations:
    """Counts and references for operations: a headline, then lines."""

    day: date
    at: datetime
    headline: str
    lines: tuple[str, ...]


Context = Digest | AtOnce | Operations
KINDS: dict[MessageKind, type[Context]] = {
    MessageKind.DIGEST: Digest,
    MessageKind.AT_ONCE: AtOnce,
    MessageKind.OPERATIONS: Operations,
}
LISTED = (
    "reference", "urn", "rule", "subject", "severity", "owed_by", "due_on", "since", "moved", "tried", "following",
    "basis",
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
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    subject = _environment(html=False).get_template(f"{kind}/subject.txt").render(values)
    text = _environment(html=False).get_template(f"{kind}/body.txt").render(values)
    html = _environment(html=True).get_template(f"{kind}/body.html").render(values)
    return Rendered(one_line(subject), _plain(text), html, _list(context))


@cache
def names() -> Mapping[str, Any]:
    """The words for codes: rules, roles, steps, endings."""
    found: Mapping[str, Any] = yaml.safe_load((TEMPLATES / "names.yaml").read_text("utf-8"))
    return found


def day(value: date) -> str:
    """A day with its weekday: Mon 16 Mar 2026."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def moment(value: datetime) -> str:
    """A moment in London, with its zone: Mon 16 Mar 2026 at 08:00 GMT."""
    local = value.astimezone(LONDON)
    return f"{day(local)} at {local:%H:%M %Z}"


def one_line(text: str) -> str:
    """Text fit for a header: one line, no control or format characters, no lone surrogates."""
    spaced = " ".join(text.split())
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
    if not isinstance(context, Digest) or not (context.more or context.standing):
        return None
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(LISTED)
    for item in context.listed:
        writer.writerow([safe_cell(_cell(getattr(item, name))) for name in LISTED])
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
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["names"] = names()
    environment.filters["day"] = day
    environment.filters["moment"] = moment
    environment.filters["capitalize_first"] = _capitalize_first
    return environment


def _capitalize_first(text: str) -> str:
    """Upper-case the first letter and leave the rest, and its being escaped, as it is."""
    return text[:1].upper() + text[1:]
