"""The suspects and defendants of a case as rules read them, and the other cases with the key of one of its suspects."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Engine, text

from config.seen import SeenKind
from models.queries.intake.shared_keys import MOST_OF_ONE_KEY
from models.queries.obligations.case_facts import case_facts
from models.rules.facts import CaseFacts
from models.rules.row_facts import OtherCase, SeenChange
from tests.worlds.days import row
from tests.worlds.facts import POLICY
from tests.worlds.one_case import OneCase

URN = "45ZZ0000126"
KEY, ANOTHER = "a1" * 8, "b2" * 8
OPENED = date(2026, 3, 2)


@pytest.fixture
def book(database: Engine, run_cli) -> OneCase:
    return OneCase(database, run_cli)


def facts(book: OneCase, case_ref: str = "45/1234", *secrets: Sequence[str]) -> CaseFacts:
    pattern = POLICY.pattern.model_copy(update={"shared_secrets": secrets})
    with book.engine.connect() as connection:
        ids = connection.scalars(text("select id from cases where case_ref = :ref"), {"ref": case_ref}).all()
        (found,) = case_facts(connection, ids, POLICY.model_copy(update={"pattern": pattern}))
    return found


def related(book: OneCase, case_ref: str = "45/1234", *secrets: Sequence[str]) -> list[str]:
    return [one.case_ref for one in facts(book, case_ref, *secrets).same_suspect]


def link(book: OneCase, *refs: str) -> None:
    book.say("insert into case_keys (urn_root) values (:urn) on conflict do nothing", urn=URN)
    root = "(select id from case_keys where urn_root = :urn)"
    book.say(f"update cases set urn_key_id = {root} where case_ref = any(:refs)", urn=URN, refs=list(refs))


def by_urn(book: OneCase, ref: str, **values: object) -> None:
    book.belongs("defendants", defendant_ref=ref, **values)
    root = "(select id from case_keys where urn_root = :urn)"
    book.say(f"update defendants set key_id = {root} where defendant_ref = :ref", urn=URN, ref=ref)


def test_a_case_has_its_suspects_withdrawn_or_not_and_what_intake_saw_of_them(book):
    book.belongs("suspects", suspect_ref="S2", suspect_status="wanted", withdrawn_on="2026-03-10")
    book.belongs("suspects", suspect_ref="S1", bail_ends_on="2026-05-30")
    book.say("""insert into seen_changes (key_id, suspect_ref, kind, seen_on, since_on)
                select id, 'S1', 'bail_extended', '2026-03-10', '2026-03-09' from cases""")
    found = facts(book)
    assert [(one.ref, one.supplied, one.bail_ends_on) for one in found.suspect_rows] == [
        ("S1", True, date(2026, 5, 30)), ("S2", False, None),
    ]  # fmt: skip
    seen = SeenChange(SeenKind.BAIL_EXTENDED, "S1", date(2026, 3, 10), date(2026, 3, 9))
    assert found.seen_changes == (seen,)


def test_a_charge_that_police_record_counts_where_cps_gives_none(book):
    book.say("update cases set charged_on = '2026-03-09'")
    assert facts(book).case.charged_on == date(2026, 3, 9)
    book.belongs("cps_cases", charged_on="2026-03-11", in_custody=False)
    assert (facts(book).case.charged_on, facts(book).case.in_custody) == (date(2026, 3, 11), False)


@pytest.mark.parametrize(
    ("other", "home"),
    [
        row("it was opened first", {}, "45/1234"),
        row("the other was opened first", {"opened_on": "2026-02-02"}, "46/77"),
        row("the other is not of stalking or harassment",
            {"opened_on": "2026-02-02", "classification": "other", "offence_codes": ["TH68001"]}, "45/1234"),
        row("the other is so by its offence, but a case in scope comes first",
            {"opened_on": "2026-02-02", "classification": "other", "offence_codes": ["ph97004A"]}, "45/1234"),
        row("the other is finalised", {"opened_on": "2026-02-02", "finalised_on": "2026-03-01"}, "45/1234"),
    ],
)  # fmt: skip
def test_defendants_given_by_urn_belong_to_the_first_clock_case(book, other, home):
    book.case("46/77", **other)
    link(book, "45/1234", "46/77")
    by_urn(book, "D1", in_custody=True)
    book.belongs("defendants", "46/77", defendant_ref="D2")
    found = {ref: facts(book, ref) for ref in ("45/1234", "46/77")}
    assert {ref: [one.ref for one in each.defendant_rows] for ref, each in found.items()} == {
        "45/1234": ["D1"] if home == "45/1234" else [], "46/77": ["D2"] if home == "45/1234" else ["D2", "D1"],
    }  # fmt: skip
    assert {ref: each.defendants_elsewhere for ref, each in found.items()} == {ref: ref != home for ref in found}


def test_a_case_out_of_scope_has_them_where_it_is_the_only_clock_case(book):
    book.case("46/77", classification="other", offence_codes=["PH97004"])
    book.say("update cases set finalised_on = '2026-03-09' where case_ref = '45/1234'")
    link(book, "45/1234", "46/77")
    by_urn(book, "D1")
    assert [one.ref for one in facts(book, "46/77").defendant_rows] == ["D1"]


def test_defendants_of_a_urn_that_are_withdrawn_are_nowhere_else(book):
    book.case("46/77")
    link(book, "45/1234", "46/77")
    by_urn(book, "D1", withdrawn_on="2026-03-10")
    assert [facts(book, ref).defendants_elsewhere for ref in ("45/1234", "46/77")] == [False, False]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        row("open", {}, True),
        row("harassment", {"classification": "harassment"}, True),
        row("once stalking", {"classification": "other", "declassified_on": "2026-03-09"}, True),
        row("of neither", {"classification": "other"}, False),
        row("missing from its source", {"withdrawn_on": "2026-03-09"}, True),
        row("another key", {"suspect_key": ANOTHER}, False),
        row("restricted", {"restricted": True}, False),
        row("from which somebody is barred", {"barred_refs": ["P1"]}, False),
    ],
)
def test_a_case_is_related_to_those_with_the_key_of_its_suspect(book, other, said):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", **{"suspect_key": KEY, "victim_key": ANOTHER, "opened_on": "2026-02-02", **other})
    for table in ("cases", "case_keys"):
        book.say(f"update {table} set force_code = '46' where case_ref = '46/77'")
    assert facts(book).same_suspect == (
        (OtherCase("46", "46/77", date(2026, 2, 2), None, ANOTHER, False),) if said else ()
    )


def test_of_a_related_case_that_ended_its_day_is_known(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", suspect_key=KEY, finalised_on="2026-03-01")
    assert [one.finalised_on for one in facts(book).same_suspect] == [date(2026, 3, 1)]


def test_a_linked_case_is_told_as_such_even_if_it_is_restricted(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", suspect_key=KEY, restricted=True)
    link(book, "45/1234", "46/77")
    assert [(one.case_ref, one.linked) for one in facts(book).same_suspect] == [("46/77", True)]


def test_keys_of_two_sources_meet_only_where_the_policy_says_that_they_share_a_secret(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", suspect_key=KEY)
    book.belongs("suspects", "46/77", suspect_ref="S1", suspect_key=KEY)
    book.say("""insert into sources (name, covers, first_loaded_at, last_extracted_at)
                select 'niche-46', covers, first_loaded_at, last_extracted_at from sources""")
    book.say("""insert into source_columns select s.id, k.file, k.name, k.state, k.since
                from source_columns k, sources s where s.name = 'niche-46'""")
    book.say("update suspects set source_id = (select id from sources where name = 'niche-46')")
    assert related(book) == []
    assert related(book, "45/1234", ["niche-45", "niche-44"], ["niche-46", "niche-47"]) == []
    assert related(book, "45/1234", ["niche-45", "niche-46"]) == ["46/77"]


def test_the_keys_of_suspects_row_by_row_take_the_place_of_the_cases_own(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", suspect_key=KEY)
    book.case("46/78")
    book.belongs("suspects", "46/78", suspect_ref="S9", suspect_key=ANOTHER)
    book.belongs("suspects", suspect_ref="S1", suspect_key=ANOTHER)
    assert (related(book), related(book, "46/77"), related(book, "46/78")) == (["46/78"], [], ["45/1234"])
    book.say("update suspects set withdrawn_on = '2026-03-10' where suspect_ref = 'S1'")
    assert (related(book), related(book, "46/77"), related(book, "46/78")) == (["46/77"], ["45/1234"], [])


def test_the_cases_own_key_counts_where_suspects_are_sent_without_keys(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    book.case("46/77", suspect_key=KEY)
    book.belongs("suspects", suspect_ref="S1")
    assert related(book) == []
    book.say("update source_columns set state = 'lacking' where file = 'suspects.csv' and name = 'suspect_key'")
    assert related(book) == ["46/77"]


def test_a_key_of_too_many_cases_names_nobody(book):
    book.say("update cases set suspect_key = :key", key=KEY)
    for number in range(MOST_OF_ONE_KEY - 1):
        book.case(f"46/{number}", suspect_key=KEY)
    assert len(related(book)) == MOST_OF_ONE_KEY - 1
    book.belongs("suspects", "46/0", suspect_ref="S1", suspect_key=KEY)
    assert len(related(book)) == MOST_OF_ONE_KEY - 1
    book.case("46/last", suspect_key=KEY)
    assert related(book) == []
