"""The words of a fault beside its sentence: its title, how soon it wants somebody, and what to do."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import yaml

from config.settings import Settings
from models.rules.rounds.telling import Finding
from tasks.platform import templates

_PAGE = "operate"  # of the guide, whose headings say more
_SEVERITIES = {"page": "page (for today)", "ticket": "ticket (in working hours)", "note": "note (to know of)"}


class FaultWords(NamedTuple):
    """The words that every fault of a kind shares."""

    title: str
    severity: str
    do: str
    see: str  # a heading of docs/operate.md

    @property
    def urgency(self) -> str:
        """Return how soon it wants somebody, in words."""
        return _SEVERITIES[self.severity]


class Alarm(NamedTuple):
    """A fault as a mail tells it."""

    sentence: str
    fault: FaultWords
    runbook: str


@cache
def catalogue() -> dict[str, FaultWords]:
    """Return every kind of fault."""
    kinds = yaml.safe_load((templates.TEMPLATES / "faults.yaml").read_text("utf-8"))
    return {kind: FaultWords(**words) for kind, words in kinds.items()}


def tickets() -> set[str]:
    """Return the kinds that wait for working hours."""
    return {kind for kind, fault in catalogue().items() if fault.severity == "ticket"}


def alarm(settings: Settings, finding: Finding) -> Alarm:
    """Return a finding as a mail tells it."""
    fault = catalogue()[finding.kind]
    return Alarm(finding.sentence, fault, runbook(settings, fault))


def note(settings: Settings, kind: str, words: Mapping[str, Any]) -> str:
    """Render a note to operations of `operations/KIND.txt`: what happened, and the kind's severity and what to do."""
    fault = catalogue()[kind]
    return templates.note(f"{kind}.txt", {**words, "fault": fault, "runbook": runbook(settings, fault)})


def runbook(settings: Settings, fault: FaultWords) -> str:
    """Return where a fault's heading is: its address on the guide's site, or its name where no site is set."""
    if not settings.server.guide_url:
        return f'docs/{_PAGE}.md, "{fault.see}"'
    return f"{settings.server.guide_url.rstrip('/')}/{_PAGE}.html#{anchor(fault.see)}"


def anchor(heading: str) -> str:
    """Return the anchor that the site gives a heading."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
