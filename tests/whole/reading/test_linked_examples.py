"""The reading of cases that share a URN, of transfers, and of the day from which a rule counts."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.whole.reading.facts import Facts
from tests.whole.reading.gathering import assemble
from tests.whole.reading.sheets import Sheet
from tests.whole.reading.world import MONDAY, World

JUNE = date(2026, 6, 1)


def linked(world: World, ref: str, force: str = "45", **columns: Any) -> None:
    """Send another case of the URN."""
    row = world.case | {"force_code": force, "case_ref": ref, **columns}
    world.store.load(world.police, "delta", MONDAY, {"cases": Sheet.whole("cases", [((force, ref), row, False)])})


def owners(world: World) -> list[tuple[str, str]]:
    """Give the cases that owe the end of an order."""
    return [(life.owed.force or "", life.owed.case_ref or "") for life in world.live("order-expiry")]


def with_urn(**columns: Any) -> World:
    world = World(urn="45AB/0000001", **columns)
    order = {"kind": "restraining_order", "made_on": MONDAY, "expires_on": JUNE}
    world.row("orders", "R", **order | {"urn": "45ab0000001(M)", "force_code": None, "case_ref": None})
    return world


def by_ref(world: World) -> dict[str, Facts]:
    return {facts.case["case_ref"]: facts for facts in assemble(world.store)}


def test_an_order_by_urn_belongs_to_the_first_kept_case_in_the_order_of_the_principal() -> None:
    world = with_urn(finalised_on=MONDAY, finalised_reason="other")
    linked(world, "0", classification="other", offence_codes=["TH68001"], finalised_on=None, finalised_reason=None)
    assert by_ref(world)["0"].principal
    assert owners(world) == [("45", "1")]
    linked(world, "2", finalised_on=None, finalised_reason=None)
    assert owners(world) == [("45", "2")]
    ((_, why),) = [end for (identity, _), end in world.reading.ended.items() if identity[2] == "order-expiry"]
    assert why == {"out_of_scope"}


def test_a_transferred_case_keeps_its_orders_until_the_other_force_has_it() -> None:
    world = with_urn(finalised_on=MONDAY, finalised_reason="transferred")
    assert owners(world) == [("45", "1")]
    linked(world, "9", finalised_on=None, finalised_reason=None)  # of the same force
    world.send(MONDAY, finalised_reason="transferred")
    assert by_ref(world)["1"].kept
    linked(world, "9", force="46", finalised_on=None, finalised_reason=None)
    assert not by_ref(world)["1"].kept


def test_what_began_before_a_rule_counts_is_not_owed_and_what_came_after_is() -> None:
    world = World(suspect_status="rui", status_changed_on=date(2026, 2, 10))
    world.row("orders", "R", kind="restraining_order", made_on=date(2026, 2, 12))
    assert world.live("order-told")
    assert world.due("victim-told") == [date(2026, 2, 11)]
    world.store.since = {"order-told": date(2026, 2, 13), "victim-told": date(2026, 2, 11)}
    assert not world.live("order-told")
    assert world.end("order-told") == {"policy"}
    assert world.due("victim-told") == [date(2026, 2, 13)]
