"""Duties by their own days: what happened, by when it was due, and whether it was done by then."""

from datetime import date, timedelta

import pytest

from config.presumption import Presumption
from config.terms import ActionStatus, Classification, FinalisedReason, OrderKind, Relationship, SuspectStatus
from models.rules.report import watched
from models.rules.report.asking import Lived, by_its_day, in_time
from models.rules.report.duties import fallen
from models.rules.report.earlier import DayKind, Earlier
from models.rules.report.harassment import figure
from tests.worlds.facts import CALENDAR, POLICY, action, case, incident, joint, order, plea, referral, suspect, unseen

MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))
OPENED, DAY = date(2025, 12, 1), timedelta(days=1)
WANTED = SuspectStatus.WANTED


def duties(rule: str, facts, *earlier: Earlier):
    return [duty for duty in fallen(facts, earlier, POLICY.rules, CALENDAR) if duty.rule == rule]


def told(rule: str, facts, *earlier: Earlier) -> list[tuple[date, date, bool]]:
    """The day and the due day of each duty of a rule, and whether it was done by its own days."""
    return [(duty.on, duty.due_on, by_its_day(duty)) for duty in duties(rule, facts, *earlier)]


def no_extract(_source_id, _day):
    return None


def a_case(**given):
    return case(opened_on=OPENED, **given)


DONE_BY = {  # a duty of Monday, by the day on which it was done, and its due day
    "victim-told": (lambda day: a_case(charged_on=MON, victim_told_on=day), TUE),
    "breach-unanswered": (lambda day: a_case(
        incidents=[incident(reported_on=MON, breach=True, breach_decided_on=day)], risk_assessed_on=day), WED),
    "plea": (lambda day: a_case(pleas=[plea(
        offered_on=MON, victim_consulted_on=day, rationale_recorded_on=day, spoc_reviewed_on=day)]), TUE),
    "order-told": (lambda day: a_case(orders=[order(made_on=MON, victim_told_on=day)]), TUE),
    "spo-notification": (lambda day: a_case(orders=[order(made_on=MON, served_on=MON, notified_on=day)]), WED),
    "nfa-review": (lambda day: a_case(
        finalised_on=MON, finalised_reason=FinalisedReason.NFA_POLICE, nfa_reviewed_on=day, nfa_victim_told_on=day),
        TUE),
    "closed-silently": (lambda day: a_case(
        finalised_on=MON, finalised_reason=FinalisedReason.ADMINISTRATIVE,
        reviews=[joint(held_on=day)] if day else []), TUE),
    "charge-not-stalking": (lambda day: a_case(
        charged_on=MON, charged_codes=("PH97004",), not_stalking_reason_on=day), TUE),
    "why-not-stalking": (lambda day: a_case(
        classification=Classification.HARASSMENT, declassified_on=MON, why_not_stalking_on=day), WED),
    "pin-issued": (lambda day: a_case(pin_issued_on=MON, pin_withdrawn_on=day), MON),
    "referral-checklist": (lambda day: a_case(
        referrals=[referral(submitted_on=MON, missing=("C01",), decision_on=day)]), MON),
    "charging-decision": (lambda day: a_case(
        referrals=[referral(submitted_on=OPENED, required_by=MON, decision_on=day)]), MON),
    "awaiting-charge": (lambda day: a_case(charge_authorised_on=MON - 7 * DAY, charged_on=day), MON),
    "action": (lambda day: a_case(actions=[action(
        raised_on=OPENED, due_on=MON, status=ActionStatus.DONE if day else ActionStatus.PENDING, closed_on=day)]), MON),
    "bail-views": (lambda day: a_case(
        suspect_status=SuspectStatus.BAIL, status_on=MON, status_changed_on=MON, bail_views_on=day), TUE),
    "release-review": (lambda day: a_case(
        suspect_status=SuspectStatus.RUI, status_on=MON, status_changed_on=MON, release_reviewed_on=day), WED),
    "summary-time-limit": (lambda day: a_case(
        offence_codes=("PH97006",), last_act_on=date(2025, 9, 2), time_limit_noted_on=day), MON),
    "bail-end": (lambda day: a_case(
        suspect_status=SuspectStatus.BAIL, status_on=OPENED, bail_ends_on=MON, charged_on=day), MON),
    "order-expiry": (lambda day: a_case(orders=[order(made_on=OPENED, expires_on=MON, renewal_decided_on=day)]), MON),
}  # fmt: skip


@pytest.mark.parametrize("rule", DONE_BY)
def test_a_duty_done_on_its_due_day_is_in_time_and_a_day_later_or_never_is_not(rule):
    made, due_on = DONE_BY[rule]
    for day, done in ((due_on, True), (due_on + DAY, False), (None, False)):
        assert [(due, whether) for _, due, whether in told(rule, made(day))] == [(due_on, done)], day


@pytest.mark.parametrize(
    "rule",
    sorted(DONE_BY.keys() - {"closed-silently", "nfa-review"} - {"order-told", "order-expiry", "spo-notification"}),
)
def test_a_case_that_ended_by_the_due_day_owes_nothing_more_and_one_that_ended_later_did(rule):
    made, due_on = DONE_BY[rule]
    for ended_on, counted in ((due_on, False), (due_on + DAY, True)):
        facts = made(None)
        row = facts.case._replace(finalised_on=ended_on, finalised_reason=FinalisedReason.OTHER)
        assert bool(told(rule, facts._replace(case=row))) is counted


def test_what_was_done_before_the_first_extract_told_of_it_is_in_time_and_what_lived_has_to_be_done_by_its_day():
    made, _ = DONE_BY["victim-told"]
    (late,) = duties("victim-told", made(FRI))
    assert in_time(late, [], no_extract)
    assert not in_time(late, [Lived(TUE, TUE, FRI)], no_extract)
    assert in_time(late, [Lived(TUE, FRI + DAY, None)], no_extract), "told on Friday, and known on Saturday"
    assert in_time(late, [Lived(TUE, MON - 9 * DAY, MON - DAY)], no_extract), "that one was about earlier news"
    (never,) = duties("victim-told", made(None))
    assert not in_time(never, [], no_extract)
    (on_its_day,) = duties("victim-told", made(TUE))
    assert in_time(on_its_day, [Lived(TUE, TUE, TUE)], no_extract)


@pytest.mark.parametrize(("known_on", "early"), [(FRI, False), (FRI + DAY, True)])
def test_news_that_came_while_earlier_news_was_untold_is_known_by_the_next_extract(known_on, early):
    (late,) = duties("victim-told", a_case(charged_on=MON, victim_told_on=FRI, cps_source_id=1))
    earlier_news = Lived(MON - 5 * DAY, MON - 5 * DAY, FRI)
    assert in_time(late, [earlier_news], lambda _, day: known_on if day == MON else None) is early


@pytest.mark.parametrize(
    ("given", "known_later"),
    [
        ({"suspect_rows": [suspect(status=WANTED, status_on=MON)]}, True),
        ({"suspect_rows": [suspect(status=None, charged_on=MON)]}, True),
        ({"suspect_rows": [suspect(status=None, bail_varied_on=MON)]}, True),
        ({"bail_varied_on": MON}, True),
        ({"suspect_status": WANTED, "status_on": OPENED, "status_seen_on": MON}, False),
    ],
    ids=["a status", "a charge", "bail varied", "bail varied of the case", "a status that Monday's extract changed"],
)
def test_news_of_a_suspect_is_known_by_the_next_extract_and_what_an_extract_saw_on_its_own_day(given, known_later):
    (late,) = duties("victim-told", a_case(victim_told_on=FRI, **given))
    assert in_time(late, [Lived(MON - 5 * DAY, MON - 5 * DAY, FRI)], lambda *_: FRI + DAY) is known_later


def test_each_news_counts_by_the_first_day_on_which_the_victim_was_told_after_it():
    facts = a_case(
        suspect_status=SuspectStatus.BAIL, status_on=FRI, status_changed_on=FRI, charged_on=TUE,
        victim_told_on=FRI, orders=[order(made_on=WED)],
    )  # fmt: skip
    before = (Earlier(DayKind.TOLD, TUE, None, WED), Earlier(DayKind.NEWS, MON, None, TUE))
    assert told("victim-told", facts, *before) == [(MON, TUE, True), (TUE, WED, True), (WED, THU, False),
                                                   (FRI, date(2026, 3, 9), True)]  # fmt: skip


def test_a_breach_is_answered_by_the_first_assessment_after_it_though_there_was_a_later_one():
    facts = a_case(
        incidents=[incident(reported_on=MON, breach=True, breach_decided_on=TUE)], risk_assessed_on=date(2026, 3, 20)
    )
    assert told("breach-unanswered", facts) == [(MON, WED, False)]
    assert told("breach-unanswered", facts, Earlier(DayKind.ASSESSED, WED, None, THU)) == [(MON, WED, True)]


@pytest.mark.parametrize(
    ("assessed", "decided", "lacks"),
    [
        (TUE, None, ("the decision on the breach",)),
        (None, TUE, ("a risk assessment",)),
        (None, None, ("a risk assessment", "the decision on the breach")),
    ],
)
def test_a_breach_that_is_not_answered_says_what_is_lacking(assessed, decided, lacks):
    breach = incident(reported_on=MON, breach=True, breach_decided_on=decided)
    (duty,) = duties("breach-unanswered", a_case(incidents=[breach], risk_assessed_on=assessed))
    assert duty.lacks == lacks


def test_of_a_duty_of_several_parts_nothing_is_counted_where_one_cannot_be_seen():
    facts = a_case(incidents=[incident(reported_on=MON, breach=True, breach_decided_on=MON)], risk_assessed_on=MON)
    assert duties("breach-unanswered", unseen(facts, "cases.csv: risk_assessed_on")) == []
    made, _ = DONE_BY["summary-time-limit"]
    assert duties("summary-time-limit", unseen(made(None), "cps_cases.csv: charged_on")) == []
    assert duties("bail-end", unseen(DONE_BY["bail-end"][0](None), "cps_cases.csv: charged_on")) == []


ENDS = {"suspect_status": SuspectStatus.BAIL, "status_on": OPENED, "bail_ends_on": MON}


@pytest.mark.parametrize(
    ("given", "earlier", "limits"),
    [
        (ENDS, (), [(MON, False)]),
        (ENDS | {"charged_on": MON}, (), [(MON, True)]),
        (ENDS | {"charged_on": TUE}, (), [(MON, False)]),
        (ENDS | {"charged_on": OPENED}, (), []),
        (ENDS | {"suspect_status": SuspectStatus.RUI, "status_on": MON},
         (Earlier(DayKind.STATUS, OPENED, SuspectStatus.BAIL, MON),), [(MON, True)]),
        (ENDS | {"suspect_status": SuspectStatus.RUI, "status_on": TUE},
         (Earlier(DayKind.STATUS, OPENED, SuspectStatus.BAIL, MON),), [(MON, False)]),
        (ENDS | {"bail_ends_on": date(2026, 6, 2)}, (Earlier(DayKind.BAIL_ENDS, MON, None, MON),),
         [(MON, True), (date(2026, 6, 2), False)]),
        (ENDS | {"bail_ends_on": date(2026, 6, 2)}, (Earlier(DayKind.BAIL_ENDS, MON, None, TUE),),
         [(MON, False), (date(2026, 6, 2), False)]),
        (ENDS, (Earlier(DayKind.BAIL_ENDS, FRI, None, OPENED),), [(MON, False)]),
    ],
    ids=["nothing", "charged", "charged late", "charged before bail", "another status", "another status late",
         "a later end", "a later end too late", "corrected to an earlier end"],
)  # fmt: skip
def test_a_charge_a_new_status_and_a_later_end_meet_the_end_of_bail(given, earlier, limits):
    assert [(due, done) for _, due, done in told("bail-end", a_case(**given), *earlier)] == limits


def test_a_new_status_and_a_later_limit_meet_a_custody_time_limit():
    custody = {"suspect_status": SuspectStatus.CUSTODY, "status_on": OPENED, "charged_on": OPENED}
    later = Earlier(DayKind.CUSTODY_ENDS, MON, None, MON)
    assert told("custody-limit", a_case(**custody, ctl_expires_on=MON)) == [(MON, MON, False)]
    assert told("custody-limit", a_case(**custody, ctl_expires_on=FRI), later)[0] == (MON, MON, True)
    was = Earlier(DayKind.STATUS, OPENED, SuspectStatus.CUSTODY, MON)
    bailed = custody | {"suspect_status": SuspectStatus.BAIL, "status_on": MON}
    assert told("custody-limit", a_case(**bailed, ctl_expires_on=MON), was) == [(MON, MON, True)]


def test_a_six_month_limit_that_was_lost_stays_lost_when_a_later_act_comes():
    acts = [incident(reported_on=date(2025, 9, 2)), incident(reported_on=FRI)]
    facts = a_case(offence_codes=("PH97006",), incidents=acts)
    assert (MON, MON, False) in told("summary-time-limit", facts)
    before = [acts[0], incident(reported_on=date(2026, 2, 1))]
    assert MON not in {due for _, due, _ in told("summary-time-limit", facts._replace(incidents=tuple(before)))}


def test_a_six_month_limit_that_a_charge_met_is_no_note():
    made, _ = DONE_BY["summary-time-limit"]
    (noted,) = duties("summary-time-limit", made(MON))
    facts = made(None)
    row = facts.case._replace(charged_on=MON, charged_codes=("PH97006",))
    (charged,) = duties("summary-time-limit", facts._replace(case=row))
    assert (noted.lacks, charged.lacks, by_its_day(charged)) == (("noted",), (), True)


def test_an_order_that_a_later_one_replaced_by_its_due_day_is_owed_no_word():
    later = order(made_on=TUE, victim_told_on=TUE)
    assert told("order-told", a_case(orders=[order(made_on=MON), later])) == [(TUE, WED, True)]
    assert told("order-told", a_case(orders=[order(made_on=OPENED), later]))[0][2] is False
    full = [order(made_on=OPENED, expires_on=MON, kind=OrderKind.INTERIM_SPO), order(made_on=MON)]
    assert told("order-expiry", a_case(orders=full)) == [(MON, MON, True)]


def test_an_action_that_was_cancelled_by_its_due_day_did_not_fall_due():
    given = {"raised_on": OPENED, "due_on": MON, "status": ActionStatus.CANCELLED}
    assert told("action", a_case(actions=[action(**given, closed_on=MON)])) == []
    assert told("action", a_case(actions=[action(**given, closed_on=TUE)])) == [(MON, MON, False)]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"why_not_stalking_on": MON}, "harassment_with_reason"),
        ({"why_not_stalking_on": TUE}, "harassment_with_reason"),
        ({"why_not_stalking_on": WED}, "harassment_without_reason"),
        ({"relationship": None}, "harassment_unasked"),
        ({"finalised_on": TUE}, None),
        ({"finalised_on": WED}, "harassment_without_reason"),
        ({"classification": Classification.STALKING}, None),
    ],
)
def test_harassment_is_parted_by_whether_a_reason_is_recorded_when_tuesday_ends(given, key):
    asked = {"classification": Classification.HARASSMENT, "relationship": Relationship.EX_PARTNER}
    assert figure(a_case(**asked | given), POLICY.rules, CALENDAR, TUE) == key


def apart(facts) -> set[str]:
    """The figures of Tuesday's end in which a case counts, without those of which all were in time."""
    found = watched.counted(facts, [], TUE).keys
    return {key for key in found if key.endswith(("presumed", "wanted"))}


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({}, ("cases_presumed", "harassment_presumed")),
        ({"why_not_stalking_on": MON}, ()),
        ({"why_not_stalking_on": WED}, ("cases_presumed", "harassment_presumed")),
        ({"relationship": None}, ()),
        ({"finalised_on": TUE}, ()),
        ({"finalised_on": WED}, ("cases_presumed", "harassment_presumed")),
        ({"classification": Classification.OTHER}, ()),
        ({"classification": Classification.OTHER, "declassified_on": MON}, ("cases_presumed", "declassified_presumed")),
        ({"classification": Classification.OTHER, "declassified_on": WED}, ()),
        ({"classification": Classification.STALKING}, ()),
        ({"classification": Classification.STALKING, "suspect_status": WANTED, "status_on": TUE}, ("cases_wanted",)),
        ({"classification": Classification.STALKING, "suspect_status": WANTED, "status_on": WED}, ()),
    ],
)
def test_presumed_cases_and_those_with_a_wanted_suspect_count_apart_when_tuesday_ends(given, keys):
    asked = {"classification": Classification.HARASSMENT, "relationship": Relationship.EX_PARTNER}
    assert apart(a_case(**asked | given)) == {*keys}


def test_where_nothing_is_presumed_no_case_is_counted_as_presumed():
    facts = a_case(classification=Classification.HARASSMENT, relationship=Relationship.EX_PARTNER)
    assert apart(facts._replace(presumption=Presumption.OFF)) == set()


def test_a_second_suspect_who_is_wanted_counts():
    suspects = [suspect(status=SuspectStatus.BAIL), suspect(ref="S2", status=WANTED, status_on=MON)]
    assert apart(a_case(suspect_rows=suspects)) == {"cases_wanted"}
