"""The parties of an obligation: those of its case, of what it is about, and of the places of its subject."""

from datetime import timedelta

import pytest

from models.queries.people import parties
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_what_cps_sent_of_a_case_comes_before_what_it_sent_by_urn_without_what_was_withdrawn(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(3)]
    cases = [rows.case_of(f"T{at}", urn_key_id=urn) for at, urn in enumerate(urns)]
    for key, ref, given in (
        (cases[0], "own", {}), (urns[0], "urn", {}), (cases[1], "own", {"withdrawn_on": TUESDAY}), (urns[1], "urn", {}),
        (urns[2], "urn", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.prosecuted(key, f"pr-{ref}", spoc_ref=f"cs-{ref}", **given)
    found = [parties.case_parties(rows.connection, case_id) for case_id in cases]
    assert [(one.prosecutor_ref, one.cps_spoc_ref) for one in found] == [
        ("pr-own", "cs-own"), ("pr-urn", "cs-urn"), (None, None)
    ]  # fmt: skip


def test_the_owner_is_that_of_the_action_or_the_chair_of_the_sitting_that_an_obligation_is_about(rows):
    case_id = rows.case_of("T1", oic_ref="of1")
    for ref in ("A1", "A2"):
        rows.action(ref, case_id, owner_ref=f"owner-{ref}")
    for number, ref in enumerate(("S-1", "S-2")):
        rows.sitting(ref, TUESDAY + timedelta(days=number), chair_ref=f"chair-{ref}")
    subjects = ("action:A1", "action:A2", "sitting:S-1", "sitting:S-2", "case", "action:A9")
    ids = {subject: rows.owes(case_id, TUESDAY, subject=subject) for subject in subjects}
    unasked = rows.owes(case_id, TUESDAY, rule="unasked")
    later = rows.owes(case_id, TUESDAY, rule="later", owed_by="somebody new")
    found = parties.parties(rows.connection, [*ids.values(), later])
    assert {subject: found[id_].owner_ref for subject, id_ in ids.items()} == {
        "action:A1": "owner-A1", "action:A2": "owner-A2", "sitting:S-1": "chair-S-1", "sitting:S-2": "chair-S-2",
        "case": None, "action:A9": None,
    }  # fmt: skip
    assert {one.oic_ref for one in found.values()} == {"of1"}
    assert not {unasked, later} & set(found)


def test_a_subject_without_a_case_belongs_to_the_places_of_its_source_or_contact(rows):
    rows.contact("of1", force_codes=["46"], cps_areas=["London"])
    rows.contact("of2", force_codes=["47"])
    rows.source("empty", "police")
    subjects = ["contact:of1", "source:empty", "force:48", "area:Wales", "contact:nobody", "new:kind"]
    found = {subject: tuple(one) for subject, one in parties.places(rows.connection, subjects).items()}
    assert found == {
        "contact:of1": (("46",), ("London",)), "source:empty": ((), ()), "force:48": (("48",), ()),
        "area:Wales": ((), ("Wales",)),
    }  # fmt: skip
    ids = [rows.owes(None, TUESDAY, subject=subject) for subject in subjects]
    told = parties.parties(rows.connection, ids)
    assert [told[id_].force_codes for id_ in ids] == [("46",), (), ("48",), (), (), ()]
