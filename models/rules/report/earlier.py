"""Days that the rows of a case had before they had those of now."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from config.terms import SuspectStatus


class DayKind(StrEnum):
    """The kind of an earlier day: the column of its name, a status that began, or the news that a status was."""

    TOLD = "victim_told_on"
    ASSESSED = "risk_assessed_on"
    CONTACTED = "victim_contacted_on"
    CONSIDERED = "spo_considered_on"
    LAST_ACT = "last_act_on"
    BAIL_ENDS = "bail_ends_on"
    BAIL_VIEWS = "bail_views_on"
    RELEASE_REVIEWED = "release_reviewed_on"
    CONFIRMED = "risk_ratified_on"
    ATTEMPTED = "arrest_attempted_on"
    CUSTODY_ENDS = "ctl_expires_on"
    STATUS = "status_on"
    NEWS = "news of a status"


class Earlier(NamedTuple):
    """A day that a row had until another took its place, after `until_on`; of a status, which one began.

    `ref` is that of the suspect or defendant of the row; None: it is the case's own.
    """

    kind: DayKind
    day: date
    state: SuspectStatus | None
    until_on: date
    ref: str | None = None
