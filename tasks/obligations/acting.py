"""Keeping of people's acts, and the notice of each to the person in whose name it was done."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ANYONE, ActKind
from models.errors import Refuse
from models.queries.people import acts
from models.queries.people.acts import Done
from models.rules.access import refusal
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration


def keep(
    configuration: Configuration,
    connection: Connection,
    act: Act,
    done: Done,
    today: date,
    at: datetime,
    *,
    of: str = "",
) -> None:
    """Keep an act in the caller's transaction, and queue the notice of it to the person in whose name it was done.

    A reply and a click get their answer already, and only from their own mailbox or account. `of` is in whose name that
    was done which the act takes back: they are notified, by whichever door it came.
    """
    act_id = acts.record(connection, act, done, today, at)
    told = {act.by} if act.door in ANYONE else set()
    if of and of != act.by:
        told.add(of)
    for ref in sorted(told):
        acts.notify(connection, act_id, ref, configuration.settings.main.channel, today, at)


class ActInHand(NamedTuple):
    """A person's act while it is written, in one transaction."""

    configuration: Configuration
    connection: Connection
    act: Act
    today: date
    at: datetime

    def keep(self, done: Done, *, of: str = "") -> None:
        """Keep the act, as `keep` does."""
        keep(self.configuration, self.connection, self.act, done, self.today, self.at, of=of)


def check_may(
    deed: ActKind,
    case: Parties,
    by: str,
    people: Directory,
    today: date,
    *,
    chair_ref: str | None = None,
    done_by: str | None = None,
) -> None:
    """Raise Refuse unless a person may do an act, or take back what was done in the name of `done_by`.

    It comes before any answer, since that an act was taken back already is news of the case too.
    """
    if refused := refusal(deed, case, by, people, today, chair_ref=chair_ref, done_by=done_by):
        raise Refuse(refused.sentences())
