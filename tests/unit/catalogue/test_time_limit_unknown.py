"""The rule `time-limit-unknown`: the last act of a case that may have the six-month limit."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, incident, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")
OTHER = Classification.OTHER


def limited(**given):
    """An open case of section 2A."""
    return case(opened_on=OPENED, **{"offence_codes": ("PH97006",)} | given)


@pytest.mark.parametrize(
    "given",
    [
        row("no act at all", {}),
        row("a withdrawn incident", {"incidents": [incident(reported_on=OPENED, supplied=False)]}),
        row("an incident of a linked case", {"linked_incidents": [incident(reported_on=OPENED)]}),
        row("classified other", {"classification": OTHER}),
        row("charged with another offence", {"charged_on": OPENED, "charged_codes": ("TH68010",)}),
        row("charged with a breach", {"charged_on": OPENED, "charged_codes": ("PH97012",)}),
    ],
)
def test_where_no_last_act_is_known_police_owe_it_in_two_working_days(given):
    found = owed("time-limit-unknown", limited(**given))
    assert (found.subject, found.owed_by, found.arose_on) == ("case", OwedBy.POLICE, OPENED)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Tue 3 Mar 2026"), day("Wed 4 Mar 2026"), day("Fri 6 Mar 2026"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("recorded", {"last_act_on": OPENED}, EndReason.MET),
        row("an incident", {"incidents": [incident(reported_on=OPENED)]}, EndReason.MET),
        row("noted", {"time_limit_noted_on": OPENED}, EndReason.MET),
        row("charged with stalking", {"charged_on": OPENED, "charged_codes": ("PH97006",)}, EndReason.MET),
        row("no summary offence", {"offence_codes": ("PH97011",)}, EndReason.OUT_OF_SCOPE),
        row("other by its codes too", {"offence_codes": (), "classification": OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("time-limit-unknown", limited(**given)).end is end


def test_it_says_its_arithmetic():
    found = owed("time-limit-unknown", limited())
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "case opened Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026; no last act is recorded"
    )


def test_it_cannot_be_seen_where_neither_a_last_act_nor_incidents_are_sent():
    act, incidents = "cases.csv: last_act_on", "incidents.csv: occurred_on"
    assert [owed("time-limit-unknown", unseen(limited(), one)).due_on for one in (act, incidents)] == (
        [day("Wed 4 Mar 2026")] * 2
    )
    found = nothing("time-limit-unknown", unseen(limited(), act, incidents))
    assert found.end is EndReason.UNSEEN
    assert found.why == "cannot be seen: cases.csv of niche-45 has no column last_act_on"
    noted = unseen(limited(time_limit_noted_on=OPENED), act, incidents)
    assert nothing("time-limit-unknown", noted).end is EndReason.MET


def test_a_charge_whose_codes_are_not_sent_cannot_be_seen_to_end_it():
    found = nothing("time-limit-unknown", unseen(limited(charged_on=OPENED), "cps_cases.csv: charged_codes"))
    assert (found.end, found.why) == (
        EndReason.UNSEEN, "cannot be seen: cps_cases.csv of cms-se has no column charged_codes"
    )  # fmt: skip
