"""The demo: three weeks of a made-up force, which another joins, with everything that production does."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from config.days.london import at_london
from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.queries.demo import CaseToMove, ReviewTotals
from models.rules.obligations.completion import CompletionReport
from models.rules.obligations.coverage import Coverage
from models.rules.people.act import Act
from models.rules.references import ActionReference, CaseReference, SittingCaseReference
from models.rules.reviews.move_case import MoveRequest
from tasks.demo.answering import Answerers
from tasks.demo.book import answer_night, write_book
from tasks.demo.diary import ForceBook
from tasks.demo.examples import list_examples
from tasks.demo.figures import MailFigures, figures, sent_mails
from tasks.demo.joining import PANEL, JoiningForce, policy_text
from tasks.demo.lookups import (
    Evening,
    before_sittings,
    evening,
    notified_on,
    replied_on,
    reply_effects,
    reviews,
    to_move,
)
from tasks.demo.mail_sink import REPLIES, mail_sink, replies_beside
from tasks.demo.mails import write_pages
from tasks.demo.reports import DemoCompletion, DemoReport, DemoReview
from tasks.demo.rows import FORCE
from tasks.demo.sittings import PANELS
from tasks.obligations import complete_action, coverage
from tasks.platform.configuration import Configuration
from tasks.platform.home import keep_private
from tasks.reviews import move_case, record_review
from tasks.servers import database, postgres
from tasks.servers.prefect_server import environment, prefect_server

START = date(2026, 3, 23)  # the Monday of the week before Easter week: three weeks include both bank holidays
NOON, _BEFORE_THE_ROUND, _AFTER_SITTINGS = time(12), time(5, 30), time(17)
_PATIENCE = 30.0  # seconds
_MARK, _PANELS, _POLICY = "demo.json", "panels.yaml", "policy.yaml"
_MODEST = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}  # the terminal shows the demo's own output only


@dataclass(frozen=True)
class DemoSummary:
    """The results that the demo reports at the end."""

    evenings: list[Evening]
    reviews: ReviewTotals
    mails: MailFigures
    coverage: list[Coverage]
    pages: Path


def demo(home: Path, days: int, seed: int, progress: Callable[[date], None]) -> DemoSummary:
    """Write extracts, load them, and run the round day by day while people answer. Everything is stopped at the end.

    `home` is emptied first. Raises Refuse if it holds anything but an earlier demo.
    """
    home = home.expanduser().resolve()
    _clear(home)
    with mail_sink(home / "mail") as port, _surroundings(home, port):
        try:
            with prefect_server(home) as api_url, _prefect(home, api_url):
                evenings, book = _days(home, days, seed, progress)
            list_examples(book, home / "examples.txt")
            sat, covered, effects = reviews(evenings[-1].day), coverage.coverage(configured()), reply_effects()
        finally:
            database.close()
            postgres.stop(home)
    roles = {contact.email: contact.roles for contact in book.people.contacts}
    worked = [one.day for one in evenings if book.calendar.is_working(one.day)]
    mails = figures(sent_mails(home / "mail"), roles, worked)
    joined = {contact.email: contact.roles for contact in JoiningForce(START).contacts}
    main_roles = {address: found[0] for address, found in (roles | joined).items()}
    pages = write_pages(home / "mail", home / "mails", main_roles, book.exchanges, effects)
    return DemoSummary(evenings, sat, mails, covered, pages)


@contextmanager
def show(home: Path) -> Iterator[str]:
    """Start the demo's database and Prefect server again while the block runs. Yields the address of the UI."""
    home = home.expanduser().resolve()
    if not (home / _MARK).exists():
        raise Refuse(f"There is no demo under {home}: run casebeat demo first, or name its folder with --home.")
    try:
        with prefect_server(home) as api_url:
            yield api_url.removesuffix("/api")
    finally:
        postgres.stop(home)


def _days(home: Path, days: int, seed: int, progress: Callable[[date], None]) -> tuple[list[Evening], ForceBook]:
    from flows.daily_round import daily_round  # noqa: PLC0415 - Prefect reads its settings when it is imported
    from flows.delivery import delivery  # noqa: PLC0415
    from flows.intake import intake  # noqa: PLC0415
    from flows.replies import replies  # noqa: PLC0415

    def a_round(day: date) -> None:
        intake(as_of=at_london(day, _BEFORE_THE_ROUND))
        daily_round(as_of=at_london(day))
        progress(day)

    def read_replies(at: datetime) -> None:
        replies(as_of=at)
        delivery(as_of=at)

    return live(home, days, seed, a_round, read_replies)


def live(
    home: Path, days: int, seed: int, a_round: Callable[[date], None], read_replies: Callable[[datetime], None]
) -> tuple[list[Evening], ForceBook]:
    """Run each day: the extracts are in `home`/drop, the round runs, people answer, act and report; the night follows.

    Returns each evening's state, and the book as it is at the end.
    """
    configuration = configured()
    state, sent = write_book(home / "drop", START, seed)
    joining = JoiningForce(START)
    evenings, answerers = [], Answerers(home / "mail", state.book.people, START, seed)
    for day in (START + timedelta(days=number) for number in range(days)):
        a_round(day)
        exchanges = answerers.answer(day)
        if exchanges:
            read_replies(at_london(day, NOON))
        state.book.exchanges += exchanges
        evenings.append(evening(day))
        for folder in sent:
            shutil.move(folder, home / "extracts" / folder.name)
        sent = answer_night(state, day, notified_on(day), before_sittings(day), replied_on(day))
        sent += joining.write(home / "drop", day + timedelta(days=1))
        recorded, reports = answerers.record(day, state.book.reports)
        if recorded:
            read_replies(at_london(day, _AFTER_SITTINGS))
        state.book.exchanges += recorded
        for report in [*reports, *(to_move(day) if day == START else ())]:
            carry_out(configuration, report, day)
    return evenings, state.book


def carry_out(configuration: Configuration, report: DemoReport, day: date) -> None:
    """Report what people did, by Casebeat's commands, after the day's sittings."""
    at = at_london(day, _AFTER_SITTINGS)
    match report:
        case DemoReview():
            named = SittingCaseReference(report.sitting_ref, CaseReference(FORCE, report.case_ref))
            record_review.record_review(configuration, named, report.report, _act(report.report.by), day, at)
        case DemoCompletion():
            action = ActionReference(CaseReference(FORCE, report.case_ref), report.action_ref)
            done = CompletionReport(report.by, report.on)
            complete_action.complete_action(configuration, action, done, _act(report.by), day, at)
        case CaseToMove():
            wish, act = MoveRequest(report.supervisor_ref, report.sitting_ref), _act(report.supervisor_ref)
            move_case.convene(configuration, CaseReference(FORCE, report.case_ref), wish, act, day, at)


def _act(by: str) -> Act:
    return Act(by, Door.COMMAND, "demo")


def _clear(home: Path) -> None:
    """Leave an empty, marked folder. Its content must be an earlier demo's."""
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise Refuse(f"{home} is not empty and is no demo's: name another folder with --home. Nothing was done.")
    postgres.stop(home)
    shutil.rmtree(home, ignore_errors=True)
    keep_private(home)
    (home / "extracts").mkdir()
    (home / _PANELS).write_text(PANELS + PANEL, encoding="utf-8")
    (home / _POLICY).write_text(policy_text(START), encoding="utf-8")
    (home / _MARK).write_text(json.dumps({"start": START.isoformat()}) + "\n", encoding="utf-8")


@contextmanager
def _surroundings(home: Path, port: int) -> Iterator[None]:
    """Replace the caller's settings by the demo's: its own data, mail to the sink, and virtual days."""
    values = {
        "CASEBEAT_HOME": str(home),
        "CASEBEAT_DROP": str(home / "drop"),
        "CASEBEAT_PANELS": str(home / _PANELS),
        "CASEBEAT_POLICY": str(home / _POLICY),
        "CASEBEAT_CLOCK": "virtual",
        "CASEBEAT_MAIL__HOST": "127.0.0.1",
        "CASEBEAT_MAIL__PORT": str(port),
        "CASEBEAT_MAIL__OPERATIONS": "casebeat-operations@demo.police.uk",
        "CASEBEAT_MAIL__FROM_ADDRESS": "casebeat@demo.police.uk",
        "CASEBEAT_REPLIES__MAILDIR": str(replies_beside(home / "mail")),
        "CASEBEAT_REPLIES__ADDRESS": REPLIES,
    }
    with _environment("CASEBEAT_", values):
        database.close()
        try:
            yield
        finally:
            database.close()


@contextmanager
def _prefect(home: Path, api_url: str) -> Iterator[None]:
    """Set Prefect's settings in this process, without heartbeats, which cost a second at the end of each run."""
    port = int(api_url.removesuffix("/api").rpartition(":")[2])
    with _environment("PREFECT_", environment(home, port) | _MODEST):
        from prefect.settings import (  # noqa: PLC0415 - as above
            PREFECT_API_URL,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

        with temporary_settings({PREFECT_API_URL: api_url, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
            try:
                yield
            finally:
                _drain()


def _drain() -> None:
    """Let Prefect finish sending its logs and events while the server is still there to receive them."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415 - as above
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    for service in (APILogWorker, EventsWorker):
        service.drain_all(timeout=_PATIENCE, at_exit=False)


@contextmanager
def _environment(prefix: str, values: dict[str, str]) -> Iterator[None]:
    before = {name: value for name, value in os.environ.items() if name.startswith(prefix)}
    for name in before:
        del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
        os.environ.update(before)
