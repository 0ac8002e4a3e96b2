"""One reply as it is handled: whose it is, what it is about, on which day, and whether its writer may do it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from config.doors import ActKind, Door
from models.errors import Refuse
from models.rules.access import Permission, authority, who_may
from models.rules.people.act import Act
from models.rules.people.parties import Parties
from tasks.obligations.acting import ActInHand
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.replies.incoming import IncomingMail

UNKNOWN = "What it answers is not known here. Nothing was done."  # also of what is the writer's no more


@dataclass
class HandledReply:
    """One mail from a known person, and the day and moment of its handling."""

    configuration: Configuration
    connection: Connection
    mail: IncomingMail
    senders: list[str]
    today: date
    at: datetime
    about: int | None = None  # the obligation, once the key is read

    def __post_init__(self) -> None:
        """Answer the first of the senders until a key names the person."""
        self.by = self.senders[0]

    @property
    def act(self) -> Act:
        """Return whose act it is."""
        return Act(self.by, Door.MAIL, "")

    @property
    def in_hand(self) -> ActInHand:
        """Return the act as it is written in the reply's transaction."""
        return ActInHand(self.configuration, self.connection, self.act, self.today, self.at)

    def check(
        self, deed: ActKind, matter: Parties, *, chair_ref: str | None = None, done_by: str | None = None
    ) -> None:
        """Raise Refuse unless the writer may do this with what they answer: who may, if they may know of the case.

        To anybody else it is one wording, whatever the reason.
        """
        people = directory_on(self.configuration, self.connection, self.today)
        may = authority(deed, matter, self.by, people, chair_ref=chair_ref, done_by=done_by)
        if may is Permission.UNKNOWN_TO_THEM:
            raise Refuse(UNKNOWN)
        if may is Permission.MAY_NOT:
            raise Refuse(f"You are not one of those {who_may(deed, done_by)} Nothing was done.")
