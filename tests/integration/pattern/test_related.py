"""Cases of one key: within a source or a shared secret, and never one that is restricted or bars anybody."""

from datetime import date

import pytest

from config.pattern import Sign
from models.queries.intake.shared_keys import MOST_OF_ONE_KEY
from models.queries.pattern import related_cases
from tests.worlds.review_rows import ReviewRows

KEY, OTHER = "a1" * 8, "b2" * 8


def found(rows: ReviewRows, *ids: int, secrets: list[list[str]] | None = None) -> dict[int, list[tuple[Sign, str]]]:
    near = related_cases(rows.connection, ids, secrets or [])
    return {id_: [(one.sign, one.reference) for one in those] for id_, those in near.items()}


def test_cases_with_the_same_suspect_or_victim_are_related_the_newest_first(rows: ReviewRows) -> None:
    own = rows.case_of("1", suspect_key=KEY, victim_key=OTHER)
    rows.case_of("2", suspect_key=KEY, opened_on=date(2026, 1, 3))
    rows.case_of("3", "46", suspect_key=KEY, finalised_on=date(2026, 2, 1), opened_on=date(2026, 1, 4))
    rows.case_of("4", victim_key=OTHER)
    rows.case_of("5", suspect_key=OTHER, victim_key=KEY)
    alone = rows.case_of("6")
    suspect, victim = Sign.SAME_SUSPECT, Sign.SAME_VICTIM
    assert found(rows, own, alone) == {own: [(suspect, "46/3"), (suspect, "45/2"), (victim, "45/4")]}


def test_a_linked_case_is_not_related_too(rows: ReviewRows) -> None:
    root = rows.urn("45AA0000001")
    own = rows.case_of("1", suspect_key=KEY, urn_key_id=root)
    rows.case_of("2", suspect_key=KEY, urn_key_id=root)
    rows.case_of("3", suspect_key=KEY, urn_key_id=rows.urn("45AA0000002"))
    assert found(rows, own) == {own: [(Sign.SAME_SUSPECT, "45/3")]}


@pytest.mark.parametrize("given", [{"restricted": True}, {"barred_refs": ["SP1"]}])
@pytest.mark.parametrize("linked", [False, True])
def test_a_case_that_is_restricted_or_bars_anybody_is_related_to_none(
    rows: ReviewRows, given: dict[str, object], linked: bool
) -> None:
    own = rows.case_of("1", suspect_key=KEY)
    root = rows.urn("45AA0000001")
    rows.case_of("2", suspect_key=KEY, urn_key_id=root, **({} if linked else given))
    rows.case_of("3", urn_key_id=root, **(given if linked else {}))
    assert found(rows, own) == {}


def test_keys_of_two_sources_are_compared_only_where_the_policy_says_that_they_share_a_secret(rows: ReviewRows) -> None:
    other, third = rows.source("niche-46", "police"), rows.source("niche-47", "police")
    own = rows.case_of("1", suspect_key=KEY, source_id=other)
    rows.case_of("2", "46", suspect_key=KEY, source_id=third)
    rows.case_of("3", suspect_key=KEY)
    assert found(rows, own) == {}
    assert found(rows, own, secrets=[["niche-45", "niche-44"], ["niche-46", "niche-47"]]) == {
        own: [(Sign.SAME_SUSPECT, "46/2")]
    }
    assert found(rows, own, secrets=[["niche-46", "nobody"]]) == {}


def test_a_key_of_very_many_cases_tells_nobody_apart(rows: ReviewRows) -> None:
    ids = [rows.case_of(str(number), suspect_key=KEY) for number in range(MOST_OF_ONE_KEY)]
    assert len(found(rows, ids[0])[ids[0]]) == MOST_OF_ONE_KEY - 1
    rows.case_of("one more", suspect_key=KEY)
    assert found(rows, ids[0]) == {}
