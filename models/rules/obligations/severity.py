from datetime import date

from config.terms import Severity


def severity(due_on: date, remind_on: date, escalate_on: date, day: date) -> Severity:
    """Return how late something is on a day. It is overdue from the day after its due day.

    The terms are the CPS's own. If `escalate_on` is the due day, it is critically overdue from the day after.
    """
    if day < remind_on:
        return Severity.NOT_DUE_YET
    if day <= due_on:
        return Severity.DUE_SOON
    return Severity.OVERDUE if day < escalate_on else Severity.CRITICALLY_OVERDUE
