"""Replies: their possible results, the limits on answers, and the mailbox that people reply to."""

import re
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from config import mailbox
from config.carriers.oauth import OAuth, WholePath, check_sign_in
from config.days.duration import DurationText
from config.numbers import Whole
from config.strict_yaml import Strict


class Answered(StrEnum):
    """The result of a reply to a message."""

    PROMISED = "promised"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken back"
    RECORDED = "recorded"
    STANDING = "standing"
    SHOWN = "shown"
    PASSED_ON = "passed on"
    ENDS_WHEN = "ends when"
    UNCLEAR = "unclear"
    REFUSED = "refused"


ACTED = (
    Answered.PROMISED,
    Answered.COMPLETED,
    Answered.CONFIRMED,
    Answered.TAKEN_BACK,
    Answered.RECORDED,
    Answered.PASSED_ON,
)  # replies that changed something


class ReplyPolicy(Strict):
    """How long a mail may be answered, and the most answers per person and day to replies that changed nothing."""

    good_for: DurationText
    most_per_person_per_day: Whole = Field(gt=0, le=10_000)


class ReplyMailbox(Strict):
    """The mailbox: read over IMAP with TLS, or a Maildir of this machine. Without either, no message offers a reply."""

    host: str | None = None
    port: int = Field(0, ge=0, le=65535)  # 0: the default port for the security
    security: Literal["tls", "starttls"] = "tls"  # never read in clear text
    user: str | None = None
    password: SecretStr | None = None
    oauth: OAuth = OAuth()  # sign in by a token, in place of the password
    maildir: WholePath | None = None  # where this machine's mail server delivers the replies
    address: str = ""  # the address people reply to
    done_folder: str = "Casebeat done"  # the folder for mails that have been handled

    @property
    def on(self) -> bool:
        """Return whether replies are read."""
        return self.host is not None or self.maildir is not None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host is not None and self.maildir is not None:
            raise ValueError("replies.host and replies.maildir: set one of them, for replies are read from one mailbox")
        if self.oauth.on:
            if self.host is None:
                raise ValueError("replies.host is missing: replies.oauth signs in to an IMAP server")
            check_sign_in("replies", self.user, password=self.password is not None)
        elif self.host is not None and (self.user is None or self.password is None):
            raise ValueError("replies.user and replies.password: set both, with replies.host")
        if self.on and mailbox.domain_of(self.address) is None:
            raise ValueError("replies.address is not one plain mailbox: name the address of the reply mailbox")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,99}", self.done_folder):
            raise ValueError("replies.done_folder: letters, digits, spaces, dots, slashes and hyphens only")
        object.__setattr__(self, "port", self.port or {"tls": 993, "starttls": 143}[self.security])
        return self
