"""Whose turn it is: the number of days each side has held a case since it was opened."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from config.terms import ActionSource, Agency
from models.rules.facts import CaseFacts


class TurnDays(NamedTuple):
    """Days, which add up to the days that the case has been open, and the side whose turn it is on the given day."""

    police: int
    cps: int
    nobody: int
    now: Agency | None


def whose_turn(facts: CaseFacts, day: date) -> TurnDays:
    """Count the civil days from `opened_on` up to but not including `day`, each for one side or for nobody.

    Source: none in law; the protocol of 23 May 2018 asks both sides to see whose the next move is.
    """
    days = range((day - facts.case.opened_on).days)
    held = Counter(holder(facts, facts.case.opened_on + timedelta(days=number)) for number in days)
    return TurnDays(held[Agency.POLICE], held[Agency.CPS], held[None], holder(facts, day))


def holder(facts: CaseFacts, day: date) -> Agency | None:
    """Return the side that held the case on a day; None for nobody.

    CPS holds it while a referral is undecided and no police action-plan action is open. Police hold it while one of
    those is open, while it was never referred, or while a charge is authorised and not made. On the day it ends, a
    state no longer counts.
    """
    planned = any(
        action.source is ActionSource.ACTION_PLAN
        and action.owner_agency is Agency.POLICE
        and action.supplied
        and _within(day, action.raised_on, action.closed_on)
        for action in facts.actions
    )
    referred = [referral for referral in facts.referrals if referral.supplied and referral.submitted_on <= day]
    if not planned and any(_within(day, referral.submitted_on, referral.decision_on) for referral in referred):
        return Agency.CPS
    uncharged = _within(day, facts.case.charge_authorised_on, facts.case.charged_on)
    return Agency.POLICE if planned or not referred or uncharged else None


def _within(day: date, first: date | None, ended: date | None) -> bool:
    """Return whether something that began, and may have ended, applied on a day."""
    return first is not None and first <= day and (ended is None or day < ended)
