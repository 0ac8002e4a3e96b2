"""Relevance: whether a notification decided earlier is still due, and if not, why."""

from datetime import date
from typing import NamedTuple

from config.terms import EndReason, Happening
from models.rules.arithmetic import format_day
from models.rules.literals import Literals
from models.rules.obligations.sitting_pause import Silence

TO_A_NEWCOMER = Literals({Happening.HANDED_OVER, Happening.OPENED})  # what somebody could not read of before
_CARRIED_ON = {EndReason.MOVED: "its day moved", EndReason.RENEWED: "there is danger again"}


class ObligationState(NamedTuple):
    """The state of an obligation when a notification about it is sent."""

    ended: EndReason | None
    hard: bool
    last_step: int
    acknowledged_until: date | None
    silence: Silence | None = None  # a joint review whose sitting is planned or has just taken place


def why_not_due(happening: Happening, step: int, now: ObligationState, today: date, *, reopened: bool = False) -> str:
    """Return why a notification is no longer due; empty if it is due. `reopened` takes the news of an end back."""
    if happening is Happening.RESOLVED:
        because = "it is not owed again" if reopened else "it is owed again"
        return because if reopened is (now.ended is not None) else ""
    if now.ended is not None:
        return _CARRIED_ON.get(now.ended) or f"ended: {now.ended}"
    came = happening in TO_A_NEWCOMER  # said though it sleeps, or a later step was taken
    asleep = now.acknowledged_until is not None and now.acknowledged_until >= today and not now.hard
    if asleep and now.acknowledged_until and not came:  # a newcomer receives the promise
        return f"acknowledged until {format_day(now.acknowledged_until)}"
    if now.silence and not now.hard and not came:
        return now.silence.because
    return "overtaken by a later notice" if now.last_step > step and not came else ""
