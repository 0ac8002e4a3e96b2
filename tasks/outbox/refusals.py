"""Judge a run's refusals when it ends: a message dies of its recipient, and never of a carrier that refuses others too.

Until then a refused message waits to be tried again, so that a kill loses no judgement.
"""

from datetime import timedelta
from typing import NamedTuple

from config.mailbox import domain_of
from config.terms import State
from models.queries.outbox import outbox
from models.queries.outbox import refusals as queries
from models.rules.outbox.refusals import RefusedMessage, alike, too_many
from tasks.carriers.carrier import Answer, Carrier, LastingRefusal, Refusing
from tasks.outbox.sending import ReadyMessage, Worker
from tasks.platform.text import number_of

LATER_SECONDS = 360  # after the next delivery, which tries the others first


class _Kept(NamedTuple):
    message: ReadyMessage
    reason: str
    refusal: LastingRefusal

    @property
    def to_ref(self) -> str:
        return self.message.held.contact_ref or queries.OPERATIONS

    @property
    def domain(self) -> str:
        return domain_of(self.message.to) or ""


class Refusals:
    """The messages that one carrier refused in this run."""

    def __init__(self, worker: Worker, carrier: Carrier, *, refusing: bool) -> None:
        """Begin with none. `refusing`: the carrier refused everybody when it was tried last."""
        self._worker, self._carrier, self._refusing = worker, carrier, refusing
        self._before = worker.delivered.counts.get(State.SENT, 0)
        self._kept: list[_Kept] = []

    @property
    def accepted(self) -> bool:
        """Return whether the carrier accepted a message in this run."""
        return self._worker.delivered.counts.get(State.SENT, 0) > self._before

    def heard(self, message: ReadyMessage, answer: Answer) -> Answer:
        """Keep a refusal until it is judged, and return what to record of the message."""
        if answer.refusal is None:
            return answer
        self._kept.append(_Kept(message, answer.reason, answer.refusal))
        return answer._replace(state=State.RETRY, wait=LATER_SECONDS)

    def check(self) -> None:
        """Judge each time that too many more are refused, so that not everybody is tried in vain. Raises Refusing."""
        most = self._worker.configuration.policy.delivery.refusals
        if self._kept and len(self._kept) % (most + 1) == 0 and self._carriers_fault():
            raise self._down()

    def end(self) -> None:
        """Give up the messages that were refused for their recipients' sake. Raises Refusing where they were not."""
        if self._kept and self._carriers_fault():
            raise self._down()
        for kept in self._kept:
            with self._worker.database.begin() as connection:
                settled = outbox.settle(
                    connection, [kept.message.held.id], State.DEAD, reason=kept.reason, as_of=self._worker.as_of,
                    token=self._worker.token,
                )  # fmt: skip
                self._carrier.forget(connection, kept.message.to)
            if settled:
                self._worker.delivered.add(State.DEAD)
                self._worker.delivered.dead.append((kept.message.held.key, kept.reason))
        self._kept = []

    def put_back(self, why: str) -> None:
        """Put the refused messages back into the queue behind all others, with no try counted."""
        if not self._kept:
            return
        ids, later = [kept.message.held.id for kept in self._kept], timedelta(seconds=LATER_SECONDS)
        with self._worker.database.begin() as connection:
            outbox.settle(
                connection, ids, State.QUEUED, reason=f"carrier down: {why}", as_of=self._worker.as_of,
                due_at=self._worker.as_of + later, token=self._worker.token,
            )  # fmt: skip
        self._worker.delivered.put_back += len(ids)
        self._kept = []

    def _down(self) -> Refusing:
        number = number_of(len({kept.to_ref for kept in self._kept}), "recipient", "recipients")
        return Refusing(f"it refuses {number} whom it should accept: {self._kept[-1].reason.partition(':')[0]}")

    def _too_many(self) -> bool:
        with self._worker.database.begin() as connection:
            accepted = queries.accepted_since(connection, self._carrier.channel, self._worker.today)
        return too_many(self._messages(self._kept), accepted, self._worker.configuration.policy.delivery.refusals)

    def _carriers_fault(self) -> bool:
        if self._too_many():
            return True
        of_recipients = [kept for kept in self._kept if kept.refusal.recipient]
        of_letters = [kept for kept in self._kept if not kept.refusal.recipient]
        if of_letters and not self.accepted and (self._refusing or self._alike(of_letters)):
            return True
        return bool(of_recipients) and self._refuses_others(of_recipients)

    def _refuses_others(self, refused: list[_Kept]) -> bool:
        """Ask in the same session for a colleague at each domain who was accepted before, or for operations."""
        refs = [kept.to_ref for kept in refused]
        domains = sorted({kept.domain for kept in refused})
        with self._worker.database.begin() as connection:
            colleagues = queries.colleagues(connection, self._carrier.channel, refs, domains, self._worker.today.date())
        if not all(self._carrier.takes(colleague) for colleague in colleagues.values()):
            return True
        alone = [kept for kept in refused if kept.domain not in colleagues]
        return bool(alone) and self._refuses_operations(alone)

    def _refuses_operations(self, refused: list[_Kept]) -> bool:
        if self._alike(refused) or queries.OPERATIONS in {kept.to_ref for kept in refused}:
            return True
        operations = self._worker.configuration.settings.mail.operations
        return operations is not None and not self._carrier.takes(operations)

    def _alike(self, refused: list[_Kept]) -> bool:
        refs = sorted({kept.to_ref for kept in refused})
        with self._worker.database.begin() as connection:
            before = queries.accepted_before(connection, self._carrier.channel, refs)
        return alike(self._messages(refused), before)

    @staticmethod
    def _messages(refused: list[_Kept]) -> list[RefusedMessage]:
        return [RefusedMessage(kept.to_ref, kept.refusal.words) for kept in refused]
