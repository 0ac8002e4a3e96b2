"""Each figure of the report, worked out a second time."""

from datetime import date

import pytest

from flows.configured import configured
from models.cases import OrderRow, PleaRow, ReferralRow
from models.errors import Refuse
from models.queries.driver import execute
from models.queries.report.places import ReportPlace
from models.rules.report.duties import BY_OWN_DAYS
from models.rules.report.months import Month
from tasks.report.figures import ALL, count
from tasks.report.sections import layout
from tests.integration.report.random_book import RandomBook
from tests.integration.report.second_reckoning import Reckoning
from tests.worlds.extracts import send_each_month
from tests.worlds.review_rows import ReviewRows
from tests.worlds.starting import force_starts

TODAY = date(2026, 6, 6)


OF_LIMITS = {f"{limit}_{end}" for limit in ("summary_limits", "bail_ends", "custody_limits") for end in ("met", "lost")}
OF_LIMITS |= {"orders_decided", "orders_lapsed", "summary_limits_noted", "breaches_answered_late",
              "breaches_assessed_only", "breaches_decided_only", "breaches_unanswered"}  # fmt: skip
IN_TIME = ("assessed", "considered", "contact", "reviewed")  # of the base
STARTS = {"45": date(2026, 2, 20)}


def test_each_figure_of_each_place_is_what_the_rows_say(connection, monkeypatch, tmp_path):
    """In five random books, which together have every figure: one that no book has is compared with nothing."""
    force_starts(monkeypatch, tmp_path, STARTS)
    had = set()
    for seed in range(5):
        book = connection.begin_nested()
        RandomBook(connection, seed)
        for month in (Month(2026, 2), Month(2026, 3)):
            had |= compare(connection, month)
        book.rollback()
    assert layout().figures.keys() - had == {key for key in layout().figures if by_own_days(key)}


def compare(connection, month: Month) -> set[str]:
    """Compare a month's figures; those that are not zero, of all places together."""
    second, found = (
        Reckoning(connection, month.first, month.last, STARTS),
        count(configured(), connection, month, TODAY),
    )
    assert {place for place, numbers in second.counts.items() if any(numbers.values())} <= set(found.by_place)
    for place, figures in found.by_place.items():
        theirs = {key: number for key, number in second.figures(place).items() if number}
        assert {key: number for key, number in figures.items() if number and not by_own_days(key)} == theirs, place
    return {key for key, number in found.of(ALL).items() if number and not by_own_days(key)}


def by_own_days(key: str) -> bool:
    """Whether duties of facts' own days are counted, which `tests/integration/report/test_own_days.py` looks at."""
    by_facts = key.startswith("harassment") or key.endswith(("presumed", "wanted"))
    by_facts |= key.startswith(("cases_", "base:")) and key.endswith(IN_TIME)
    return key.rpartition(".")[0] in BY_OWN_DAYS or key in OF_LIMITS or by_facts


def test_what_is_recorded_under_the_urn_of_two_cases_counts_once_in_a_place_of_both(connection):
    rows, day = ReviewRows(connection), date(2026, 3, 10)
    send_each_month(connection, 2026, 4)
    urn = rows.urn("45ZZ0000126")
    for ref, area in (("C1", "South East"), ("C2", "London")):
        rows.case_of(ref, "45", area, urn_key_id=urn)
    sent = {"key_id": urn, "source_id": rows.source_id}
    for number, decision in enumerate(("charge", "nfa", "further_work")):
        rows.add(ReferralRow, referral_ref=f"F{number}", submitted_on=day, decision_on=day, decision=decision,
                 checklist_missing=[], **sent)  # fmt: skip
    rows.add(PleaRow, plea_ref="P1", offered_on=day, accepted_on=day, charged_code="a", plea_code="b",
             victim_consulted_on=day, rationale_recorded_on=day, **sent)  # fmt: skip
    rows.incident("I1", urn, day, breach_decided_on=day)
    days = dict.fromkeys(("sought_on", "made_on", "served_on", "victim_told_on", "renewal_decided_on"), day)
    rows.add(OrderRow, order_ref="O1", kind="spo", **sent, **days)
    found = count(configured(), connection, Month(2026, 3), TODAY)
    expected = dict.fromkeys(
        (
            "decisions_to_charge", "decisions_no_further_action", "decisions_further_work", "pleas_accepted",
            "pleas_victim_consulted", "pleas_with_reasons", "breaches", "breaches_decided", "orders_sought",
            "orders_made", "orders_served", "orders_victim_informed", "orders_renewal_decided",
        ), 1,
    ) | {"decisions": 3}  # fmt: skip
    for place in (ALL, ReportPlace("45"), ReportPlace(None, "London")):
        assert {key: found.of(place)[key] for key in expected} == expected, place


def test_a_month_that_is_not_over_is_counted_as_far_as_extracts_reach(connection):
    RandomBook(connection, 1)
    made = count(configured(), connection, Month(2026, 3), date(2026, 3, 21))
    second = Reckoning(connection, date(2026, 3, 1), date(2026, 3, 19)).figures(ALL)
    assert made.to_on == date(2026, 3, 19)
    assert second["stalls_opened"] < count(configured(), connection, Month(2026, 3), TODAY).of(ALL)["stalls_opened"]
    assert made.of(ALL)["stalls_opened"] == second["stalls_opened"]


def test_reviews_of_a_source_that_does_not_say_who_attended_are_in_no_figure(connection):
    RandomBook(connection, 1)
    before = count(configured(), connection, Month(2026, 3), TODAY).of(ALL)
    execute(connection, """insert into source_columns (source_id, file, name, state, since)
        select distinct source_id, 'reviews.csv', 'cps_attended', 'lacking', date '2026-03-01' from reviews
        on conflict (source_id, file, name) do update set state = 'lacking'""")  # fmt: skip
    after = count(configured(), connection, Month(2026, 3), TODAY).of(ALL)
    both = ("reviews_held", "reviews_one_sided")
    assert all(before[key] for key in both)
    assert not any(after.get(key) for key in both)


def test_an_escalation_without_an_answer_counts_once_its_five_days_are_over(connection):
    RandomBook(connection, 1)

    def total(column: str, today: date) -> float:
        found = count(configured(), connection, Month(2026, 3), today).of(ALL)
        return sum(number or 0 for key, number in found.items() if key.startswith("steps:") and key.endswith(column))

    assert total(".sent", date(2026, 4, 1)) == total(".sent", TODAY) == total(".answerable", TODAY)
    assert 0 < total(".answerable", date(2026, 4, 1)) < total(".sent", TODAY)
    assert total(".unanswered", date(2026, 4, 1)) < total(".unanswered", TODAY)


def test_a_month_of_which_no_day_is_over_is_refused(connection):
    for today in (date(2026, 2, 28), date(2026, 3, 1)):
        with pytest.raises(Refuse, match="No day of 2026-03 is over"):
            count(configured(), connection, Month(2026, 3), today)
    assert count(configured(), connection, Month(2026, 3), date(2026, 3, 2)).to_on == date(2026, 3, 1)
