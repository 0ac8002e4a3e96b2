"""One reply as it is handled: whose it is, what it is about, and on which day."""

from datetime import date, datetime

from sqlalchemy import Connection

from config.doors import Door
from models.rules.people.act import Act
from tasks.replies.incoming import IncomingMail

UNKNOWN = "What it answers is not known here. Nothing was done."  # also of a case from which the writer is barred


class HandledReply:
    """One mail from a known person, and the day and moment of its handling."""

    def __init__(
        self, connection: Connection, mail: IncomingMail, senders: list[str], today: date, at: datetime
    ) -> None:
        self.connection, self.mail, self.senders, self.today, self.at = connection, mail, senders, today, at
        self.about: int | None = None  # the obligation, once the key is read
        self.by = senders[0]  # the person to answer

    @property
    def act(self) -> Act:
        """Return whose act it is."""
        return Act(self.by, Door.MAIL, "")
