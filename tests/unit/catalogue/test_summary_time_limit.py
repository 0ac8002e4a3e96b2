"""The rule `summary-time-limit`: six months from the last act."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, incident, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")
STALKING = ("PH97006",)
OTHER = Classification.OTHER
ACT = day("Thu 1 Jan 2026")


def limited(**given):
    """An open case of section 2A."""
    return case(opened_on=OPENED, **{"offence_codes": STALKING} | given)


@pytest.mark.parametrize(
    ("act", "due"),
    [
        row("the same day number", "Mon 2 Mar 2026", "Wed 2 Sep 2026"),
        row("the month's last where there is no 31st", "Sun 31 Aug 2025", "Sat 28 Feb 2026"),
        row("a weekend end stays", "Fri 1 May 2026", "Sun 1 Nov 2026"),
    ],
)
def test_a_summary_offence_is_charged_within_six_months_of_the_last_act(act, due):
    found = owed("summary-time-limit", limited(last_act_on=act))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.BOTH, due, None)
    assert found.arose_on == act


def test_it_is_noticed_eight_weeks_before_and_escalated_the_day_after():
    found = owed("summary-time-limit", limited(last_act_on=OPENED))
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
    facts = limited(classification=classification, offence_codes=codes, last_act_on=OPENED)
    assert owed("summary-time-limit", facts).due_on == day("Wed 2 Sep 2026")


@pytest.mark.parametrize("declassified_on", [row("never stalking", None), row("declassified", OPENED)])
def test_a_case_classified_other_keeps_its_clocks_by_its_offence_code(declassified_on):
    facts = limited(classification=OTHER, declassified_on=declassified_on, last_act_on=OPENED)
    assert owed("summary-time-limit", facts).due_on == day("Wed 2 Sep 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no code", {"offence_codes": ()}, EndReason.OUT_OF_SCOPE),
        row("s.4A", {"offence_codes": ("PH97011",)}, EndReason.OUT_OF_SCOPE),
        row("aggravated s.2A", {"offence_codes": ("CD98077",)}, EndReason.OUT_OF_SCOPE),
        row("other by its codes too", {"offence_codes": ("TH68010",), "classification": OTHER}, EndReason.OUT_OF_SCOPE),
        row("no act is known", {"last_act_on": None}, EndReason.MET),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("summary-time-limit", limited(**{"last_act_on": ACT} | given)).end is end


@pytest.mark.parametrize("code", ["PH97006", "PH97004", "PH97011", "CD98077", "ph97006b"])
def test_a_charge_of_stalking_or_harassment_ends_it(code):
    facts = limited(last_act_on=ACT, charged_on=OPENED, charged_codes=("TH68010", code))
    assert nothing("summary-time-limit", facts).end is EndReason.MET


@pytest.mark.parametrize(
    "codes",
    [
        row("another offence", ("TH68010",)),
        row("a breach of a restraining order", ("PH97012",)),
        row("a breach of a non-molestation order", ("FL96001",)),
        row("a breach of a stalking protection order", ("ST19001", "ST19006")),
        row("no code is recorded", ()),
    ],
)
def test_a_charge_of_any_other_offence_leaves_the_six_months_running(codes):
    facts = limited(last_act_on=ACT, charged_on=OPENED, charged_codes=codes)
    assert owed("summary-time-limit", facts).due_on == day("Wed 1 Jul 2026")


def test_a_charge_whose_codes_are_not_sent_cannot_be_seen_to_end_it():
    facts = unseen(limited(last_act_on=ACT, charged_on=OPENED), "cps_cases.csv: charged_codes")
    found = nothing("summary-time-limit", facts)
    assert found.end is EndReason.UNSEEN
    assert found.why == "cannot be seen: cps_cases.csv of cms-se has no column charged_codes"
    uncharged = unseen(limited(last_act_on=ACT), "cps_cases.csv: charged_codes")
    assert owed("summary-time-limit", uncharged).due_on == day("Wed 1 Jul 2026")


def test_an_early_note_does_not_silence_the_limit_of_a_later_act():
    """The suspect acts, a note of 20 January is made about that, and the suspect acts again on 1 June."""
    given = {"last_act_on": day("Fri 1 Aug 2025"), "time_limit_noted_on": day("Tue 20 Jan 2026")}
    assert nothing("summary-time-limit", limited(**given)).end is EndReason.MET
    again = owed("summary-time-limit", limited(**given, incidents=[incident(reported_on=day("Mon 1 Jun 2026"))]))
    assert again.due_on == day("Tue 1 Dec 2026")
    assert again.note == "only a later incident moved it; the last act recorded is Fri 1 Aug 2025"
    recorded = owed("summary-time-limit", limited(**given | {"last_act_on": day("Mon 1 Jun 2026")}))
    assert (recorded.due_on, recorded.note) == (day("Tue 1 Dec 2026"), "")


@pytest.mark.parametrize(
    ("noted_on", "settled"),
    [
        row("56 days before its end", "Wed 6 May 2026", True),
        row("57 days before its end", "Tue 5 May 2026", False),
        row("the day it ends", "Wed 1 Jul 2026", True),
        row("long after", "Tue 1 Sep 2026", True),
    ],
)
def test_a_note_settles_an_act_whose_limit_ends_no_later_than_56_days_after_it(noted_on, settled):
    recorded = limited(last_act_on=ACT, time_limit_noted_on=noted_on)
    acted = limited(incidents=[incident(reported_on=ACT)], time_limit_noted_on=noted_on)
    if settled:
        assert nothing("summary-time-limit", recorded).why == "a supervisor has recorded what the expiry means"
        assert nothing("summary-time-limit", acted).end is EndReason.MET
    else:
        assert owed("summary-time-limit", recorded).due_on == day("Wed 1 Jul 2026")
        assert owed("summary-time-limit", acted).due_on == day("Wed 1 Jul 2026")


@pytest.mark.parametrize(
    ("occurred_on", "due"),
    [
        row("settled too", "Fri 2 Jan 2026", None),
        row("the first day that is not", "Sat 3 Jan 2026", "Fri 3 Jul 2026"),
    ],
)
def test_where_the_recorded_act_is_settled_the_latest_incident_that_is_not_is_the_last_act(occurred_on, due):
    facts = limited(
        last_act_on=ACT,
        time_limit_noted_on=day("Thu 7 May 2026"),
        incidents=[incident(reported_on=ACT), incident(reported_on=occurred_on)],
    )
    if due:
        assert owed("summary-time-limit", facts).due_on == due
    else:
        assert nothing("summary-time-limit", facts).end is EndReason.MET


def test_a_note_where_no_act_is_known_settles_nothing():
    found = nothing("summary-time-limit", limited(time_limit_noted_on=OPENED))
    assert (found.end, found.why) == (EndReason.MET, "no last act is known")


@pytest.mark.parametrize(
    ("breach", "note"),
    [
        row(
            "an incident",
            False,
            "if the incident of Mon 20 Apr 2026 belongs to the same course of conduct, the day would be Tue 20 Oct "
            "2026",
        ),
        row(
            "a breach",
            True,
            "if the breach of Mon 20 Apr 2026 belongs to the same course of conduct, the day would be Tue 20 Oct 2026",
        ),
    ],
)
def test_a_later_incident_moves_no_recorded_last_act_and_is_named_as_a_possibility(breach, note):
    incidents = [incident(reported_on=day("Mon 20 Apr 2026"), breach=breach)]
    found = owed("summary-time-limit", limited(last_act_on=day("Mon 1 Dec 2025"), incidents=incidents))
    assert (found.due_on, found.note) == (day("Mon 1 Jun 2026"), note)


@pytest.mark.parametrize(
    ("recorded", "ordinary", "breach", "act", "note"),
    [
        row("recorded alone", "Mon 9 Mar 2026", None, None, "last act recorded Mon 9 Mar 2026", ""),
        row("an earlier incident", "Mon 9 Mar 2026", "Sun 8 Mar 2026", None, "last act recorded Mon 9 Mar 2026", ""),
        row("an incident that day", "Mon 9 Mar 2026", "Mon 9 Mar 2026", None, "last act recorded Mon 9 Mar 2026", ""),
        row("an incident, none recorded", None, "Tue 10 Mar 2026", None, "latest incident Tue 10 Mar 2026", ""),
        row("a breach that day", "Mon 9 Mar 2026", None, "Mon 9 Mar 2026", "last act recorded Mon 9 Mar 2026", ""),
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
            None,
            "Tue 10 Mar 2026",
            "Tue 10 Mar 2026",
            "latest incident Tue 10 Mar 2026",
            "",
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
def test_it_says_which_act_it_runs_from_and_warns_where_only_a_breach_moved_it(recorded, ordinary, breach, act, note):
    incidents = [incident(reported_on=ordinary)] if ordinary else []
    incidents += [incident(reported_on=breach, breach=True)] if breach else []
    found = owed("summary-time-limit", limited(last_act_on=recorded, incidents=incidents))
    assert arithmetic.sentence(found.because, CALENDAR).startswith(f"{act} + 6 months = ")
    assert found.note == note


def test_it_warns_where_only_a_breach_outlasts_a_note():
    facts = limited(
        last_act_on=ACT,
        time_limit_noted_on=day("Wed 1 Jul 2026"),
        incidents=[incident(reported_on=day("Mon 1 Jun 2026"), breach=True)],
    )
    found = owed("summary-time-limit", facts)
    assert found.due_on == day("Tue 1 Dec 2026")
    assert found.note == "only a breach moved it; without breaches the last act is Thu 1 Jan 2026"


def test_the_day_an_incident_occurred_counts_and_not_the_day_it_was_reported():
    incidents = [incident(occurred_on=day("Mon 9 Feb 2026"), reported_on=day("Mon 2 Mar 2026"))]
    found = owed("summary-time-limit", limited(incidents=incidents))
    assert found.due_on == day("Sun 9 Aug 2026")


@pytest.mark.parametrize(
    "given",
    [
        row("a withdrawn incident", {"incidents": [incident(reported_on=OPENED, supplied=False)]}),
        row("an incident of a linked case", {"linked_incidents": [incident(reported_on=OPENED)]}),
    ],
)
def test_an_incident_that_is_not_the_cases_own_or_no_more_supplied_is_no_act(given):
    assert nothing("summary-time-limit", limited(**given)).why == "no last act is known"


@pytest.mark.parametrize("breach", [False, True])
@pytest.mark.parametrize("order", [row("earlier first", [9, 10]), row("later first", [10, 9])])
def test_the_latest_of_several_incidents_counts(breach, order):
    incidents = [incident(reported_on=OPENED.replace(day=number), breach=breach) for number in order]
    found = owed("summary-time-limit", limited(incidents=incidents))
    assert found.due_on == day("Thu 10 Sep 2026")


def test_a_note_is_no_loss_by_itself_its_day_against_the_last_one_decides():
    found = nothing("summary-time-limit", limited(last_act_on=ACT, time_limit_noted_on=day("Wed 1 Jul 2026")))
    assert (found.on, found.lost) == (day("Wed 1 Jul 2026"), False)
