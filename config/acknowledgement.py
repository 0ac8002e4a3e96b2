"""Policy numbers for acknowledgements: the longest promise, its renewals, and the longer limits a lead may allow."""

from enum import StrEnum

from pydantic import Field

from config.days.duration import DurationText
from config.numbers import ByRisk, Whole
from config.strict_yaml import Strict


class PromiseType(StrEnum):
    """The reasons for which a lead may allow a longer acknowledgement than usual."""

    AWAITING_TRIAL_DATE = "awaiting_trial_date"
    VICTIM_REQUEST = "victim_request"
    SUSPECT_REMANDED = "suspect_remanded"
    OTHER_AUTHORITY = "other_authority"


class AcknowledgementPolicy(Strict):
    """The longest promise by risk, the number of renewals, and the longer limit for each of a lead's reasons."""

    longest: ByRisk
    renewals: Whole = Field(ge=0, le=100)
    lead: dict[PromiseType, DurationText]
