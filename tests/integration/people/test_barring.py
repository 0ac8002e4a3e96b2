"""Who is barred from a case: whom it or a linked one names, and everyone with the same address or Slack account."""

import pytest
from sqlalchemy import text

from models.queries.people import disclosure
from models.queries.people.parties import asked_case
from models.rules.references import CaseReference
from tests.worlds.review_rows import ReviewRows


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref, email in (
        ("of1", "one@surrey.police.uk"), ("same", "ONE@surrey.police.uk"), ("of2", "two@surrey.police.uk"),
        ("blank", ""), ("blank-too", ""),
    ):  # fmt: skip
        made.contact(ref, email=email)
    return made


@pytest.fixture
def cases(rows) -> dict[str, int]:
    """Cases by name: one that bars somebody, one linked with it, one of another URN, and two of none."""
    urn, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    return {
        name: rows.case_of(name, urn_key_id=key, barred_refs=refs)
        for name, key, refs in (
            ("marked", urn, ["of1", "to-come"]), ("linked", urn, []), ("other", other, []), ("free", None, []),
            ("blank", None, ["blank"]),
        )
    }  # fmt: skip


def barred_from(rows, name) -> frozenset[str]:
    case = asked_case(rows.connection, CaseReference("45", name))
    assert case is not None
    return case.matter.barred


def test_a_case_and_those_linked_with_it_bar_whom_it_names_under_every_reference(rows, cases):
    barred = {
        name: {ref for ref in ("of1", "same", "of2", "to-come", "blank", "blank-too")
               if ref in barred_from(rows, name)}
        for name in cases
    }  # fmt: skip
    assert barred == {
        "marked": {"of1", "same", "to-come"}, "linked": {"of1", "same", "to-come"}, "other": set(), "free": set(),
        "blank": {"blank"},
    }  # fmt: skip


def test_the_cases_that_bar_anybody_are_known_and_the_ones_hidden_from_each_contact(rows, cases):
    both, blank = frozenset({cases["marked"], cases["linked"]}), frozenset({cases["blank"]})
    assert disclosure.barring_cases(rows.connection) == both | blank
    found = disclosure.hidden_cases(rows.connection, ["of1", "same", "of2", "to-come", "blank", "blank-too"])
    assert found == {"of1": both, "same": both, "to-come": both, "blank": blank}
    assert disclosure.hidden_cases(rows.connection, ["same"]) == {"same": both}


def test_whether_a_case_bars_anybody_is_asked_of_it_and_of_those_linked_with_it(rows, cases):
    statement = text("select case_ref from disclosed where bars_any order by id")
    assert list(rows.connection.scalars(statement)) == ["marked", "linked", "blank"]


def test_each_of_two_linked_cases_adds_those_whom_it_bars(rows):
    urn = rows.urn("45ZZ0000326")
    for ref, refs in (("A", ["of1"]), ("B", ["of2"])):
        rows.case_of(ref, urn_key_id=urn, barred_refs=refs)
    assert barred_from(rows, "A") == barred_from(rows, "B") == {"of1", "same", "of2"}


@pytest.fixture
def accounts(rows) -> None:
    """The second has the first one's address and the third one's account in Slack, the sixth that of another third."""
    for ref, email, slack in (
        ("first", "x@surrey.police.uk", None), ("second", "X@surrey.police.uk", "U1"), ("third", "y@cps.gov.uk", "U1"),
        ("THIRD", "", "U3"), ("sixth", "", "U3"), ("fourth", "z@cps.gov.uk", "U2"), ("fifth", "", None),
    ):  # fmt: skip
        rows.contact(ref, email=email, slack_user_id=slack)


@pytest.mark.parametrize("named", ["first", "SECOND", "third", "sixth"])
def test_contacts_of_one_address_account_in_slack_or_reference_are_one_person(rows, accounts, named):
    case_id = rows.case_of("A", barred_refs=[named])
    refs = ["first", "second", "third", "THIRD", "sixth", "fourth", "fifth"]
    assert [ref for ref in refs if ref in barred_from(rows, "A")] == refs[:5]
    assert disclosure.hidden_cases(rows.connection, refs) == dict.fromkeys(refs[:5], frozenset({case_id}))
