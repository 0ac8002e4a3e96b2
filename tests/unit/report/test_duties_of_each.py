"""Duties of each suspect and each defendant, of danger, service and advocates, by their own days."""

from datetime import date, timedelta

from config.terms import OrderKind, Risk, SuspectStatus
from models.rules.report.asking import by_its_day
from models.rules.report.duties import fallen
from models.rules.report.earlier import DayKind, Earlier
from tests.worlds.facts import CALENDAR, POLICY, case, defendant, incident, order, suspect

MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))
OPENED, DAY = date(2025, 12, 1), timedelta(days=1)
BAIL, CUSTODY, RUI, WANTED = SuspectStatus.BAIL, SuspectStatus.CUSTODY, SuspectStatus.RUI, SuspectStatus.WANTED


def told(rule: str, facts, *earlier: Earlier) -> list[tuple[str, date, bool]]:
    """The subject and due day of each duty of a rule, and whether it was done by then."""
    found = fallen(facts, earlier, POLICY.rules, CALENDAR)
    return [(duty.subject, duty.due_on, by_its_day(duty)) for duty in found if duty.rule == rule]


def a_case(**given):
    return case(opened_on=OPENED, **{"risk": Risk.HIGH} | given)


def test_a_bail_end_of_one_of_two_suspects_that_a_later_one_replaced_too_late_was_lost():
    rows = [suspect(ref="A", status=BAIL, status_on=OPENED, bail_ends_on=FRI), suspect(ref="B", status=RUI)]
    moved = Earlier(DayKind.BAIL_ENDS, MON, None, WED, "A")
    assert told("bail-end", a_case(suspect_rows=rows), moved) == [
        ("suspect:A", MON, False), ("suspect:A", FRI, False)
    ]  # fmt: skip
    assert told("bail-end", a_case(suspect_rows=rows), moved._replace(until_on=MON))[0][2] is True


def test_a_custody_limit_is_that_of_each_defendant_and_met_once_nobody_is_in_custody():
    held = suspect(ref="A", status=RUI, status_on=TUE)
    before = Earlier(DayKind.STATUS, OPENED, CUSTODY, MON, "A")
    facts = a_case(suspect_rows=[held], defendant_rows=[defendant(ref="X", in_custody=None, ctl_expires_on=WED)])
    assert told("custody-limit", facts, before) == [("defendant:X", WED, True)]
    both = [
        defendant(ref="X", in_custody=None, ctl_expires_on=WED),
        defendant(ref="Y", in_custody=None, ctl_expires_on=FRI),
    ]
    two = a_case(suspect_rows=[held], defendant_rows=both)
    assert told("custody-limit", two, before) == [("defendant:X", WED, False), ("defendant:Y", FRI, False)]
    assert told("custody-limit", a_case(suspect_rows=[held], defendant_rows=[both[0]])) == []


def test_each_attempt_to_arrest_falls_due_from_the_status_then_from_the_last_until_the_suspect_is_found():
    facts = a_case(suspect_status=WANTED, status_on=MON, status_changed_on=MON, arrest_attempted_on=THU)
    tried = Earlier(DayKind.ATTEMPTED, TUE, None, WED)
    assert told("suspect-wanted", facts, tried) == [("case", TUE, True), ("case", WED, False), ("case", FRI, False)]
    found = a_case(suspect_status=RUI, status_on=FRI, status_changed_on=FRI, arrest_attempted_on=THU)
    sought = Earlier(DayKind.STATUS, MON, WANTED, THU)
    assert told("suspect-wanted", found, tried, sought) == [("case", TUE, True), ("case", WED, False)]


def test_the_first_sign_of_danger_after_each_confirmation_asks_for_the_next():
    breaches = [incident(reported_on=on, breach=True) for on in (MON, TUE, FRI)]
    facts = a_case(incidents=breaches, risk_ratified_on=WED)
    assert told("danger", facts) == [("case", TUE, False), ("case", date(2026, 3, 9), False)]
    assert told("danger", facts, Earlier(DayKind.CONFIRMED, MON, None, TUE)) == [
        ("case", TUE, True), ("case", WED, True), ("case", date(2026, 3, 9), False),
    ]  # fmt: skip


def test_service_is_counted_of_each_order_that_police_serve_and_its_day_decides():
    made = {"made_on": MON, "renewal_decided_on": FRI}
    orders = [order(kind=OrderKind.SPO, **made, served_on=WED), order(kind=OrderKind.DAPO, **made, served_on=THU)]
    kinds = [(due, done) for _, due, done in told("order-served", a_case(orders=orders))]
    assert kinds == [(WED, True), (WED, False)]
    assert told("order-served", a_case(orders=[order(kind=OrderKind.RESTRAINING_ORDER, **made)])) == []


def test_a_victim_is_referred_to_an_advocate_or_declines_one_by_the_second_working_day():
    for column in ("advocate_referred_on", "advocate_declined_on"):
        for day, done in ((OPENED + 2 * DAY, True), (OPENED + 3 * DAY, False)):
            assert told("advocate-referral", a_case(**{column: day})) == [("case", OPENED + 2 * DAY, done)]


def test_a_six_month_limit_that_was_noted_by_its_day_is_not_lost_by_a_later_charge():
    facts = a_case(
        offence_codes=("PH97006",), last_act_on=date(2025, 9, 2), time_limit_noted_on=MON, charged_on=TUE,
        charged_codes=("PH97004",),
    )  # fmt: skip
    assert told("summary-time-limit", facts) == [("case", MON, True)]
