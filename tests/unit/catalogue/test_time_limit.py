"""The rules `summary-time-limit` and `time-limit-unknown`: six months from the last act."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.factories import CALENDAR, case, incident, nothing, owed
from tests.unit.days import day, row

OPENED = day("Mon 2 Mar 2026")
STALKING = ("PH97006",)


@pytest.mark.parametrize(
    ("act", "due"),
    [
        row("the same day number", "Mon 2 Mar 2026", "Wed 2 Sep 2026"),
        row("the month's last where there is no 31st", "Sun 31 Aug 2025", "Sat 28 Feb 2026"),
        row("a weekend end stays", "Fri 1 May 2026", "Sun 1 Nov 2026"),
    ],
)
def test_a_summary_offence_is_charged_within_six_months_of_the_last_act(act, due):
    found = owed("summary-time-limit", case(opened_on=OPENED, offence_codes=STALKING, last_act_on=act))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.BOTH, due, None)


def test_it_is_noticed_eight_weeks_before_and_escalated_the_day_after():
    found = owed("summary-time-limit", case(opened_on=OPENED, offence_codes=STALKING, last_act_on=OPENED))
    assert (found.remind_on, found.escalate_on) == (day("Wed 8 Jul 2026"), day("Thu 3 Sep 2026"))


@pytest.mark.parametrize(
    "codes",
    [
        row("stalking s.2A", ("PH97006",)),
        row("harassment s.2", ("PH97004",)),
        row("one of several", ("PH97011", "PH97004")),
        row("an abetting", ("PH97006B",)),
        row("in lower case", ("ph97006",)),
    ],
)
@pytest.mark.parametrize("classification", [Classification.STALKING, Classification.HARASSMENT])
def test_any_summary_only_code_brings_the_limit(codes, classification):
    facts = case(opened_on=OPENED, classification=classification, offence_codes=codes, last_act_on=OPENED)
    assert owed("summary-time-limit", facts).due_on == day("Wed 2 Sep 2026")
    assert nothing("time-limit-unknown", facts).end is EndReason.MET


@pytest.mark.parametrize("rule", ["summary-time-limit", "time-limit-unknown"])
@pytest.mark.parametrize("codes", [row("none", ()), row("s.4A", ("PH97011",)), row("aggravated s.2A", ("CD98077",))])
def test_an_offence_without_the_limit_brings_neither(rule, codes):
    found = nothing(rule, case(opened_on=OPENED, offence_codes=codes))
    assert found.end is EndReason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("charged", {"charged_on": OPENED}, EndReason.MET),
        row("the expiry is noted", {"time_limit_noted_on": OPENED}, EndReason.MET),
        row("other", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
@pytest.mark.parametrize("last_act_on", [None, OPENED])
@pytest.mark.parametrize("rule", ["summary-time-limit", "time-limit-unknown"])
def test_neither_is_owed(rule, last_act_on, given, end):
    assert nothing(rule, case(opened_on=OPENED, offence_codes=STALKING, last_act_on=last_act_on, **given)).end is end


@pytest.mark.parametrize(
    ("recorded", "ordinary", "breach", "act", "note"),
    [
        row("recorded alone", "Mon 9 Mar 2026", None, None, "last act recorded Mon 9 Mar 2026", ""),
        row("an earlier incident", "Mon 9 Mar 2026", "Sun 8 Mar 2026", None, "last act recorded Mon 9 Mar 2026", ""),
        row("an incident that day", "Mon 9 Mar 2026", "Mon 9 Mar 2026", None, "last act recorded Mon 9 Mar 2026", ""),
        row(
            "a later incident",
            "Mon 9 Mar 2026",
            "Tue 10 Mar 2026",
            None,
            "latest incident Tue 10 Mar 2026",
            "only a later incident moved it; the last act recorded is Mon 9 Mar 2026",
        ),
        row("an incident, none recorded", None, "Tue 10 Mar 2026", None, "latest incident Tue 10 Mar 2026", ""),
        row("a breach that day", "Mon 9 Mar 2026", None, "Mon 9 Mar 2026", "last act recorded Mon 9 Mar 2026", ""),
        row(
            "a later breach",
            "Mon 9 Mar 2026",
            None,
            "Tue 10 Mar 2026",
            "latest incident (a breach) Tue 10 Mar 2026",
            "only a breach moved it; without breaches the last act is Mon 9 Mar 2026",
        ),
        row(
            "a breach later than an incident",
            None,
            "Mon 9 Mar 2026",
            "Tue 10 Mar 2026",
            "latest incident (a breach) Tue 10 Mar 2026",
            "only a breach moved it; without breaches the last act is Mon 9 Mar 2026",
        ),
        row(
            "a breach and an incident the same day",
            "Mon 9 Mar 2026",
            "Tue 10 Mar 2026",
            "Tue 10 Mar 2026",
            "latest incident Tue 10 Mar 2026",
            "only a later incident moved it; the last act recorded is Mon 9 Mar 2026",
        ),
        row(
            "nothing but a breach",
            None,
            None,
            "Tue 10 Mar 2026",
            "latest incident (a breach) Tue 10 Mar 2026",
            "only a breach moved it; no other act is recorded",
        ),
    ],
)
def test_it_says_which_act_it_runs_from_and_warns_where_only_one_act_moved_it(recorded, ordinary, breach, act, note):
    incidents = [incident(reported_on=ordinary)] if ordinary else []
    incidents += [incident(reported_on=breach, breach=True)] if breach else []
    found = owed(
        "summary-time-limit",
        case(opened_on=OPENED, offence_codes=STALKING, last_act_on=recorded, incidents=incidents),
    )
    assert arithmetic.sentence(found.because, CALENDAR).startswith(f"{act} + 6 months = ")
    assert found.note == note


def test_the_day_an_incident_occurred_counts_and_not_the_day_it_was_reported():
    incidents = [incident(occurred_on=day("Mon 9 Feb 2026"), reported_on=day("Mon 2 Mar 2026"))]
    found = owed("summary-time-limit", case(opened_on=OPENED, offence_codes=STALKING, incidents=incidents))
    assert found.due_on == day("Sun 9 Aug 2026")


@pytest.mark.parametrize("breach", [False, True])
@pytest.mark.parametrize("order", [row("earlier first", [9, 10]), row("later first", [10, 9])])
def test_the_latest_of_several_incidents_counts(breach, order):
    incidents = [incident(reported_on=OPENED.replace(day=number), breach=breach) for number in order]
    found = owed("summary-time-limit", case(opened_on=OPENED, offence_codes=STALKING, incidents=incidents))
    assert found.due_on == day("Thu 10 Sep 2026")


@pytest.mark.parametrize(
    "given",
    [
        row("no act at all", {}),
        row("a withdrawn incident", {"incidents": [incident(reported_on=OPENED, supplied=False)]}),
        row("an incident of a linked case", {"linked_incidents": [incident(reported_on=OPENED)]}),
    ],
)
def test_where_no_last_act_is_known_police_owe_it_in_two_working_days(given):
    facts = case(opened_on=OPENED, offence_codes=STALKING, **given)
    found = owed("time-limit-unknown", facts)
    assert (found.subject, found.owed_by) == ("case", OwedBy.POLICE)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Tue 3 Mar 2026"), day("Wed 4 Mar 2026"), day("Fri 6 Mar 2026"),
    )  # fmt: skip
    assert nothing("summary-time-limit", facts).end is EndReason.MET


def test_the_unknown_limit_says_its_arithmetic():
    found = owed("time-limit-unknown", case(opened_on=OPENED, offence_codes=STALKING))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "case opened Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026; no last act is recorded"
    )
