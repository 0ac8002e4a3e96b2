"""The rule `custody-limit`: a decision by the day on which the custody time limit ends."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from models.rules.sight import SEES_ALL, Sight
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED = day("Mon 2 Mar 2026")
ENDS = day("Fri 5 Jun 2026")
POLICE_ALONE = Sight({}, {}, {})
UNSEEN = "cannot be seen: cps_cases.csv, which no source sends, has no column"
IN_CUSTODY = {"suspect_status": SuspectStatus.CUSTODY, "ctl_expires_on": ENDS, "charged_on": OPENED}


@pytest.mark.parametrize(
    "given",
    [
        row("stalking", {}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("classified other with PH97006", {"classification": Classification.OTHER, "offence_codes": ("PH97006",)}),
        row("not yet charged", {"charged_on": None}),
    ],
)
def test_cps_owe_it_by_the_day_the_custody_time_limit_ends_as_it_was_sent(given):
    found = owed("custody-limit", case(opened_on=OPENED, **IN_CUSTODY | given))
    assert (found.subject, found.owed_by, found.done_on) == ("case", OwedBy.CPS, None)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Fri 24 Apr 2026"), day("Fri 5 Jun 2026"), day("Sat 6 Jun 2026"),
    )  # fmt: skip
    assert arithmetic.sentence(found.because, CALENDAR) == "custody time limit ends Fri 5 Jun 2026"


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no day recorded", {"ctl_expires_on": None}, EndReason.MET),
        row("on bail", {"suspect_status": SuspectStatus.BAIL}, EndReason.OUT_OF_SCOPE),
        row("status unknown, and CPS says no", {"suspect_status": None, "in_custody": False}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER, "offence_codes": ()}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "suspect_status": SuspectStatus.BAIL}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("custody-limit", case(opened_on=OPENED, **IN_CUSTODY | given)).end is end


def test_it_lies_ahead_whenever_custody_began():
    assert owed("custody-limit", case(opened_on=OPENED, status_on=OPENED, **IN_CUSTODY)).arose_on is None


@pytest.mark.parametrize(
    ("given", "sight", "why"),
    [
        row("police know", {"suspect_status": SuspectStatus.BAIL}, SEES_ALL, "the suspect is not in custody"),
        row("CPS say no", {"in_custody": False}, SEES_ALL, "the suspect is not in custody"),
        row("nobody says", {}, SEES_ALL, "nobody has recorded whether the suspect is in custody"),
        row("nobody sends it", {}, POLICE_ALONE, f"{UNSEEN} in_custody"),
    ],
)
def test_not_in_custody_is_said_only_where_somebody_knows(given, sight, why):
    facts = case(opened_on=OPENED, charged_on=OPENED, **{"suspect_status": None} | given)._replace(sight=sight)
    assert nothing("custody-limit", facts).why == why
