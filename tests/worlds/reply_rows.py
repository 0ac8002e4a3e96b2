"""Replies to messages that are written directly into the tables."""

from datetime import timedelta
from typing import Any

from flows.configured import configured
from models.errors import Refuse
from tasks.platform.tokens import Key, Purpose
from tasks.replies.apply_reply import act_on
from tasks.replies.incoming import IncomingMail
from tasks.replies.proof import OpenedKeys
from tasks.replies.reply import HandledReply
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MOVED = {"ended_on": TUESDAY, "end_reason": "moved"}


class Replies(ReviewRows):
    """One case of the officer of1, whose supervisor is su1, and what a reply about it comes to."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        for ref, role in (("of1", "officer"), ("of2", "officer"), ("su1", "supervisor"), ("sp1", "spoc")):
            self.contact(ref, roles=(role,))
        self.case_id = self.case_of("R1", supervisor_ref="su1")

    def item(self, **given: Any) -> int:
        return self.owes(
            self.case_id,
            TUESDAY - timedelta(days=1),
            **{"rule": "action", "subject": "action:A1", "owed_by": "police"} | given,
        )

    def asks(self, text: str, *keys: Key, senders: tuple[str, ...] = ("of1",), refused: Refuse | None = None) -> Any:
        """The outcome or the refusal of a reply, the obligation that it is about, and whom it is answered to."""
        mail = IncomingMail("identity", "", "<1@phone.test>", "of1@surrey.police.uk", "", (), (), text, TUESDAY)
        reply = HandledReply(configured(), self.connection, mail, list(senders), TUESDAY, AT_NINE)
        try:
            made = act_on(reply, OpenedKeys(frozenset(keys), refused, ours=True))
            outcome: Any = made.answered
            self.on = made.on
        except Refuse as no:
            outcome = str(no)
        return outcome, reply.about, reply.by


def key(row_id: int, person: str = "of1", days: int = 7) -> Key:
    return Key(person, row_id, TUESDAY + timedelta(days=days), Purpose.REPLY)
