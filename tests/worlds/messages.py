"""What messages are composed of: a claimed message, its readers, matters, agendas, and a batch of given values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection

from config.days.london import at_london
from config.message_kinds import MessageKind
from config.policy import load_policy
from config.settings import settings
from config.sittings import ConveningReason
from config.terms import Addressee, Agency, EndReason, Happening, OwedBy, Risk, Role
from flows.configured import configured
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.queries.outbox import digests
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.reviews.agenda import AgendaCaseRow, AgendaSitting, LastAgenda
from tasks.messages.agenda.cases import KnownCase, on_agenda
from tasks.messages.agenda.composing import GatheredAgenda
from tasks.messages.agenda.contexts import AgendaCase
from tasks.messages.composing import MessageBatch
from tasks.messages.contexts import ObligationItem
from tasks.messages.offers import Offers
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.facts import case
from tests.worlds.samples import DAY

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)  # a Thursday
TODAY = NOW.date()
NO_CONNECTION = cast("Connection", None)  # nothing is read: the values are given
OPENED = day("Mon 2 Feb 2026")
HELD = day("Tue 17 Feb 2026")
SITTING = AgendaSitting(
    1, "45-south-east-2026-03-17", "45", "South East", day("Tue 17 Mar 2026"), datetime(2026, 3, 17, 10, tzinfo=UTC),
    10, "Room 2", "SP1", None, frozenset(), None, OPENED, 1, None, None,
)  # fmt: skip
LONGEST = load_policy().letter.longest
ENDED = {
    "happening": Happening.RESOLVED,
    "with_ended_on": TODAY,
    "with_end_reason": EndReason.MET,
    "with_fact": "the action was done",
    "with_fact_on": TODAY - timedelta(days=1),
    "first_told_on": TODAY - timedelta(days=9),
}


def held(ref: str | None = "P1", key: str = "letter:1:P1:0", **given: Any) -> ClaimedMessage:
    """A claimed message to a person, or to operations."""
    one = ClaimedMessage(
        1, key, MessageKind.LETTER, ref, "email", TODAY, standing=False, hard=False, text=None, attempts=0, reason="",
        body=None, sign="",
    )  # fmt: skip
    return one._replace(**given)


def reader(ref: str = "P1", *, access: bool = False, left: bool = False) -> Reader:
    roles = frozenset({Role.OFFICER})
    return Reader(ref, Agency.POLICE, "NAME", "p1@surrey.police.uk", roles, ("45",), (), access, left)


def world(*readers: Reader, **given: Any) -> MessageBatch:
    """What a batch knows: these readers, and today."""
    made = MessageBatch.__new__(MessageBatch)
    made.readers, made.unrestricted, made.told = {one.ref: one for one in readers}, set(), {}
    made.at, made.today, made.enclosed = NOW, TODAY, {}
    made.left_out = []
    made.configuration = configured()
    made.offers = Offers(made.configuration, NO_CONNECTION, TODAY, (), ())
    for name, value in given.items():
        setattr(made, name, value)
    return made


def owed(rule, due, *, owed_by=OwedBy.POLICE, hard=False, subject="case", remind=3, escalate=3):
    due_on = date.fromordinal(TODAY.toordinal() + due)
    days = [date.fromordinal(due_on.toordinal() + n) for n in (-remind, 0, escalate)]
    ordinary = dict.fromkeys(ObligationView._fields) | {
        "because": [],
        "note": "",
        "last_step": 0,
        "taken_on": (),
        "moved": 0,
        "parts": (),
        "fact": "",
        "lost": False,
    }
    given = {
        "obligation_id": 1, "force_code": "45", "case_ref": "45/1", "risk": Risk.HIGH, "restricted": False,
        "barred": frozenset(), "rule": rule, "subject": subject, "owed_by": owed_by, "hard": hard, "stalls": True,
        "remind_on": days[0], "due_on": days[1], "escalate_on": days[2],
    }  # fmt: skip
    matter = ObligationView(**ordinary | given)
    return NotificationView(0, 0, Happening.STEP, 1, Addressee.SPOC, "", TODAY, TODAY, matter)


def known(*told, recorded=None, stood=None, slot=0, since=OPENED, **facts):
    convened = AgendaCaseRow(
        1,
        "45/45/1",
        None,
        Risk.HIGH,
        False,
        frozenset(),
        slot,
        ConveningReason.DUE,
        False,
        TODAY,
        since,
    )
    return KnownCase(convened, case(opened_on=OPENED, **facts), told, recorded, stood)


def shown(one, sitting=SITTING):
    return on_agenda(configured(), one, 1, sitting, TODAY)


def due(item: ObligationItem, days: int) -> ObligationItem:
    """The same item, due so many days before today; negative: after it."""
    return replace(item, days=days, due_on=DAY - timedelta(days))


def view(rule="action", due=3, **changed):
    """A notification: keywords of its own, `with_…` for its obligation's."""
    told = owed(rule, due, **{name: changed.pop(name) for name in ("owed_by", "hard", "remind") if name in changed})
    of_matter = {name[5:]: changed.pop(name) for name in list(changed) if name.startswith("with_")}
    matter = told.matter._replace(**{"numbers_of": "45", **of_matter})
    return told._replace(matter=matter, **changed)


def entry(
    number: int, *told, sitting=SITTING, read: bool = True, restricted: bool = False, barred: tuple[str, ...] = (),
    here: bool | None = None, **facts,
) -> tuple[AgendaCaseRow, AgendaCase | None]:  # fmt: skip
    """A case of a slot; `here` says whether its last agenda was of this sitting, None that there was none."""
    one = known(*told, slot=number, stood=None if here is None else LastAgenda(here, frozenset()), **facts)
    convened = one.convened._replace(
        case_id=number, reference=f"45/{number}", restricted=restricted, barred=frozenset(barred)
    )
    case = on_agenda(configured(), one._replace(convened=convened), 99, sitting, TODAY)
    return convened, case if read else None


def gathered(*cases, sitting=SITTING, leading=(), left=()) -> GatheredAgenda:
    return GatheredAgenda(sitting, TODAY, cases, leading, left, {})


def tell_operations(key: str, words: str, today: date) -> None:
    """Queue a message to operations at a day's midnight, as the round does."""
    with transaction() as connection:
        digests.operations(connection, key, today, words, at_london(today), [settings().main])
