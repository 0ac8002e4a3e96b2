"""Which forces are to be told of a transfer, and what the message tells of the case as it is now."""

from datetime import timedelta

import pytest

from models.cases import OrderRow
from models.queries.obligations import transfers
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
GONE = {"finalised_on": TUESDAY, "finalised_reason": "transferred"}
SEEN = GONE | {"transfer_seen_on": TUESDAY}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def untold(rows) -> list[tuple[str, str]]:
    """The cases of which a force is to be told, by their ids, with the force."""
    return [(one.about.partition(":")[0], one.force_code) for one in transfers.untold(rows.connection)]


def test_the_forces_of_a_transferred_case_and_of_those_linked_with_it_are_to_be_told(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(3)]
    ids = {}
    for name, force, urn, given in (
        ("sent", "45", urns[0], SEEN), ("there", "47", urns[0], {}), ("there-too", "46", urns[0], {}),
        ("on", "48", urns[0], GONE), ("own", "45", urns[0], {}), ("alone", "45", None, SEEN), ("stays", "45", None, {}),
        ("unseen", "45", urns[2], GONE), ("other", "45", None, SEEN | {"classification": "other"}),
        ("once", "45", None, SEEN | {"classification": "other", "declassified_on": TUESDAY}),
        ("elsewhere", "49", urns[1], {}), ("without", "50", None, {}),
    ):  # fmt: skip
        ids[name] = str(rows.case_of(name, force, urn_key_id=urn, **given))
    assert untold(rows) == [
        (ids["sent"], "45"), (ids["sent"], "46"), (ids["sent"], "47"), (ids["alone"], "45"), (ids["once"], "45"),
    ]  # fmt: skip


def test_a_force_is_told_once_unless_that_message_became_void(rows):
    ids = {}
    for name, given in (
        ("told", {}), ("void", {"state": "void"}), ("agenda", {"kind": "agenda"}), ("not-told", {"about": "another"}),
    ):  # fmt: skip
        case_id = rows.case_of(name, **SEEN)
        ids[name] = str(case_id)
        about = f"{case_id}:45:{TUESDAY.isoformat()}"
        rows.message("sp1", **{"kind": "transfer", "about": about, "state": "sent"} | given)
    assert untold(rows) == [(ids[name], "45") for name in ("void", "agenda", "not-told")]


def notices(rows, *cases: int, **given) -> dict[int, transfers.TransferNotice]:
    """What messages to force 46 tell of these cases, by the case's id."""
    ids = {
        rows.message("sp1", **{"kind": "transfer", "about": f"{case_id}:46:{TUESDAY.isoformat()}"} | given): case_id
        for case_id in cases
    }
    return {ids[id_]: one for id_, one in transfers.notices(rows.connection, list(ids)).items()}


def test_a_notice_tells_the_linked_cases_of_other_forces_and_whether_one_keeps_the_orders(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(4)]
    kept, left, once, alone, back = (
        rows.case_of(name, urn_key_id=urn, **given)
        for name, urn, given in (
            ("kept", urns[0], SEEN), ("left", urns[1], SEEN), ("once", urns[2], SEEN), ("alone", None, SEEN),
            ("back", urns[3], {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}),
        )
    )  # fmt: skip
    for name, force, urn, given in (
        ("a", "47", urns[0], {"classification": "other"}), ("b", "46", urns[0], {}), ("c", "46", urns[0], GONE),
        ("own", "45", urns[0], {}), ("d", "46", urns[1], {"classification": "other"}),
        ("e", "46", urns[2], {"classification": "other", "declassified_on": TUESDAY}), ("f", "46", None, {}),
    ):  # fmt: skip
        rows.case_of(name, force, urn_key_id=urn, **given)
    found = notices(rows, kept, left, once, alone, back)
    assert {id_: (one.there, one.kept_there) for id_, one in found.items()} == {
        kept: (("46/b", "47/a"), True), left: (("46/d",), False), once: (("46/e",), True), alone: ((), False),
        back: ((), False),
    }  # fmt: skip
    assert [found[id_].urn for id_ in (kept, alone)] == ["45ZZ0000120", None]
    assert {one.side for one in found.values()} == {"46"}
    assert [found[id_].finalised_on for id_ in (kept, back)] == [TUESDAY, None]
    assert notices(rows, kept, kind="agenda") == {}


def test_a_notice_counts_the_orders_that_have_not_expired_on_its_day(rows):
    urn = rows.urn("45ZZ0000126")
    case_id, other, none = rows.case_of("T1", urn_key_id=urn, **SEEN), rows.case_of("T2", **SEEN), rows.case_of("T3")
    for ref, key, expires, given in (
        ("today", case_id, 0, {}), ("later", urn, 9, {}), ("over", case_id, -1, {}), ("made", case_id, None, {}),
        ("sought", case_id, None, {"made_on": None}), ("sought-too", case_id, None, {"made_on": None}),
        ("gone", case_id, 5, {"withdrawn_on": TUESDAY}),
        ("other", other, 3, {}),
    ):  # fmt: skip
        day = None if expires is None else TUESDAY + expires * DAY
        values = {"kind": "spo", "made_on": TUESDAY - 9 * DAY, "expires_on": day, "source_id": rows.source_id}
        rows.add(OrderRow, order_ref=ref, key_id=key, **values | given)
    found = notices(rows, case_id, other, none, due_at=AT_NINE)
    assert {id_: (one.orders, one.first_on) for id_, one in found.items()} == {
        case_id: (3, TUESDAY), other: (1, TUESDAY + 3 * DAY), none: (0, None)
    }  # fmt: skip
