"""One reply as it is handled: whose it is, what it is about, and on which day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from config.doors import Door
from models.rules.people.act import Act
from tasks.obligations.acting import ActInHand
from tasks.platform.configuration import Configuration
from tasks.replies.incoming import IncomingMail

UNKNOWN = "What it answers is not known here. Nothing was done."  # also of a case from which the writer is barred


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
