"""Where each suspect and each defendant of a case is, as police and CPS say."""

from datetime import date
from typing import NamedTuple

from config.terms import SuspectStatus
from models.rules.catalogue.status import status_unseen
from models.rules.facts import CaseFacts


class SuspectLine(NamedTuple):
    """A suspect's status, its day, and the end of bail; without one, the day of the charge, or nobody has recorded."""

    ref: str  # empty of a case whose own row tells of its suspect
    status: SuspectStatus | None
    since: date | None
    bail_ends_on: date | None
    charged_on: date | None = None

    @property
    def key(self) -> str:
        """A key that changes with any of these but the charge."""
        return f"suspect|{self.ref}|{self.status}|{self.since}|{self.bail_ends_on}"


class DefendantLine(NamedTuple):
    """A defendant of whom CPS says whether they are in custody, or when the time limit of it ends."""

    ref: str  # empty of a case whose CPS row tells of its defendant
    in_custody: bool | None
    ctl_expires_on: date | None

    @property
    def key(self) -> str:
        """A key that changes with any of these."""
        return f"defendant|{self.ref}|{self.in_custody}|{self.ctl_expires_on}"


def suspect_lines(facts: CaseFacts) -> tuple[SuspectLine, ...]:
    """Return a line for each suspect, as police record them; none of one whose status nobody can see.

    Of a closed case nobody is asked where they are: one of whom nothing is recorded has no line.
    """
    lines = (_suspect(subject, alone) for subject, alone in facts.suspects if not status_unseen(alone))
    return tuple(line for line in lines if facts.open or line.status or line.charged_on)


def _suspect(subject: str, alone: CaseFacts) -> SuspectLine:
    row = alone.case
    since = row.status_on if row.suspect_status else None
    bail_ends_on = row.bail_ends_on if row.suspect_status is SuspectStatus.BAIL else None
    charged_on = None if row.suspect_status else row.charged_on
    return SuspectLine(subject.partition(":")[2], row.suspect_status, since, bail_ends_on, charged_on)


def defendant_lines(facts: CaseFacts) -> tuple[DefendantLine, ...]:
    """Return a line for each defendant of whom CPS records custody; of a case without a charge only that there is."""
    lines = (
        DefendantLine(subject.partition(":")[2], alone.case.in_custody, alone.case.ctl_expires_on)
        for subject, alone in facts.defendants
    )
    told = (True, False) if facts.charged or facts.defendant_rows else (True,)
    return tuple(line for line in lines if line.in_custody in told or line.ctl_expires_on)
