"""The forces' first days, and how they bear on the obligations of a climb."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.obligations import met_rules
from models.queries.obligations.ladders import DueObligation
from models.queries.people import jurisdictions
from models.rules.obligations import first_day
from models.rules.obligations.first_day import ForceMatter, Start
from models.rules.obligations.rulebook import RULES
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration


class Begun(NamedTuple):
    """How the first days bear on one obligation of a climb."""

    start: Start | None
    concerned: Parties  # without the places of forces that have not started
    wakes_on: date | None = None  # the first day of such a force
    first_look: bool = False  # whether this is the first look since people began to hear of it


class Starting:
    """The first days that matter to one force's climb (None: that of no case), and the forces of each CPS Area."""

    def __init__(
        self, configuration: Configuration, connection: Connection, force_code: str | None, today: date
    ) -> None:
        self._configuration = configuration
        self.policy, self.calendar, self.today = configuration.policy, configuration.calendar, today
        self.waiting = first_day.waiting(self.policy, today)
        self._without_case = force_code is None
        self._new = met_rules.meet(connection, tuple(RULES), today)
        asked = self._without_case and bool(self.policy.starts)
        self._of_areas = jurisdictions.forces_of_areas(connection) if asked else {}

    def of(self, obligation: DueObligation) -> Begun:
        """Return what the first days mean to an obligation."""
        matter = ForceMatter(
            obligation.rule, obligation.due_on, obligation.risk, obligation.matter.numbers_of,
            self._new.get(obligation.rule),
        )  # fmt: skip
        if self._without_case:
            begun = self._of_no_case(obligation) if self.policy.starts else Begun(None, obligation.matter)
            new = first_day.of_new_rule(self.policy, matter, self.calendar)
            return begun if begun.start else begun._replace(start=new)
        start = first_day.start(self.policy, matter, self.calendar)
        first_look = start is not None and bool(start.heard_by) and self._is_first_look(obligation, [start.on])
        return Begun(start, obligation.matter, first_look=first_look)

    def _of_no_case(self, obligation: DueObligation) -> Begun:
        """Leave out the places of forces that have not started, unless all are such."""
        codes = {
            *obligation.matter.force_codes,
            *(code for area in obligation.matter.cps_areas for code in self._of_areas.get(area, ())),
        }
        days = {code: self.policy.starts[code] for code in codes if code in self.policy.starts}
        start = first_day.of_no_case(min(days.values())) if codes and len(days) == len(codes) else None
        first_look = self._is_first_look(obligation, days.values())
        if start is not None and self.today < start.on:
            return Begun(start, obligation.matter)
        ahead = min((on for code, on in days.items() if code in self.waiting), default=None)
        return Begun(start, first_day.started(obligation.matter, self.waiting), ahead, first_look)

    def _is_first_look(self, obligation: DueObligation, days: Iterable[date]) -> bool:
        """Return whether nobody has looked at it since one of these days: it was to be looked at on it, or before."""
        return any(obligation.next_step_on <= on <= self.today for on in days)
