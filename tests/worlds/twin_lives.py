"""The life of a drawn book: its nights, what people try in it, and what each of them then has seen."""

import mailbox
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import unified_diff
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_result import RoundResult
from flows.round_steps import whole_round
from tasks.messages.agenda import send_agendas
from tasks.replies import slack_clicks
from tasks.reviews import register
from tasks.rounds import form_choices, summary
from tasks.servers import database as way
from tasks.servers import postgres
from tests.support.slack_socket import block_actions
from tests.support.slack_stand_in import SlackStandIn
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.extracts import write
from tests.worlds.replies import ADDRESS, have_maildir
from tests.worlds.slack import buttons, put_slack, words
from tests.worlds.twin_acts import Tried
from tests.worlds.twin_books import AFTER, FIRST, MONDAY, NEXT, SITTING, TODAY, DrawnBook, DrawnCase, Files, Row
from tests.worlds.twin_people import AWAY, KINDS, contacts

POLICE = ("contacts.csv", "absences.csv", "cases.csv", "incidents.csv", "actions.csv", "orders.csv", "training.csv")
CPS = ("contacts.csv", "cps_cases.csv", "referrals.csv", "pleas.csv", "training.csv")
TRAINING = {
    agency: [{"contact_ref": ref, "course": "spoc_role", "completed_on": "2026-01-05"}]
    for agency, ref in (("police", "XSPOC"), ("cps", "XCSPOC"))
}
ABSENCES = [{"contact_ref": AWAY, "from_on": "2026-03-10", "to_on": "2026-03-31"}]
_OF_ITS_BOOK = re.compile(r"cb1\.[A-Za-z0-9_.-]+|<[^<>\s]+@casebeat\S*>|[0-9a-f]{32,}(@\S+)?")  # keys, ids
STRANGER = "stranger@surrey.police.uk"
Cli = Callable[..., Any]
Answer = tuple[int, str, str]


class Seen(NamedTuple):
    """Everything that a book's people saw."""

    mails: dict[str, list[str]]  # by address
    answers: dict[tuple[str, str, str], Answer]  # of commands, by act, what it is about, and by whom
    said: dict[str, list[str]]  # what each person's clicks were answered
    posts: dict[str, list[str]]  # of each conversation in Slack
    lists: dict[str, str]
    pages: dict[str, str]


class TwinLife:
    """One of two books, in a data directory and a database of its own, driven as its users drive it."""

    def __init__(self, book: DrawnBook, folder: Path, run_cli: Cli, slack: SlackStandIn) -> None:
        self.book, self.folder, self.cli, self.slack, self.nights = book, folder, run_cli, slack, 0
        self.arrived = count(1)

    def night(self, on: str, cases: Sequence[DrawnCase] = ()) -> None:
        """Let the night's extracts come."""
        self.nights += 1
        known = [one.files(on) for one in (cases or (*self.book.others, *self.book.hidden))]
        rows: Files = {file: [row for one in known for row in one.get(file, ())] for file in {*POLICE, *CPS}}
        for agency, source, names in (("police", "niche-45", POLICE), ("cps", "cms-se", CPS)):
            people = [one for one in self.contacts() if one["agency"] == agency]
            own = {"contacts.csv": people, "absences.csv": ABSENCES, "training.csv": TRAINING[agency]}
            sent = write(
                self.folder / f"{source}-{self.nights}", {name: own.get(name, rows[name]) for name in names},
                source=source, agency=agency, extract_id=f"{source}-{self.nights}", covers=["45", "44"],
                extracted_at=f"{day(on)}T05:10:00+00:00",
            )  # fmt: skip
            ran = self.cli("intake", str(sent))
            assert ran.code == 0, ran.out + ran.err

    def contacts(self) -> list[Row]:
        """The rows of contacts."""
        return contacts(self.book.guard, self.book.newcomers)

    def round(self, on: str) -> RoundResult:
        """Run the daily round of a day."""
        made = whole_round(configured(), day(on), at_london(day(on)))
        assert not faults(made)
        return made

    def runs(self, *words: str, on: str = TODAY) -> Answer:
        """Run a command on a day: its exit code and what it prints."""
        ran = self.cli(*words, "--as-of", day(on).isoformat())
        return ran.code, ran.out, ran.err

    def tries(self, attempts: Sequence[Tried]) -> dict[tuple[str, str, str], Answer]:
        """Let everybody try what they try, in its order."""
        return {(one.act, one.about, one.by): self.runs(*one.words) for one in attempts}

    def replies(self, people: Sequence[str]) -> None:
        """Let people send each kind of reply that their mails offer, and a stranger one of each."""
        for ref in people:
            for number, (subject, text) in enumerate(_links(_address(ref))):
                self._arrives(_address(ref), subject, text)
                if not number:
                    self._arrives(STRANGER, subject, text)
        code, _, err = self.runs("replies")
        assert code == 0, err

    def _arrives(self, sender: str, subject: str, text: str) -> None:
        mail = EmailMessage()
        number = next(self.arrived)
        for name, value in {
            "From": sender,
            "To": ADDRESS,
            "Subject": subject,
            "Message-ID": f"<{number}@phone.test>",
        }.items():
            mail[name] = value
        mail.set_content(text)
        path = self.folder / "replies" / "new" / f"{number}.M{number}.test"
        path.write_bytes(mail.as_bytes(policy=policy.SMTP))
        at = at_london(day(TODAY)).timestamp()
        os.utime(path, (at, at))

    def clicks(self, people: Sequence[str]) -> dict[str, list[str]]:
        """Let people click the buttons of their first and of their last direct message; the answers."""
        rows = {row["contact_ref"]: row["slack_user_id"] for row in self.contacts()}
        return {ref: list(self._clicked(rows[ref])) for ref in people if rows.get(ref)}

    def _clicked(self, user: str) -> Iterator[str]:
        today = day(TODAY)
        posts = [post for post in self.slack.direct(user) if buttons(post)]
        for post in [*posts[:1], *posts[1:][-1:]]:
            for key in buttons(post)[:2]:
                for click in ("hold", "show"):
                    payload = block_actions(
                        post, user, key, click, channel_id=f"D{user[1:]}",
                        selected_date="2026-03-19" if click == "hold" else None,
                    )  # fmt: skip
                    again = slack_clicks.store(slack_clicks.read(payload, settings()), at_london(today))
                    said = slack_clicks.act(configured(), today, at_london(today)) or again
                    yield said.text if said else ""

    def lists(self, known: Sequence[str], near: Sequence[str]) -> dict[str, str]:
        """The output of lists and extracts about cases that everybody may know, and about people."""
        html, csv = self.folder / "agenda.html", self.folder / "agenda.csv"
        asked = {
            "pattern": ("pattern",),
            **{f"agenda {ref}": ("agenda", ref, "--html", str(html), "--csv", str(csv)) for ref in (SITTING, NEXT)},
            **{f"explain {name}": ("explain", f"45/{name}") for name in known},
            **{f"checklist {name}": ("checklist", f"45/{name}") for name in known},
            **{f"obligations {name}": ("obligations", "--json", "--case", name) for name in known},
            **{f"explain {name}": ("explain", f"45/{name}") for name in near},
            **{f"access {ref}": ("access", "--person", ref, "--json") for ref in KINDS},
        }
        found = {}
        for name, typed in asked.items():
            found[name] = "\n".join(map(str, self.runs(*typed)))
            if name.startswith("agenda"):
                found[name] += html.read_text("utf-8") + csv.read_text("utf-8")
        return found

    def pages(self, made: RoundResult) -> dict[str, str]:
        """The pages that a round writes for Prefect, and the choices of forms."""
        configuration, today = configured(), day(TODAY)
        return {
            "daily-round": summary.page(configuration, made.content, today),
            "register": register.page(configuration, today),
            **{ref: send_agendas.page(configuration, ref, today) for ref in (SITTING, NEXT)},
            "choices": str(form_choices.choices(today)),
        }

    def posts(self) -> dict[str, list[str]]:
        """Every conversation in Slack, each post in words."""
        kept = self.slack.conversations.values()
        return {one.with_user or one.id: sorted(_neutral(words(post)) for post in one.messages) for one in kept}


def live(life: TwinLife, attempts: Sequence[Tried], known: Sequence[str], near: Sequence[str], *people: str) -> Seen:
    """Let a book live: two nights, on Tuesday replies and clicks of these people and all commands, the next round."""
    for on in (FIRST, MONDAY):
        life.night(on)
        made = life.round(on)
    pages, lists = life.pages(made), life.lists(known, near)
    life.replies(people[::3])
    said = life.clicks(people)
    answers = life.tries(attempts)
    life.round(AFTER)
    return Seen(mails(), answers, said, life.posts(), lists, pages)


@contextmanager
def lived_in(
    server: Path, copies: Any, name: str, folder: Path, book: DrawnBook, run_cli: Cli, life: type[TwinLife] = TwinLife
) -> Iterator[TwinLife]:
    """Give a book its database, its data directory, its reply mailbox and its Slack, while the block runs."""
    folder.mkdir()
    copies.give(name)
    try:
        with pytest.MonkeyPatch.context() as patch, SlackStandIn() as slack:
            _settle(patch, server, name, folder, book)
            put_slack(patch, slack)
            made = life(book, folder, run_cli, slack)
            for row in made.contacts():
                if row["slack_user_id"]:
                    slack.user(row["slack_user_id"])
            yield made
    finally:
        way.close()
        copies.take_back(name)


def _settle(patch: pytest.MonkeyPatch, server: Path, name: str, folder: Path, book: DrawnBook) -> None:
    """Name in the settings what is the book's own."""
    (folder / "panels.yaml").write_text(yaml.safe_dump({"panels": [dict(book.panel)]}), "utf-8")
    patch.setenv("CASEBEAT_HOME", str(folder / "home"))
    patch.setenv("CASEBEAT_PANELS", str(folder / "panels.yaml"))
    patch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
    patch.setenv("CASEBEAT_DATABASE_OWNER_URL", postgres.url(server, database=name, role="casebeat_owner"))
    have_maildir(patch, folder / "replies")


def mails() -> dict[str, list[str]]:
    """Each address's mails in the order of their days: every part of them, without what identifies a mail."""
    found: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    for mail in _mails():
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() in {"text", "application"}]
        texts = [part if isinstance(part, str) else part.decode("utf-8", "replace") for part in parts]
        found[_to(mail)].append((mail["Date"].datetime.date(), _neutral("\n".join([str(mail["Subject"]), *texts]))))
    return {to: [f"{on}\n{text}" for on, text in sorted(kept)] for to, kept in found.items()}


def _mails() -> list[EmailMessage]:
    box = mailbox.Maildir(settings().home / "mail", create=False)
    found = [message_from_bytes(raw.as_bytes(), policy=policy.default) for raw in box]
    box.close()
    return found


def _to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec).lower()


def _address(ref: str) -> str:
    return f"{ref.lower()}@{'surrey.police' if KINDS[ref][0] == 'police' else 'cps.gov'}.uk"


def _neutral(text: str) -> str:
    return _OF_ITS_BOOK.sub("*", unquote(text))


def _links(address: str) -> list[tuple[str, str]]:
    """The subject and the text of one link of each kind that a person's mails offer."""
    found: dict[str, tuple[str, str]] = {}
    pages = [mail.get_body(("html",)) for mail in _mails() if _to(mail) == address]
    for link in sorted(
        re.findall(r'href="(mailto:[^"?]+\?[^"]+)"', "".join(page.get_content() for page in pages if page))
    ):
        parts = urlsplit(unescape(link))
        asked = parse_qs(parts.query)
        if parts.path == ADDRESS and "body" in asked:
            found.setdefault(asked["body"][0], (asked["subject"][0], asked["body"][0]))
    return list(found.values())


def unlike(one: Mapping[Any, object], other: Mapping[Any, object]) -> str:
    """Where two mappings differ, as the lines that only one of them has."""
    keys = [key for key in sorted({*one, *other}, key=str) if one.get(key) != other.get(key)]
    return "\n".join(line for key in keys for line in _difference(str(key), one.get(key), other.get(key)))


def _difference(key: str, one: object, other: object) -> Iterator[str]:
    return unified_diff(_lines(one), _lines(other), key, "its twin", lineterm="", n=1)


def _lines(seen: object) -> list[str]:
    return "\n".join(map(str, seen) if isinstance(seen, list | tuple) else [str(seen)]).splitlines()
