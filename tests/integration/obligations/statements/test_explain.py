"""What `explain` reads of one case, in order, and the cases that may be meant by a reference that is not known."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import insert, update

from models.cases import ActionRow, Case, CpsCase, IncidentRow, OrderRow, PleaRow, ReferralRow, ReviewRow
from models.intake import CaseKey, Extract
from models.obligations import Obligation, Promise, StepTaken
from models.outbox import Notification
from models.queries.obligations import explain
from models.rules.references import CaseReference
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

OVER = {"ended_on": TUESDAY, "end_reason": "met"}
_numbers = count(1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def ago(days: int) -> date:
    return TUESDAY - timedelta(days=days)


def test_a_case_is_found_by_its_force_and_reference_with_the_urn_if_it_has_one(rows):
    urn = rows.urn("45ZZ0000126")
    for ref, force, given in (
        ("1", "45", {}), ("1", "46", {}), ("2", "45", {"urn_key_id": urn}),
        ("3", "46", {"urn_key_id": urn, "restricted": True}),
    ):  # fmt: skip
        rows.case_of(ref, force, **given)
    found = [explain.head(rows.connection, *asked) for asked in (("45", "1"), ("45", "2"), ("45", "3"), ("46", "3"))]
    assert [one and (one.force_code, one.case_ref, one.urn) for one in found] == [
        ("45", "1", None), ("45", "2", "45ZZ0000126"), None, ("46", "3", "45ZZ0000126"),
    ]  # fmt: skip
    assert [one and (one.restricted, one.restricted_by_link) for one in found] == [
        (False, False), (True, True), None, (True, False)
    ]  # fmt: skip


def test_three_cases_may_be_meant_that_of_another_force_first(rows):
    for ref, force in (
        ("1243", "45"), ("1234", "47"), ("1234", "46"), ("1243", "46"), ("9999", "45"), ("12345", "45"),
        ("45/1234", "45"),
    ):  # fmt: skip
        rows.case_of(ref, force)
    rows.connection.execute(insert(CaseKey).values(force_code="48", case_ref="1234"))
    asked = CaseReference("45", "1234")
    assert explain.similar_references(rows.connection, asked) == ["45/45/1234", "46/1234", "47/1234"]
    assert explain.similar_references(rows.connection, CaseReference("47", "9998")) == []


def test_no_case_is_meant_that_is_restricted_or_bars_anybody(rows):
    urn = rows.urn("45ZZ0000126")
    for ref, given in (
        ("1243", {"restricted": True}), ("2134", {"barred_refs": ["of1"]}), ("1324", {"urn_key_id": urn}),
        ("45/1234", {"urn_key_id": urn, "restricted": True}), ("12345", {}),
    ):  # fmt: skip
        rows.case_of(ref, "45", **given)
    assert explain.similar_references(rows.connection, CaseReference("45", "1234")) == ["45/12345"]


def test_linked_cases_are_those_of_the_urn_the_principal_first(rows):
    urn, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    for ref, given in (
        ("late", {"opened_on": ago(5)}), ("early", {"opened_on": ago(9)}), ("other", {"urn_key_id": other}),
        ("harassment", {"opened_on": ago(20), "classification": "harassment"}),
    ):  # fmt: skip
        rows.case_of(ref, **{"urn_key_id": urn} | given)
    found = [one.case_ref for one in explain.links(rows.connection, urn, [])]
    assert found == ["early", "late", "harassment"]
    assert [one.case_ref for one in explain.links(rows.connection, urn, ["45"])] == ["harassment", "early", "late"]


def test_versions_come_by_rule_subject_and_version(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    wanted = [("a", "x", 1), ("a", "x", 2), ("a", "y", 1), ("b", "x", 1)]
    ids = {
        (rule, subject, version): rows.owes(
            case_id, TUESDAY, rule=rule, subject=subject, version=version, **(OVER if version == 1 else {})
        )
        for rule, subject, version in reversed(wanted)
    }
    rows.owes(other, TUESDAY, rule="a")
    rows.move_back(Obligation, ids["a", "y", 1])
    found = explain.versions(rows.connection, case_id)
    assert [(one.rule, one.subject, one.version) for one in found] == wanted


def test_parties_are_those_of_what_a_case_owes_now(rows):
    case_id, other = rows.case_of("T1", oic_ref="of1"), rows.case_of("T2", oic_ref="of2")
    live = rows.owes(case_id, TUESDAY)
    rows.owes(case_id, TUESDAY, rule="over", **OVER)
    rows.owes(other, TUESDAY)
    found = explain.parties(rows.connection, case_id)
    assert {id_: one.oic_ref for id_, one in found.items()} == {live: "of1"}


def test_a_case_has_the_sitting_of_its_live_place(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    sittings = [rows.sitting(f"S-{at}", TUESDAY + timedelta(days=at)) for at in range(3)]
    rows.convening(case_id, sittings[0], ended_on=TUESDAY, end="moved")
    rows.convening(case_id, sittings[1])
    rows.convening(other, sittings[2], ended_on=TUESDAY, end="moved")
    found = explain.sitting(rows.connection, case_id)
    assert found is not None
    assert found.ref == "S-1"
    assert explain.sitting(rows.connection, other) is None


def test_steps_promises_and_notifications_come_in_the_order_of_time(rows):
    case_id = rows.case_of("T1")
    first, second, other = (rows.owes(case_id, TUESDAY, rule=rule) for rule in ("a", "b", "c"))
    steps = [
        rows.step(obligation, step=step, name=f"{obligation == second}-{step}-{days}", on_day=ago(days))
        for obligation, step, days in ((second, 2, 3), (second, 1, 3), (first, 3, 3), (first, 4, 9), (other, 1, 3))
    ]  # fmt: skip
    promises = [
        rows.promise(obligation, until_on=ago(days), by_ref=f"of{days}", ended_on=TUESDAY, end="lapsed")
        for obligation, days in ((second, 1), (first, 2), (second, 3), (other, 4))
    ]
    told = [
        rows.notification(obligation, None, ref, day=ago(days))
        for obligation, ref, days in ((second, "of1", 3), (first, "of2", 3), (first, "of3", 3), (first, "of4", 9),
                                      (other, "of5", 3))
    ]  # fmt: skip
    for table, ids in ((StepTaken, steps), (Promise, promises), (Notification, told)):
        for id_ in (ids[1], ids[3], ids[0]):
            rows.move_back(table, id_)
    asked = [first, second]
    found = [one.step for one in explain.steps(rows.connection, asked)]
    assert found == ["False-4-9", "False-3-3", "True-1-3", "True-2-3"]
    assert [one.by_ref for one in explain.promises(rows.connection, asked)] == ["of1", "of2", "of3"]
    assert [one.contact_ref for one in explain.notifications(rows.connection, asked)] == ["of4", "of2", "of3", "of1"]


def belongs(rows, table, key_id: int, source_id: int) -> None:
    """Add a row of a table under a key, as a source sends it."""
    ref = f"R{next(_numbers)}"
    extra = {
        IncidentRow: {"incident_ref": ref, "occurred_on": TUESDAY, "reported_on": TUESDAY, "breach": False},
        ActionRow: {
            "action_ref": ref, "kind": "CCTV", "source": "investigation", "owner_agency": "police",
            "status": "pending", "raised_on": TUESDAY,
        },
        PleaRow: {"plea_ref": ref, "offered_on": TUESDAY, "charged_code": "A", "plea_code": "B"},
        ReviewRow: {
            "review_ref": ref, "kind": "joint", "held_on": TUESDAY, "police_attended": True, "cps_attended": True,
        },
        ReferralRow: {"referral_ref": ref, "submitted_on": TUESDAY, "checklist_missing": []},
        OrderRow: {"order_ref": ref, "kind": "spo"}, CpsCase: {},
    }  # fmt: skip
    rows.add(table, key_id=key_id, source_id=source_id, **extra[table])


def test_sources_are_those_that_sent_a_row_of_the_case_police_first(rows):
    tables = (CpsCase, IncidentRow, ActionRow, PleaRow, ReviewRow, ReferralRow, OrderRow)
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    of_case, of_other = rows.source("b-case", "police"), rows.source("other-case", "police")
    for id_, source in ((case_id, of_case), (other, of_other)):
        rows.connection.execute(update(Case).where(Case.id == id_).values(source_id=source))
    for table in tables:
        name = table.__tablename__
        belongs(rows, table, case_id, rows.source(name, "cps" if name < "k" else "police"))
        belongs(rows, table, other, rows.source(f"other-{name}", "police"))
    belongs(rows, IncidentRow, case_id, rows.source("casebeat", None))
    found = [one.name for one in explain.sources(rows.connection, [case_id, 0])]
    assert found == ["b-case", "orders", "pleas", "referrals", "reviews", "actions", "cps_cases", "incidents"]


def test_a_source_is_shown_with_its_latest_loaded_extract(rows):
    case_id = rows.case_of("T1")
    source = rows.source("police-source", "police")
    rows.source("other-source", "police")
    rows.say_of(case_id, source_id=source)
    assert [one.extract_id for one in explain.sources(rows.connection, [case_id])] == [None]
    for extract_id, name, state, days in (
        ("older", "police-source", "loaded", 2), ("first", "police-source", "loaded", 1),
        ("second", "police-source", "loaded", 1), ("oldest", "police-source", "loaded", 9),
        ("refused", "police-source", "refused", 0), ("theirs", "other-source", "loaded", 0),
    ):  # fmt: skip
        rows.add(Extract, extract_id=extract_id, source_name=name, state=state, content="", counts={},
                 judged_at=AT_NINE, extracted_at=AT_NINE - timedelta(days=days))  # fmt: skip
    assert [one.extract_id for one in explain.sources(rows.connection, [case_id])] == ["second"]
