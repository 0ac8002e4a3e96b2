"""The histories lived in one installation: extracts arrive, the round runs, and each mail is read in the Maildir."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.servers import database, postgres
from tests.support.casebeat import run_cli
from tests.support.verdicts import faults
from tests.whole.histories.history import FORCE, History, Message, mornings
from tests.worlds.extracts import a_contact, write
from tests.worlds.story import LAWYERS

ROLES = {"officer": "P", "supervisor": "S", "SPOC": "SP"}  # the letters that begin the reference of a history's own
OTHERS = {"lead": "L1", "other agency's SPOC": "CS1"}


@dataclass(frozen=True)
class Told:
    """One item of a letter, which names a case: to whom, and on which day."""

    contact: str
    on: date
    text: str  # one line


class Lived:
    """What was mailed about each history."""

    def __init__(self, folder: Path, histories: list[History]) -> None:
        self.folder, self.histories = folder, histories
        self.told: list[Told] = []
        self._seen: set[str] = set()

    def run(self) -> Lived:
        """Live every morning that matters."""
        for number, morning in enumerate(mornings(self.histories), 1):
            self._night(number, morning)
            assert faults(whole_round(configured(), morning, at_london(morning))) == []
            self.told += self._letters(morning)
        return self

    def first(self, history: History, message: Message) -> Told | None:
        """Return the first item of a letter to the message's role that names the case and says so."""
        contact = OTHERS.get(message.role) or f"{ROLES[message.role]}{history.number:02}"
        mine = (one for one in self.named(history) if one.contact == contact)
        return next((one for one in mine if message.says in one.text), None)

    def named(self, history: History) -> list[Told]:
        """Return the items that name a history's case, to whomever, in the order of their days."""
        case = re.compile(rf"\b{FORCE}/{history.ref}\b")
        return [one for one in self.told if case.search(one.text)]

    def _night(self, number: int, morning: date) -> None:
        rows: dict[str, list[dict[str, str]]] = {}
        for one in self.histories:
            for name, found in one.recorded(morning).items():
                rows.setdefault(f"{name}.csv", []).extend(found.values())
        filled = {name: found for name, found in rows.items() if found}
        ours = {name: filled.pop(name) for name in ("cps_cases.csv",) if name in filled}
        sent = f"{morning}T05:10:00+00:00"
        police = write(self.folder / f"police{number}", {"contacts.csv": self._people(), **filled}, number=number,
                       extracted_at=sent)  # fmt: skip
        cps = write(self.folder / f"cps{number}", {"contacts.csv": LAWYERS, **ours}, number=number,
                    extracted_at=sent, agency="cps", source="cms-se")  # fmt: skip
        ran = run_cli("intake", str(police), str(cps))
        assert ran.code == 0, ran.out + ran.err

    def _people(self) -> list[dict[str, str]]:
        roles = {"P": "officer", "S": "supervisor", "SP": "spoc"}
        own = [a_contact(f"{letters}{one.number:02}", roles=role)
               for one in self.histories for letters, role in roles.items()]  # fmt: skip
        return [*own, a_contact("L1", roles="lead")]

    def _letters(self, morning: date) -> Iterator[Told]:
        for mail in self._new():
            body = mail.get_body(("plain",))
            to = mail["To"].addresses[0].username.upper()
            for item in re.split(r"\n\n|\n(?=\* )", body.get_content() if body else ""):
                yield Told(to, morning, " ".join(item.split()))

    def _new(self) -> Iterator[EmailMessage]:
        box = mailbox.Maildir(settings().home / "mail", create=False)
        for key in set(box.keys()) - self._seen:
            self._seen.add(key)
            yield message_from_bytes(box.get_bytes(key), policy=policy.default)
        box.close()


@contextmanager
def installed(home: Path, server: Path, name: str) -> Iterator[None]:
    """Name a database of a server in the settings while the block runs."""
    values: dict[str, Any] = {
        "HOME": home, "CLOCK": "virtual", "DATABASE_URL": postgres.url(server, database=name),
        "DATABASE_OWNER_URL": postgres.url(server, database=name, role="casebeat_owner"),
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for key, value in values.items():
            patch.setenv(f"CASEBEAT_{key}", str(value))
        try:
            yield
        finally:
            database.close()
