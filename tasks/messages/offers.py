"""Offers: the answers to an obligation that would be done for a reader today, so that no link leads to a refusal."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from models.queries.obligations import acknowledgements
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.queries.people.parties import parties
from models.queries.replies import replies
from models.rules.obligations.acknowledgement import AcknowledgementSetting, latest
from models.rules.obligations.rulebook import RULES
from models.rules.replies.answerable import ReplyMatter, does, promises
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on


class Offer(NamedTuple):
    """The answers that a message offers its reader about one obligation."""

    until: date | None = None  # the day that they may promise; None where none is left, or they may not
    done: bool = False
    not_mine: bool = False
    show: bool = False
    confirm: bool = False
    record: bool = False  # what came of the meeting whose outcome is owed


NO_OFFER = Offer()


class Offers:
    """The offers of a batch of messages about these obligations, read in a fixed number of statements."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        today: date,
        obligation_ids: Collection[int],
        contact_refs: Collection[str],
    ) -> None:
        ids = sorted(set(obligation_ids))
        self._configuration, self._today = configuration, today
        self._matters = parties(connection, ids) if ids else {}
        self._earlier = acknowledgements.earlier(connection, ids) if ids else {}
        self._told = replies.told_as(connection, ids, sorted(set(contact_refs))) if ids else {}
        self._people = directory_on(configuration, connection, today, list(self._matters.values())) if ids else None

    def of(self, view: NotificationView, reader: Reader | None) -> Offer:
        """Return what a reader is offered; nothing of what has ended, belongs to no case, or is not among these."""
        matter = view.matter
        parties_of, people = self._matters.get(matter.obligation_id), self._people
        if reader is None or parties_of is None or people is None or matter.ended_on or matter.case_ref is None:
            return NO_OFFER
        step = matter.last_step if self._is_step(matter) else 0
        about = ReplyMatter(
            matter.subject, parties_of, self._told.get((matter.obligation_id, reader.ref)), step,
            confirmed=RULES[matter.rule].confirmed,
        )  # fmt: skip
        if about.confirmed:  # nobody takes it on until a day, or passes it on: it is confirmed, or raised
            confirm, show = (does(act, about, reader.ref, people) for act in (ActKind.CONFIRMATION, ActKind.LOOK))
            return Offer(show=show, confirm=confirm)
        terms, calendar = self._configuration.policy.acknowledge, self._configuration.calendar
        setting = AcknowledgementSetting(self._today, terms, matter.risk, calendar, matter.due_on, matter.hard)
        until, earlier = latest(setting), self._earlier.get(matter.obligation_id)
        return Offer(
            until if promises(until, about, reader.ref, people, earlier, setting) else None,
            done=does(ActKind.COMPLETION, about, reader.ref, people),
            not_mine=does(ActKind.HAND_OVER, about, reader.ref, people),
            show=does(ActKind.LOOK, about, reader.ref, people),
            record=self._has_met(matter) and does(ActKind.OUTCOME, about, reader.ref, people),
        )

    def _has_met(self, matter: ObligationView) -> bool:
        return matter.met_on is not None and matter.met_on <= self._today

    def _is_step(self, matter: ObligationView) -> bool:
        return matter.last_step <= len(self._configuration.policy.ladder_of(matter.rule, matter.numbers_of))
