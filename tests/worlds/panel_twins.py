"""A panel's two books that differ by one case, which bars somebody: what each of its readers is sent, day by day."""

import mailbox
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld

FIRST = "Wed 4 Mar 2026"
HIDDEN = "HIDDEN"
PEOPLE = ("P1", "P2", "S1", "SP1", "CS1", "C1")
_OF_ITS_BOOK = re.compile(r"\[?cb\S*|<[^>]*@[^>]*>|[0-9a-f]{32,}(@\S+)?")  # tokens and ids


class Event(NamedTuple):
    """What happens to the book before a day's round: a case comes or ends."""

    on: str
    case_ref: str
    facts: dict[str, Any]


class TwinPanel(PanelWorld):
    """A panel on Tuesdays with SP1 in the chair, and cases that come and end; everybody has an address of their own."""

    def __init__(self, engine: Engine, run_cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, **panel: Any):
        super().__init__(engine, run_cli, folder, monkeypatch)
        self.say("update cases set finalised_on = '2026-03-02', finalised_reason = 'nfa_police'")
        self.say(
            """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                     first_seen_on)
               select 'P2', id, 'police', 'Robin Example', '', '{officer}', '{45}', '{}', '2026-03-02'
               from sources
               where name = 'niche-45'"""
        )
        self.say("update contacts set email = lower(contact_ref) || '@surrey.police.uk'")
        self.panels({**TUESDAYS, **panel})

    def lives(self, events: Sequence[Event], last: str) -> None:
        """Run a whole round on every day up to the last, each after what happens before it."""
        for n in range((day(last) - day(FIRST)).days + 1):
            today = day(FIRST) + timedelta(days=n)
            for event in events:
                if day(event.on) == today:
                    self._happens(event)
            whole_round(configured(), today, at_london(today))

    def _happens(self, event: Event) -> None:
        if not self.ask(f"select id from case_keys where case_ref = '{event.case_ref}'"):
            self.case(event.case_ref, **event.facts)
        else:
            columns = ", ".join(f"{name} = :{name}" for name in event.facts)
            self.say(f"update cases set {columns} where case_ref = :ref_", ref_=event.case_ref, **event.facts)
        self.changed()


def sent() -> dict[str, list[str]]:
    """Each person's mails in the order of their days: every part of them, without what identifies a mail."""
    box = mailbox.Maildir(settings().home / "mail", create=False)
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for raw in box:
        mail = message_from_bytes(raw.as_bytes(), policy=policy.default)
        to = mail["To"].addresses[0].addr_spec.partition("@")[0].upper()
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() in {"text", "application"}]
        text = "\n".join([str(mail["Subject"]), *map(str, parts)])
        found[to].append((mail["Date"].datetime.date(), _OF_ITS_BOOK.sub("", text)))
    box.close()
    return {ref: [f"{on}\n{text}" for on, text in sorted(mails)] for ref, mails in found.items()}


class Twins(NamedTuple):
    """What each person was sent by the book with the hidden case, and by the one without."""

    with_it: dict[str, list[str]]
    without: dict[str, list[str]]


def case(on: str, case_ref: str, **facts: Any) -> Event:
    """Let a case come on a day."""
    return Event(on, case_ref, {"opened_on": "2026-03-02", **facts})


def over(on: str, case_ref: str) -> Event:
    """Let a case be finalised on a day."""
    return Event(on, case_ref, {"finalised_on": day(on).isoformat(), "finalised_reason": "nfa_police"})
