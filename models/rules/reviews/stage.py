"""The stage of a case on its way to court."""

from enum import StrEnum

from models.rules.facts import CaseFacts


class Stage(StrEnum):
    """The stages of a case on its way to court."""

    INVESTIGATION = "investigation"
    WITH_CPS = "with CPS"
    AWAITING_CHARGE = "awaiting charge"
    CHARGED = "charged"


def stage(facts: CaseFacts) -> Stage:
    """Return the furthest stage recorded: charged, charge authorised, referral undecided, or else the investigation."""
    if facts.charged:
        return Stage.CHARGED
    if facts.case.charge_authorised_on is not None:
        return Stage.AWAITING_CHARGE
    return Stage.WITH_CPS if any(referral.undecided for referral in facts.referrals) else Stage.INVESTIGATION
