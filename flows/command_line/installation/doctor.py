"""`casebeat doctor`."""

import json
import sys
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from flows.command_line.account import account
from flows.command_line.exit_codes import DEGRADED, REFUSED
from flows.command_line.options import JsonLines
from flows.configured import configured

if TYPE_CHECKING:  # they need the data of time zones, which may be what is missing
    from datetime import datetime

    from tasks.platform.configuration import Configuration
    from tasks.rounds.doctor.examination import CheckResult

_SUMMARY = {"ok": "ok", "warn": "to look at", "fail": "wrong", "skip": "not looked at"}
_NO_ZONES = (
    "This machine has no data of time zones for Europe/London, without which nothing runs: install the package tzdata, "
    "and see where PYTHONTZPATH leads."
)

_ACCEPT = typer.Option("--accept-secrets", help="Take the secrets of now for those of the book.")


def doctor(
    as_json: JsonLines = False,  # noqa: FBT002
    first: Annotated[bool, typer.Option("--first", help="Let the first letters leave if nothing is wrong.")] = False,  # noqa: FBT002
    accept_secrets: Annotated[bool, _ACCEPT] = False,  # noqa: FBT002
) -> None:
    """Check settings, machine, database, extracts, people, mail, Slack, Prefect and rounds; tell what to do.

    It sends nothing: it signs in to the mail server, the reply mailbox and Slack, and leaves. It writes one row: this
    machine's name, with the fingerprint of its signing secret. With --first, after the first start of casebeat serve,
    it also releases the outbox if nothing is wrong. With --accept-secrets it first takes the secrets of now for the
    book's, where those are gone for good. Exit codes: 0 all is well; 1 something wants a look; 2 the settings cannot be
    read, and nothing else was looked at.
    """
    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        typer.echo(f"casebeat: {_NO_ZONES}", err=True)
        raise typer.Exit(REFUSED) from None
    from flows.clock import moment  # noqa: PLC0415
    from tasks.rounds.doctor.examination import examine  # noqa: PLC0415

    configuration = configured()
    if accept_secrets:
        _accept_secrets(configuration, moment())
    marks, page = [], None if as_json else _Page()
    for result in examine(configuration, moment(), page.begin if page else _nothing):
        if page:
            page.show(result)
        else:
            typer.echo(json.dumps(result._asdict(), ensure_ascii=False))
        marks.append(result.mark.value)
    if page:
        counts = (f"{marks.count(mark)} {words}" for mark, words in _SUMMARY.items())
        typer.echo(f"\n{', '.join(counts)}.")
    if first:
        _answer(_first(marks.count("fail")), as_json=as_json)
    if {"warn", "fail"} & set(marks):
        raise typer.Exit(DEGRADED)


def _accept_secrets(configuration: "Configuration", at: "datetime") -> None:
    from tasks.platform import kept_secrets  # noqa: PLC0415
    from tasks.servers.database import transaction  # noqa: PLC0415

    with transaction() as connection:
        kept_secrets.keep(configuration, connection, at, replaced=True)


def _first(wrong: int) -> str:
    """Let the first letters leave where nothing is wrong, and say so."""
    from tasks.outbox import first_start  # noqa: PLC0415
    from tasks.platform.text import moment, number_of  # noqa: PLC0415

    if wrong:
        return (
            f"Not yet: {number_of(wrong, 'check is', 'checks are')} wrong. Nothing leaves. Put that right, and run "
            "casebeat doctor --first again; casebeat outbox --release lets the letters leave all the same."
        )
    letters = first_start.go(account())
    if letters is None:
        return "The outbox does not wait for a first go. Nothing was done."
    if letters.due_at is None:
        return "Go: the outbox is released. Nothing waits in it: the next round writes the first letters."
    many = f"{number_of(letters.messages, 'message')} to {number_of(letters.people, 'person', 'people')}"
    return f"Go: the outbox is released. {many} may leave, the first from {moment(letters.due_at)}."


def _answer(sentence: str, *, as_json: bool) -> None:
    typer.echo(json.dumps({"first": sentence}, ensure_ascii=False) if as_json else sentence)


def _nothing(*_: str) -> None:
    """Show nothing of a check that begins."""


class _Page:
    """Sentences in groups. A terminal also shows what is being looked at, until its sentence takes its place."""

    def __init__(self) -> None:
        self._group = ""

    def begin(self, group: str, check: str) -> None:
        """Print the heading of a new group."""
        if group != self._group:
            typer.echo(f"{chr(10) if self._group else ''}{group}")
            self._group = group
        if sys.stderr.isatty():
            typer.echo(f"  ...   {check}\r", nl=False, err=True)

    def show(self, found: "CheckResult") -> None:
        """Print what a check found."""
        typer.echo(f"  {found.mark.value:<5} {found.check}: {found.sentence}")
