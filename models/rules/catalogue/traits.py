"""The traits of a case that decide which rules are asked about it."""

from enum import StrEnum


class Trait(StrEnum):
    """A trait of a case: an attribute of its facts that is true, or not empty."""

    OPEN = "open"
    CLOSED = "case.closed"
    NOT_STALKING = "case.not_stalking"
    IN_SCOPE = "in_scope"
    GUARDED = "guarded"
    FULLY_GUARDED = "fully_guarded"
    STALKING_OR_HARASSMENT = "stalking_or_harassment"
    CLOCK_CASE = "clock_case"
    SUMMARY_OFFENCE = "summary_offence"
    CHARGED = "charged"
    UNCHARGED = "case.uncharged"
    AUTHORISED = "case.charge_authorised_on"
    MAY_BE_BAILED = "may_be_bailed"
    MAY_BE_SOUGHT = "may_be_sought"
    MAY_BE_HELD = "may_be_held"
    PIN_ISSUED = "case.pin_issued_on"
    ACTIONS = "actions"
    REFERRALS = "referrals"
    ORDERS = "orders"
    PLEAS = "pleas"
    SITTINGS = "sittings"
