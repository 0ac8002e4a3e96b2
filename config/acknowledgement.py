"""Promises: how long an acknowledgement may put an obligation to sleep, and what a lead may lift that to."""

from enum import StrEnum

from pydantic import Field

from config.duration import DurationText
from config.numbers import ByRisk, Strict


class PromiseType(StrEnum):
    """Why a lead may lift an acknowledgement beyond the ordinary longest."""

    AWAITING_TRIAL_DATE = "awaiting_trial_date"
    VICTIM_REQUEST = "victim_request"
    SUSPECT_REMANDED = "suspect_remanded"
    OTHER_AUTHORITY = "other_authority"


class Acknowledge(Strict):
    """How long a promise may be, how often renewed, and what a lead may lift it to."""

    longest: ByRisk
    renewals: int = Field(ge=0)
    lead: dict[PromiseType, DurationText]
