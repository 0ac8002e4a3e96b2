"""The rule `custody-limit-unknown`: custody whose time limit nobody recorded is not silence."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")
CHARGED = day("Fri 6 Mar 2026")
IN_CUSTODY = {"suspect_status": SuspectStatus.CUSTODY, "status_on": day("Thu 5 Mar 2026"), "charged_on": CHARGED}


@pytest.mark.parametrize(
    "given",
    [
        row("stalking", {}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("classified other with PH97006", {"classification": Classification.OTHER, "offence_codes": ("PH97006",)}),
    ],
)
def test_custody_without_a_limit_is_asked_for_a_working_day_after_the_charge(given):
    found = owed("custody-limit-unknown", case(opened_on=OPENED, **IN_CUSTODY | given))
    assert (found.subject, found.owed_by, found.done_on, found.arose_on) == ("case", OwedBy.CPS, None, CHARGED)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Mon 9 Mar 2026"), day("Mon 9 Mar 2026"), day("Tue 10 Mar 2026"),
    )  # fmt: skip
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "charged Fri 6 Mar 2026 + 1 working day = Mon 9 Mar 2026; no end of the custody time limit is recorded"
    )


@pytest.mark.parametrize(
    ("status_on", "due", "said"),
    [
        row("the day before the charge", "Thu 5 Mar 2026", "Mon 9 Mar 2026", "charged Fri 6"),
        row("the day of the charge", "Fri 6 Mar 2026", "Mon 9 Mar 2026", "in custody since Fri 6"),
        row("later", "Mon 9 Mar 2026", "Tue 10 Mar 2026", "in custody since Mon 9"),
    ],
)
def test_it_counts_from_the_charge_or_from_custody_whichever_is_later(status_on, due, said):
    found = owed("custody-limit-unknown", case(opened_on=OPENED, **IN_CUSTODY | {"status_on": status_on}))
    assert found.due_on == due
    assert arithmetic.sentence(found.because, CALENDAR).startswith(said)
    assert found.arose_on == max(status_on, CHARGED)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("its end is recorded", {"ctl_expires_on": OPENED}, EndReason.MET),
        row("not charged", {"charged_on": None}, EndReason.OUT_OF_SCOPE),
        row("on bail", {"suspect_status": SuspectStatus.BAIL}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER, "offence_codes": ()}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": None}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("custody-limit-unknown", case(opened_on=OPENED, **IN_CUSTODY | given)).end is end


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("empty", {}, EndReason.UNSEEN),
        row("there all the same", {"ctl_expires_on": OPENED}, EndReason.MET),
        row("not charged", {"charged_on": None}, EndReason.OUT_OF_SCOPE),
    ],
)
def test_a_limit_whose_column_is_not_sent_cannot_be_seen(given, end):
    facts = unseen(case(opened_on=OPENED, **IN_CUSTODY | given), "cps_cases.csv: ctl_expires_on")
    found = nothing("custody-limit-unknown", facts)
    assert found.end is end
    assert end is not EndReason.UNSEEN or found.why == (
        "cannot be seen: cps_cases.csv of cms-se has no column ctl_expires_on"
    )


def test_without_a_row_of_cps_it_is_asked_for_where_only_defendants_could_tell():
    facts = unseen(case(opened_on=OPENED, **IN_CUSTODY), "cps_cases.csv: ctl_expires_on")
    facts = facts._replace(case=facts.case._replace(cps_source_id=None))
    assert nothing("custody-limit-unknown", facts).end is EndReason.UNSEEN
    told = facts.sight.with_sent("defendants.csv", frozenset({"ctl_expires_on"}), 2)
    assert owed("custody-limit-unknown", facts._replace(sight=told)).owed_by is OwedBy.CPS
