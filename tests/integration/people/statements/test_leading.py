"""Who leads on a case: the SPOC of its own row where they may, else that of its pair's panel."""

from datetime import timedelta

import pytest

from config.terms import Agency
from models.queries.people import leading
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

CPS = {"agency": "cps", "force_codes": ["45"], "cps_areas": ["South East"]}
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}
PAIR = ("45", "South East")


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref, roles, given in (
        ("sp1", "spoc", {}), ("sp2", "spoc", {"restricted_access": True}),
        ("panel", "spoc", {"restricted_access": True}),
        ("gone", "spoc", {"withdrawn_on": TUESDAY}), ("left", "spoc", {"active_to": TUESDAY - timedelta(days=1)}),
        ("to-come", "spoc", {"active_from": TUESDAY + timedelta(days=1)}), ("lead", "lead", {}), ("cs1", "spoc", CPS),
        ("cs2", "spoc", CPS | {"restricted_access": True}), ("cs-panel", "spoc", CPS | {"restricted_access": True}),
    ):  # fmt: skip
        made.contact(ref, roles=(roles,), **given)
    return made


def led(rows, refs, panels=None) -> list[tuple]:
    return [tuple(one) for one in leading.cases_led(rows.connection, refs, panels or {}, TUESDAY)]


def test_the_spoc_of_an_open_cases_row_leads_where_they_may(rows):
    expected = []
    for name, ref, given in (
        ("open", "sp1", {}), ("closed", "sp1", CLOSED), ("there", "sp1", {"force": "46"}),
        ("secret", "sp1", {"restricted": True}), ("barred", "sp1", {"barred_refs": ["sp1"]}),
        ("access", "sp2", {"restricted": True}), ("other", "sp2", {}), ("gone", "gone", {}), ("left", "left", {}),
        ("to-come", "to-come", {}), ("lead", "lead", {}), ("cps", "cs1", {}), ("none", None, {}),
    ):  # fmt: skip
        id_ = rows.case_of(name, spoc_ref=ref, **given)
        if name in ("open", "access", "other"):
            expected.append((ref, id_))
    every = ["sp1", "sp2", "gone", "left", "to-come", "lead", "cs1"]
    assert led(rows, every) == expected
    assert led(rows, ["sp2"]) == expected[1:]


def test_the_panels_spoc_leads_on_the_open_cases_of_its_pair_on_whose_row_nobody_may(rows):
    expected = []
    for name, ref, given in (
        ("none", None, {}), ("row", "sp1", {}), ("unknown", "nobody", {}), ("left", "left", {}),
        ("barred", "sp1", {"barred_refs": ["sp1"]}), ("hidden", None, {"barred_refs": ["panel"]}),
        ("secret", "sp1", {"restricted": True}), ("closed", None, CLOSED), ("area", None, {"area": "London"}),
        ("there", None, {"force": "46"}), ("cps", "cs1", {}),
    ):  # fmt: skip
        id_ = rows.case_of(name, spoc_ref=ref, **given)
        if name in ("none", "unknown", "left", "barred", "secret", "cps"):
            expected.append(("panel", id_))
    assert led(rows, ["panel"], {(*PAIR, Agency.POLICE): "panel"}) == expected
    assert led(rows, ["panel"], {(*PAIR, Agency.CPS): "panel"}) == []
    assert led(rows, ["sp1"], {(*PAIR, Agency.POLICE): "panel"}) == led(rows, ["sp1"])
    (plain,) = [one for _, one in expected if one not in [case for _, case in expected[1:]]]
    assert ("sp1", plain) in led(rows, ["sp1"], {(*PAIR, Agency.POLICE): "sp1"})


def test_the_spoc_of_cps_is_that_of_the_cases_own_row_else_of_its_urns(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(5)]
    own, both, shared, gone, closed = (
        rows.case_of(f"T{at}", urn_key_id=urn, **(CLOSED if at == 4 else {})) for at, urn in enumerate(urns)
    )
    secret, police, nobody = rows.case_of("S", restricted=True), rows.case_of("P"), rows.case_of("N")
    for key, ref, given in (
        (own, "cs1", {}), (both, "cs1", {}), (urns[1], "cs2", {}), (shared, "cs1", {"withdrawn_on": TUESDAY}),
        (urns[2], "cs2", {}), (urns[3], "cs2", {"withdrawn_on": TUESDAY}), (closed, "cs1", {}), (urns[4], "cs1", {}),
        (secret, "cs1", {}), (police, "sp1", {}), (nobody, "nobody", {}),
    ):  # fmt: skip
        rows.prosecuted(key, None, spoc_ref=ref, **given)
    there = rows.case_of("T9", area="London")
    rows.prosecuted(there, None, spoc_ref="cs1")
    assert led(rows, ["cs1", "cs2", "sp1"]) == [("cs1", own), ("cs1", both), ("cs2", shared)]
    panels = {(*PAIR, Agency.CPS): "cs-panel", (*PAIR, Agency.POLICE): "panel"}
    assert led(rows, ["cs-panel"], panels) == [("cs-panel", id_) for id_ in (gone, secret, police, nobody)]


@pytest.mark.parametrize("by_urn", [False, True])
def test_a_spoc_whom_one_row_of_cps_names_leads_on_its_case_alone(rows, by_urn):
    urn = rows.urn("45ZZ0000126")
    case_id = rows.case_of("T1", urn_key_id=urn)
    rows.case_of("T2", urn_key_id=rows.urn("45ZZ0000226"))
    rows.prosecuted(urn if by_urn else case_id, None, spoc_ref="cs1")
    assert led(rows, ["cs1"]) == [("cs1", case_id)]
