"""Which facts list a harassment case, each by its boundary, and whether a recorded reason answers them."""

from datetime import date
from typing import Any

import pytest

from config.pattern import PatternPolicy, Sign
from models.rules.pattern import FoundSign, HarassmentFacts, KeyedCase, RecordedReason, news, reason, signs

OPENED, FIRST, LATEST = date(2026, 3, 2), date(2026, 2, 20), date(2026, 3, 9)
POLICY = PatternPolicy()


def facts(**given: Any) -> HarassmentFacts:
    ordinary: dict[str, Any] = {
        "opened_on": OPENED, "former_partner": False, "incidents": 1, "first_on": FIRST, "reported_on": LATEST,
        "breaches": 0, "breached_on": None, "declassified_on": None, "why_not_stalking_on": None,
    }  # fmt: skip
    return HarassmentFacts(**ordinary | given)


def near(sign: Sign, case_id: int = 7, opened_on: date = OPENED) -> KeyedCase:
    return KeyedCase(sign, case_id, "46", f"46/{case_id}", opened_on)


def found(related: tuple[KeyedCase, ...] = (), policy: PatternPolicy = POLICY, **given: Any) -> list[Sign]:
    return [one.sign for one in signs(facts(**given), related, policy)]


def test_a_case_of_one_incident_and_nothing_else_is_not_listed() -> None:
    assert found() == []
    assert found(incidents=0, first_on=None, reported_on=None) == []


def test_the_second_incident_lists_a_case_with_the_day_of_the_first() -> None:
    assert signs(facts(incidents=2), (), POLICY) == (FoundSign(Sign.INCIDENTS, LATEST, 2, FIRST),)


@pytest.mark.parametrize(("number", "listed"), [(3, []), (4, [Sign.INCIDENTS]), (5, [Sign.INCIDENTS])])
def test_the_policy_says_how_many_incidents_list_a_case(number: int, listed: list[Sign]) -> None:
    assert found(policy=PatternPolicy(incidents=4), incidents=number) == listed


def test_a_former_partner_lists_a_case_from_the_day_on_which_it_was_opened() -> None:
    assert signs(facts(former_partner=True), (), POLICY) == (FoundSign(Sign.FORMER_PARTNER, OPENED),)


def test_breaches_list_a_case_by_their_number_and_the_day_of_the_latest() -> None:
    assert signs(facts(breaches=2, breached_on=LATEST), (), POLICY) == (FoundSign(Sign.BREACH, LATEST, 2),)


@pytest.mark.parametrize("sign", [Sign.SAME_SUSPECT, Sign.SAME_VICTIM])
def test_another_case_of_one_key_lists_both_from_the_day_on_which_the_later_was_opened(sign: Sign) -> None:
    for opened_on, day in ((date(2026, 3, 1), OPENED), (date(2026, 3, 3), date(2026, 3, 3))):
        (one,) = signs(facts(), (near(sign, opened_on=opened_on),), POLICY)
        assert (one.sign, one.on, one.number) == (sign, day, 1)


def test_the_day_of_several_related_cases_is_that_of_the_newest() -> None:
    related = (near(Sign.SAME_SUSPECT, 7, date(2026, 3, 8)), near(Sign.SAME_SUSPECT, 8, date(2026, 3, 5)))
    (one,) = signs(facts(), related, POLICY)
    assert (one.on, one.number, one.cases) == (date(2026, 3, 8), 2, related)


def test_facts_are_listed_in_the_order_of_their_kinds() -> None:
    related = (near(Sign.SAME_VICTIM), near(Sign.SAME_SUSPECT))
    assert found(related, incidents=2, former_partner=True, breaches=1, breached_on=LATEST) == list(Sign)


@pytest.mark.parametrize("sign", Sign)
def test_a_fact_that_the_policy_leaves_out_lists_no_case(sign: Sign) -> None:
    policy = PatternPolicy(**{sign.value: None if sign is Sign.INCIDENTS else False})
    related = (near(Sign.SAME_VICTIM), near(Sign.SAME_SUSPECT))
    given = {"incidents": 2, "former_partner": True, "breaches": 1, "breached_on": LATEST}
    assert found(related, policy, **given) == [one for one in Sign if one is not sign]


@pytest.mark.parametrize(
    ("recorded", "answers"), [(None, False), (date(2026, 3, 8), False), (LATEST, True), (date(2026, 3, 10), True)]
)
def test_a_reason_answers_if_the_latest_fact_was_there_when_it_was_recorded(
    recorded: date | None, answers: bool
) -> None:
    told = facts(incidents=2, former_partner=True, why_not_stalking_on=recorded)
    one = reason(told, signs(told, (), POLICY), unseen=False)
    assert (one, one.answers) == (RecordedReason(recorded, LATEST), answers)


def test_a_reason_from_before_the_case_stopped_being_stalking_answers_nothing() -> None:
    told = facts(incidents=2, why_not_stalking_on=date(2026, 3, 10), declassified_on=date(2026, 3, 11))
    one = reason(told, signs(told, (), POLICY), unseen=False)
    assert (one.latest_on, one.answers) == (date(2026, 3, 11), False)


def test_a_reason_that_is_there_was_seen() -> None:
    told = facts(incidents=2, why_not_stalking_on=LATEST)
    assert not reason(told, signs(told, (), POLICY), unseen=True).unseen
    assert reason(facts(incidents=2), signs(told, (), POLICY), unseen=True).unseen


def test_facts_are_named_by_numbers_and_ids() -> None:
    related = (near(Sign.SAME_SUSPECT, 7), near(Sign.SAME_SUSPECT, 8))
    named = [key for one in signs(facts(incidents=3, former_partner=True), related, POLICY) for key in one.keys]
    assert named == ["incidents:3", "former_partner:1", "same_suspect:7", "same_suspect:8"]


@pytest.mark.parametrize(
    ("keys", "listed", "new"),
    [
        (["incidents:2"], None, True),
        (["incidents:2"], ["incidents:2"], False),
        (["incidents:3"], ["incidents:2"], True),
        (["incidents:2", "same_victim:7"], ["incidents:2"], True),
        (["incidents:2"], ["incidents:2", "same_victim:7"], False),
    ],
)
def test_a_fact_that_the_last_list_lacks_is_news_and_one_that_is_gone_is_none(
    keys: list[str], listed: list[str] | None, new: bool
) -> None:
    assert news(keys, listed) is new
