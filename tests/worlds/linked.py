"""Drawn books with links, marks and readers, and what of them reaches whom."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import strategies as st

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.carriers.mail.maildir import file_name
from tasks.messages.agenda import send_agendas
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tasks.platform import tokens
from tasks.platform.tokens import Purpose
from tasks.replies.apply_reply import apply_reply
from tasks.replies.incoming import parse_mail
from tasks.rounds import summary
from tasks.servers import database as way
from tasks.servers import postgres
from tests.support.copies import Copies
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.replies import ADDRESS, OWN
from tests.worlds.sittings import record, sits

READERS = ("P1", "S1", "SP1", "L1", "C1", "M1", "CS1", "CL1")
FAILED_ON = ("Tue 3 Mar 2026", "Tue 10 Mar 2026")
MARKED_ON, CHANGED_ON, AGENDA_ON = "Mon 16 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"
SAME_KEY = "5c" * 12  # of the suspect and the victim of every case: hidden cases would be related to open ones
REFERENCE = re.compile(rf"HID|45ZZ|{SAME_KEY}")
DAY = re.compile(r"(?<![0-9A-Za-z_-])2024(?![0-9A-Za-z_])|(?<![0-9])2024[01][0-9][0-3][0-9]")
COUNT = re.compile(r"\b[3-9][0-9][0-9] days|\b1[3-9] incidents|\b1[3-9] of them breaches")
KEY = re.compile(r"cb1\.[A-Za-z0-9_.-]+")


class DrawnCase(NamedTuple):
    """One case of a book: the URN that it shares, if any, its own mark, and who has its action."""

    urn: str | None
    marked: bool
    action_by_urn: bool
    owner: str


class DrawnBook(NamedTuple):
    """The cases, the readers with access, and whether the marks come after messages were queued."""

    cases: tuple[DrawnCase, ...]
    access: frozenset[str]
    late: bool

    def hidden(self, number: int) -> bool:
        """Work out again, by the specification's sentence, whether a case is hidden."""
        one = self.cases[number]
        return one.marked or any(one.urn and one.urn == other.urn and other.marked for other in self.cases)


CASES = st.builds(
    DrawnCase, st.sampled_from(["A", "A", "B", None]), st.sampled_from([False, False, True]), st.booleans(),
    st.sampled_from(["P1", "C1"]),
)  # fmt: skip
LINKED = (
    DrawnCase("A", marked=False, action_by_urn=True, owner="C1"),
    DrawnCase("A", marked=True, action_by_urn=False, owner="P1"),
    DrawnCase(None, marked=False, action_by_urn=False, owner="P1"),
)


class Book(PanelWorld):
    """A drawn book, its rounds, and what reaches whom."""

    recorder = "SP1"  # who records outcomes

    def __init__(self, drawn: DrawnBook, *given: Any) -> None:
        super().__init__(*given)
        self.drawn = drawn
        self.say("delete from actions")
        self.say("delete from cases")
        self.say("delete from case_keys")
        self.say(
            """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                     first_seen_on) select 'CL1', id, 'cps', 'Robin Example', '', '{lead}', '{}',
                                     '{South East}', '2026-03-02' from sources where agency is not null"""
        )
        self.say(
            """update contacts set email = lower(contact_ref) || '@surrey.police.uk', active_from = '2026-01-05',
                      restricted_access = contact_ref = any(:refs)""",
            refs=sorted(drawn.access),
        )
        for urn in ("A", "B"):
            self.say("insert into case_keys (urn_root) values (:root)", root=self.root(urn))
        for number in range(len(drawn.cases)):
            self.add(number)
        self.case(
            "OPENH", opened_on="2026-02-03", offence_codes=["PH97004"], classification="harassment",
            suspect_key=SAME_KEY, victim_key=SAME_KEY, relationship="ex_partner",
        )  # fmt: skip

    def root(self, urn: str) -> str:
        hidden = any(one.urn == urn and self.drawn.hidden(at) for at, one in enumerate(self.drawn.cases))
        return f"45{'ZZ' if hidden else 'AB'}000000{ord(urn) % 10}"

    def name(self, number: int) -> str:
        return f"{'HID' if self.drawn.hidden(number) else 'OPEN'}{number}"

    def mark(self, number: int, *, marked: bool) -> dict[str, Any]:
        """The columns that hide a case of its own, or do not."""
        del number
        return {"restricted": marked}

    def add(self, number: int) -> None:
        """Add a case that is overdue in every way, so that every kind of message is about it."""
        one, name, hidden = self.drawn.cases[number], self.name(number), self.drawn.hidden(number)
        year, month = ("2024", "02") if hidden else ("2026", "02")
        self.case(
            name, opened_on=f"{year}-{month}-03", offence_codes=["PH97006"], suspect_status="bail",
            bail_ends_on=f"{year}-{month}-20" if hidden else "2026-03-18", last_act_on=f"{year}-{month}-02",
            suspect_key=SAME_KEY, victim_key=SAME_KEY,
            **self.mark(number, marked=one.marked and not self.drawn.late),
        )  # fmt: skip
        for act in range(14 if hidden else 2):
            on = f"{year}-{month}-{2 + act:02}"
            self.belongs(
                "incidents", name, incident_ref=f"I-{name}-{act}", occurred_on=on, reported_on=on, breach=hidden
            )
        self.belongs("cps_cases", name, prosecutor_ref="C1")
        self.belongs(
            "orders", name, order_ref=f"O-{name}", kind="spo", made_on=f"{year}-{month}-04",
            expires_on=f"{year}-{month}-27" if hidden else "2026-03-25",
        )  # fmt: skip
        if one.urn:
            self.say(
                """update cases set urn_key_id = (select id from case_keys where urn_root = :root)
                   where case_ref = :name""",
                root=self.root(one.urn), name=name,
            )  # fmt: skip
        owed = {
            "kind": "SEARCH", "source": "investigation", "owner_agency": "cps" if one.owner == "C1" else "police",
            "status": "pending", "raised_on": f"{year}-{month}-05", "due_on": f"{year}-{month}-19",
            "owner_ref": one.owner,
        }  # fmt: skip
        for ref in (f"A-{name}", f"B-{name}"):
            self.belongs("actions", name, action_ref=ref, **owed)
            if one.urn and one.action_by_urn:
                self.say(
                    """update actions set key_id = (select id from case_keys where urn_root = :root)
                       where action_ref = :ref""",
                    root=self.root(one.urn), ref=ref,
                )  # fmt: skip

    def lives(self) -> None:
        """Rounds, marks after the first messages were queued where drawn, changes, an agenda, and replies."""
        self.fails()
        self.goes_on()

    def fails(self) -> None:
        """Joint reviews that fail twice running, so that both leads are told."""
        assert self.cli("obligations", "--as-of", "2026-03-02").code == 0
        for on in FAILED_ON:
            ref = sits(self, on, case_ref=self.name(0))
            for number in range(1, len(self.drawn.cases)):
                convene_too(self, ref, self.name(number))
            for number in range(len(self.drawn.cases)):
                said = record(self, ref, "--not-held", by=self.recorder, as_of=on, case=f"45/{self.name(number)}")
                assert said.code == 0, said.err
            assert self.cli("obligations", "--as-of", day(on).isoformat()).code == 0

    def goes_on(self) -> None:
        """What follows: marks, deliveries, a change, an agenda, and replies."""
        self.panels(*self.drawn_panels())
        handling.hold("ops", at_london(day(MARKED_ON)))
        self.whole(MARKED_ON)
        for number, one in enumerate(self.drawn.cases):
            for column, value in self.mark(number, marked=one.marked).items():
                self.say(
                    f"update cases set {column} = :value where case_ref = :ref", value=value, ref=self.name(number)
                )
        handling.release("ops")
        deliver(configured(), at_london(day(MARKED_ON)))
        self.say("update actions set status = 'done', closed_on = raised_on + 3 where action_ref like 'B-%'")
        self.say("update cases set oic_ref = 'S1'")
        self.changed()
        self.whole(CHANGED_ON)
        self.whole(AGENDA_ON)
        self.replies()

    def drawn_panels(self) -> list[dict[str, Any]]:
        """Where its cases sit."""
        return [{**TUESDAYS, "cases": 1}]

    def whole(self, on: str) -> None:
        self.made = whole_round(configured(), day(on), at_london(day(on)))
        assert not [force.failure for force in self.made.forces if force.failure]
        assert not self.made.failures

    def replies(self) -> None:
        """Some ask how things stand, and answer for an action of each case, as a link in a mail would."""
        at = at_london(day(AGENDA_ON))
        asked = self.ask("select id from obligations where rule = 'action' and ended_on is null order by id")
        for ref in ("P1", "C1", "S1", "SP1"):
            for obligation, text in (
                (0, "status"),
                *((each, say) for each in asked for say in ("done on 2023-12-01", "not mine")),
            ):
                mail = EmailMessage()
                mail["From"], mail["To"] = f"{ref.lower()}@surrey.police.uk", ADDRESS
                key = tokens.sign(ref, obligation, Purpose.REPLY, day("Tue 31 Mar 2026"))
                mail["Subject"], mail["Message-ID"] = f"Casebeat [{key}]", f"<{ref}{obligation}{text[:3]}@phone.test>"
                mail.set_content(text)
                raw = mail.as_bytes(policy=policy.SMTP)
                apply_reply(configured(), parse_mail(raw, day(AGENDA_ON), OWN), day(AGENDA_ON), at)
        deliver(configured(), at)

    def reached(self) -> Iterator[tuple[str, str, str]]:
        """What reached whom: the reader, the sink, and all of its text."""
        mails = settings().home / "mail" / "new"
        sent = "select key, kind, coalesce(contact_ref, 'operations') from messages where channel = 'email'"
        for key, kind, reader in self.ask(f"{sent} and state = 'shown' and letter_id is null"):
            mail = message_from_bytes((mails / file_name(key)).read_bytes(), policy=policy.default)
            yield reader, kind, everything(mail)
        yield from self.printed()

    def printed(self) -> Iterator[tuple[str, str, str]]:
        """What operations see: pages, and the agenda of each sitting as anybody prints it."""
        today = day(AGENDA_ON)
        yield "operations", "page", summary.page(configured(), self.made.content, today)
        for name in ("reviews", "agenda", "pattern"):
            yield "operations", name, self.cli(name, "--as-of", today.isoformat()).out
        for ref in self.sittings():
            html, csv = self.folder / "agenda.html", self.folder / "agenda.csv"
            ran = self.cli("agenda", ref, "--as-of", today.isoformat(), "--html", str(html), "--csv", str(csv))
            assert ran.code == 0, ran.err
            yield "operations", "printed agenda", ran.out
            yield "operations", "printed page", html.read_text("utf-8")
            yield "operations", "printed list", csv.read_text("utf-8")
            yield "operations", "artifact", send_agendas.page(configured(), ref, today)


def convene_too(book: Book, ref: str, case_ref: str) -> None:
    book.say(
        """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
           select k.id, s.id, (select count(*) from convenings v where v.sitting_id = s.id), s.day, s.day, 'due',
                  s.day - 7 from case_keys k, sittings s where k.case_ref = :case_ref and s.ref = :ref""",
        ref=ref, case_ref=case_ref,
    )  # fmt: skip
    book.changed()


def everything(mail: EmailMessage) -> str:
    """All that a mail says: its subject and each part, a style sheet and the keys of links aside."""
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    text = "\n".join([str(mail["Subject"]), *(part if isinstance(part, str) else part.decode() for part in parts)])
    return KEY.sub("", re.sub(r"<style>.*?</style>", "", unquote(text), flags=re.DOTALL))


def leaks(text: str) -> list[str]:
    return [text[max(0, m.start() - 80) : m.end() + 40] for p in (REFERENCE, DAY, COUNT) for m in p.finditer(text)]


@contextmanager
def fresh(server: Path, copies: Copies, name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Any]:
    """A migrated database of its own for one example, as the fixture `database` gives one."""
    copies.give(name)
    monkeypatch.setenv("CASEBEAT_HOME", str(folder / "home"))
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
    try:
        yield way.engine()
    finally:
        way.close()
        copies.take_back(name)
