"""The facts of the rules without a case: who has to be trained since when, and which posts are filled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.intake import Source, SourceColumn
from models.people import Training
from models.queries.obligations import organisation_facts
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def trained(rows, ref: str, expires_on: date | None, course: str = "stalking_prosecutor", **given) -> None:
    days = {"completed_on": TUESDAY}
    rows.add(Training, contact_ref=ref, course=course, expires_on=expires_on, source_id=rows.source_id, **days | given)


def prosecutors(rows, *, holders: bool = False) -> dict:
    found = list(organisation_facts.prosecutors(rows.connection, TUESDAY, holders=holders))
    assert [one.contact_ref for one in found] == sorted(one.contact_ref for one in found)
    return {one.contact_ref: one for one in found}


def test_prosecutors_are_those_of_that_role_with_whether_they_left(rows):
    for ref, roles, given in (
        ("pr1", "prosecutor", {}), ("officer", "officer", {}), ("gone", "prosecutor", {"withdrawn_on": TUESDAY}),
        ("going", "prosecutor", {"withdrawn_on": TUESDAY + DAY}), ("last-day", "prosecutor", {"active_to": TUESDAY}),
        ("left", "prosecutor", {"active_to": TUESDAY - DAY}),
    ):  # fmt: skip
        rows.contact(ref, roles=(roles,), **CPS | given)
    found = prosecutors(rows)
    assert {ref: (one.withdrawn, one.left) for ref, one in found.items()} == {
        "pr1": (False, False), "gone": (True, False), "going": (False, False), "last-day": (False, False),
        "left": (False, True),
    }  # fmt: skip


def test_training_is_for_good_or_until_its_latest_day_and_only_of_the_course(rows):
    for ref in ("for-good", "until", "other-course", "withdrawn", "none"):
        rows.contact(ref, roles=("prosecutor",), **CPS)
    for ref, expires, given in (
        ("for-good", None, {}), ("for-good", TUESDAY, {"completed_on": TUESDAY - DAY}),
        ("until", TUESDAY, {"completed_on": TUESDAY - 2 * DAY}), ("until", TUESDAY + DAY, {}),
        ("until", TUESDAY - DAY, {"completed_on": TUESDAY - DAY}), ("other-course", None, {"course": "spoc_role"}),
        ("withdrawn", None, {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        trained(rows, ref, expires, **given)
    found = {ref: (one.training.for_good, one.training.expires_on) for ref, one in prosecutors(rows).items()}
    assert found == {
        "for-good": (True, TUESDAY), "until": (False, TUESDAY + DAY), "other-course": (False, None),
        "withdrawn": (False, None), "none": (False, None),
    }  # fmt: skip


def test_training_can_be_seen_where_the_contacts_source_or_another_of_its_agency_and_forces_sends_it(rows):
    for number, (name, agency, covers, columns) in enumerate((
        ("silent", "police", ["46"], None), ("shared", "police", ["45", "47"], None), ("cps", "cps", ["45"], None),
        ("lacking", "police", ["48"], ("training.csv", "completed_on", "lacking")),
        ("other-column", "police", ["49"], ("training.csv", "expires_on", "sent")),
        ("other-file", "police", ["50"], ("contacts.csv", "completed_on", "sent")),
        ("supposed", "police", [], ("training.csv", "completed_on", "supposed")),
    )):  # fmt: skip
        source = rows.source(f"source-{number}", agency)
        rows.connection.execute(update(Source).where(Source.id == source).values(covers=covers))
        if columns:
            file, column, state = columns
            rows.add(SourceColumn, source_id=source, file=file, name=column, state=state, since=TUESDAY)
        rows.contact(name, agency=agency, roles=("spoc",), source_id=source)
    rows.contact("own", roles=("spoc",))
    found = {one.contact_ref: one.seen for one in organisation_facts.spocs(rows.connection, TUESDAY)}
    assert found == {
        "own": True, "shared": True, "supposed": True, "silent": False, "cps": False, "lacking": False,
        "other-column": False, "other-file": False,
    }  # fmt: skip


def test_a_prosecutors_earliest_open_stalking_case_is_found_by_its_own_row_or_its_urns(rows):
    for contact, known in (
        ("own", {}), ("urn", {}), ("other", {}), ("started", {"active_from": TUESDAY}), ("none", {}),
        ("left", {"active_to": TUESDAY - DAY}), ("gone", {"withdrawn_on": TUESDAY}), ("trained", {}),
    ):  # fmt: skip
        rows.contact(contact, roles=("prosecutor",), **CPS | known)
    trained(rows, "trained", None)
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(3)]
    for number, (ref, days, urn, given) in enumerate((
        ("own", 9, None, {}), ("own", 3, None, {}), ("own", 20, None, CLOSED), ("own", 30, None, {}),
        ("own", 40, None, {"classification": "harassment"}), ("started", 9, None, {}), ("left", 9, None, {}),
        ("gone", 9, None, {}), ("trained", 9, None, {}), (None, 7, urns[0], {}), (None, 8, urns[0], CLOSED),
        ("other", 5, urns[0], {}), (None, 50, urns[1], {}), (None, 4, urns[2], {}),
    )):  # fmt: skip
        key = rows.case_of(f"T{number:02}", opened_on=TUESDAY - days * DAY, urn_key_id=urn, **given)
        if ref or number in (9, 13):
            rows.prosecuted(key, "nobody" if number == 13 else ref, withdrawn_on=TUESDAY if number in (3, 13) else None)
    rows.prosecuted(urns[0], "urn")
    rows.prosecuted(urns[1], "urn", withdrawn_on=TUESDAY)
    rows.prosecuted(urns[2], "none")
    found = {ref: one.earliest_case_on for ref, one in prosecutors(rows).items()}
    assert found == {
        "own": TUESDAY - 9 * DAY, "urn": TUESDAY - 7 * DAY, "other": TUESDAY - 5 * DAY, "none": TUESDAY - 4 * DAY,
        "started": None, "left": None, "gone": None, "trained": None,
    }  # fmt: skip


def test_holders_are_those_with_an_open_stalking_case_where_that_does_not_decide(rows):
    for number in range(9):
        rows.contact(f"pr{number}", roles=("prosecutor",), active_from=TUESDAY, **CPS)
    for contact, known in (
        ("left", {"active_to": TUESDAY - DAY}), ("gone", {"withdrawn_on": TUESDAY}), ("no-first-day", {}),
    ):  # fmt: skip
        rows.contact(contact, roles=("prosecutor",), **CPS | known)
    urn, other, theirs = (rows.urn(f"45ZZ000012{at}") for at in range(3))
    for number, (key, given) in enumerate((
        (None, {}), (urn, {}), (None, CLOSED), (None, {"classification": "harassment"}), (other, {}), (theirs, CLOSED),
    )):  # fmt: skip
        case_id = rows.case_of(f"T{number}", urn_key_id=key, **given)
        if number in (0, 2, 3):
            rows.prosecuted(case_id, f"pr{number}")
        if number == 4:
            rows.prosecuted(case_id, "pr4")
    for key, ref, given in (
        (urn, "pr1", {}), (other, "pr5", {}), (theirs, "pr6", {}),
        (rows.case_of("T9"), "pr7", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.prosecuted(key, ref, **given)
    found = prosecutors(rows, holders=True)
    assert set(found) == {"pr0", "pr1", "pr4", "left", "gone", "no-first-day"}
    assert {one.first_seen_on for one in found.values()} == {None}
    assert {one.first_seen_on for one in prosecutors(rows).values()} == {date(2026, 1, 1)}


def test_spocs_are_every_contact_of_that_role(rows):
    for ref, roles, given in (
        ("sp1", ("spoc",), {}), ("lead", ("lead",), {}), ("both", ("officer", "spoc"), {}),
        ("left", ("spoc",), {"active_to": TUESDAY - DAY}),
    ):  # fmt: skip
        rows.contact(ref, roles=roles, **given)
    trained(rows, "sp1", TUESDAY, "spoc_role")
    trained(rows, "both", TUESDAY, "stalking_prosecutor")
    found = {one.contact_ref: one.training.expires_on for one in organisation_facts.spocs(rows.connection, TUESDAY)}
    assert found == {"sp1": TUESDAY, "both": None, "left": None}
