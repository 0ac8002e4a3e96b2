"""The standing of a force or Area: its stalled cases in order, what was done on them, and limits near their end."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from config.terms import Risk
from flows.configured import configured
from models.cases import OrderRow, ReferralRow
from models.intake import Source
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import Reader
from tasks.messages.letter.standings import Standings, acting
from tests.worlds.extracts import send_every_column
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY
from tests.worlds.starting import force_starts

MONDAY = TUESDAY - timedelta(days=1)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


@pytest.fixture
def world(connection: Connection) -> ReviewRows:
    """SP1 is SPOC for Surrey, CS1 for CPS South East, L1 lead for both."""
    made = ReviewRows(connection)
    made.contact("SP1", roles=("spoc",))
    made.contact("CS1", roles=("spoc",), **CPS)
    return made


def readers(world: ReviewRows, *refs: str) -> dict[str, Reader]:
    return obligation_views.readers(world.connection, sorted(refs), TUESDAY)


def standings(world: ReviewRows, *refs: str, weekly: bool = True) -> tuple[Standings, dict[str, Reader]]:
    found = readers(world, *refs)
    return Standings(configured(), world.connection, found, refs if weekly else (), "email", TUESDAY), found


def stalled(world: ReviewRows, ref: str = "SP1") -> list[str]:
    made, found = standings(world, ref)
    return [case.reference for _, case in made.stalled(found[ref])]


def stalls(world: ReviewRows, case_ref: str, since: date, force: str = "45", **given: object) -> int:
    """A case that has been stalled since a day, by a joint review that was due four days before."""
    case_id = world.case_of(case_ref, force, **given)
    world.owes(case_id, since - timedelta(days=4), force, escalate_on=since)
    return case_id


def test_high_and_unknown_risk_come_first_then_the_oldest_stall_then_the_reference(world: ReviewRows) -> None:
    days = [date(2026, 3, day) for day in (9, 10, 11)]
    stalls(world, "6", days[0], risk=Risk.STANDARD)
    stalls(world, "5", days[0], risk=Risk.MEDIUM)
    stalls(world, "4", days[2])
    stalls(world, "2", days[1])
    stalls(world, "3", days[1], risk=Risk.UNKNOWN)
    stalls(world, "1", days[2])
    assert stalled(world) == ["45/2", "45/3", "45/1", "45/4", "45/5", "45/6"]


def test_a_case_is_stalled_since_the_oldest_of_what_stalls_it(world: ReviewRows) -> None:
    case_id = stalls(world, "1", date(2026, 3, 10))
    world.owes(case_id, date(2026, 3, 1), escalate_on=date(2026, 3, 5), rule="action", subject="action:A1")
    made, found = standings(world, "SP1")
    ((id_, case),) = made.stalled(found["SP1"])
    assert (id_, case.since, case.days, len(case.owed)) == (case_id, date(2026, 3, 5), 12, 2)
    assert {item.news for item in case.owed} == {False}


def test_a_reader_reads_of_their_own_places_and_of_no_case_that_they_may_not_know(world: ReviewRows) -> None:
    since = date(2026, 3, 9)
    stalls(world, "1", since)
    stalls(world, "2", since, restricted=True)
    stalls(world, "3", since, barred_refs=["SP1"])
    stalls(world, "4", since, force="46", area="South East")
    stalls(world, "5", since, force="45", area="London North")
    assert stalled(world) == ["45/1", "45/5"]
    assert stalled(world, "CS1") == ["45/1", "45/3", "46/4"]
    made, found = standings(world, "SP1", "CS1")
    totals = {ref: made.whole(one) for ref, one in found.items()}
    assert {ref: (one.stalled, one.restricted) for ref, one in totals.items() if one} == {
        "SP1": (2, frozenset({"45/2"})),
        "CS1": (3, frozenset({"45/2"})),
    }


def test_readers_of_one_place_share_its_standing_and_who_has_access_reads_more(world: ReviewRows) -> None:
    world.contact("SP2", roles=("spoc",), restricted_access=True)
    stalls(world, "1", date(2026, 3, 9))
    stalls(world, "2", date(2026, 3, 9), restricted=True)
    made, found = standings(world, "SP1", "SP2")
    cases = {ref: [case.reference for _, case in made.stalled(one)] for ref, one in found.items()}
    assert cases == {"SP1": ["45/1"], "SP2": ["45/1", "45/2"]}


def test_who_answers_for_no_place_has_no_standing(world: ReviewRows) -> None:
    world.contact("OF1")
    stalls(world, "1", date(2026, 3, 9))
    made, found = standings(world, "OF1")
    one = found["OF1"]
    assert (made.stalled(one), made.limits(one), made.whole(one), made.unseen(one)) == ([], [], None, ())


def test_an_area_has_a_standing_from_the_day_on_which_the_first_of_its_forces_starts(
    world: ReviewRows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stalls(world, "1", date(2026, 3, 9))
    for first_days, begun in (({"45": TUESDAY}, True), ({"45": TUESDAY + timedelta(days=1)}, False)):
        force_starts(monkeypatch, tmp_path, first_days)
        made, found = standings(world, "SP1", "CS1")
        assert [made.own(found[ref]) is not None for ref in ("SP1", "CS1")] == [begun, begun]
        assert [ref in made.posts for ref in ("SP1", "CS1")] == [begun, begun]


def test_what_was_done_is_told_since_the_last_standing_or_in_the_week_before_the_first(world: ReviewRows) -> None:
    world.contact("SP2", roles=("spoc",))
    world.message("SP2", standing=True, day=TUESDAY - timedelta(days=9), state="sent")
    case_id = stalls(world, "1", date(2026, 3, 2))
    for number in (10, 9, 8, 7, 6, 0):
        world.incident(f"I{number}", case_id, TUESDAY - timedelta(days=number))
    made, found = standings(world, "SP1", "SP2")
    told = {}
    for ref, one in found.items():
        ((_, case),) = made.stalled(one)
        told[ref] = [(TUESDAY - move.on).days for move in case.moves]
    assert told == {"SP1": [7, 6, 0], "SP2": [9, 8, 7, 6, 0]}
    assert (made.last(found["SP1"]), made.last(found["SP2"])) == (None, TUESDAY - timedelta(days=9))


def test_what_its_source_took_back_is_not_told_as_done(world: ReviewRows) -> None:
    case_id = stalls(world, "1", date(2026, 3, 2))
    sent = {"key_id": case_id, "source_id": world.source_id}
    world.action("A1", case_id, status="done", closed_on=MONDAY)
    world.review("R1", case_id, MONDAY)
    world.incident("I1", case_id, MONDAY)
    world.prosecuted(case_id, "CP1", charge_authorised_on=MONDAY, charged_on=MONDAY)
    world.add(ReferralRow, referral_ref="F1", submitted_on=MONDAY, decision_on=MONDAY, checklist_missing=[], **sent)
    world.add(OrderRow, order_ref="O1", kind="spo", made_on=MONDAY, **sent)

    def told() -> set[str]:
        made, found = standings(world, "SP1")
        ((_, case),) = made.stalled(found["SP1"])
        return {move.what for move in case.moves}

    assert told() == {"action", "review:joint", "incident", "authorised", "charged", "referral", "decision", "order"}
    for table in ("actions", "reviews", "incidents", "cps_cases", "referrals", "orders"):
        world.connection.execute(text(f"update {table} set withdrawn_on = :on"), {"on": TUESDAY})
    assert told() == set()


def test_limits_of_a_readers_places_are_read_from_28_days_after_their_end_on(world: ReviewRows) -> None:
    for number, days in enumerate((-29, -28, 0, 7, 8)):
        due_on = TUESDAY + timedelta(days=days)
        world.owes(world.case_of(str(number)), due_on, rule="bail-end", hard=True)
    world.owes(world.case_of("8", restricted=True), TUESDAY, rule="bail-end", hard=True)
    world.owes(world.case_of("9", "46", "London North"), TUESDAY, "46", rule="bail-end", hard=True)
    made, found = standings(world, "SP1", weekly=False)
    assert [one.case_ref for one in made.limits(found["SP1"])] == ["1", "2", "3"]


def test_only_the_weeks_letter_reads_what_is_stalled_and_what_cannot_be_seen(world: ReviewRows) -> None:
    stalls(world, "1", date(2026, 3, 9))
    made, found = standings(world, "SP1", weekly=False)
    one = found["SP1"]
    assert (made.stalled(one), made.unseen(one), made.last(one)) == ([], (), None)
    assert made.whole(one) is not None


def test_what_cannot_be_seen_is_told_by_force_and_those_with_the_same_rules_together(world: ReviewRows) -> None:
    """Sussex (47) is of CPS South East as Surrey is; nobody knows force 99."""
    world.connection.exec_driver_sql("delete from source_columns")
    world.connection.exec_driver_sql("update sources set covers = '{45,47,48,99}'")
    for ref, codes in (("SP2", ["45", "99"]), ("SP3", ["46"])):
        world.contact(ref, roles=("spoc",), force_codes=codes)
    made, found = standings(world, "SP1", "SP2", "SP3", "CS1")
    told = {ref: [forces for forces, _ in made.unseen(one)] for ref, one in found.items()}
    assert told == {
        "SP1": [("Surrey",)], "SP2": [("Surrey", "force 99")], "SP3": [], "CS1": [("Surrey", "Sussex")],
    }  # fmt: skip


def absent(world: ReviewRows, ref: str, deputy: str | None, **given: object) -> None:
    world.contact(ref, deputy_ref=deputy, **{"roles": ("spoc",)} | given)
    world.absence(ref, MONDAY, TUESDAY)


def test_a_deputy_acts_for_absent_spocs_and_leads_and_for_nobody_else(world: ReviewRows) -> None:
    world.contact("D1")
    absent(world, "SP3", "D1", force_codes=["46"])
    absent(world, "L2", "D1", roles=("lead",), force_codes=["47"])
    absent(world, "OF2", "D1", roles=("officer",), force_codes=["48"])
    absent(world, "SP4", None, force_codes=["49"])
    found = acting(world.connection, TUESDAY)
    assert {ref: {one.ref for one in absentees} for ref, absentees in found.items()} == {"D1": {"L2", "SP3"}}
    made, _ = standings(world, "D1")
    assert made.posts["D1"].force_codes == ("46", "47")


def test_only_in_the_weeks_letter_a_deputy_answers_for_the_absent(world: ReviewRows) -> None:
    world.contact("D1")
    absent(world, "SP3", "D1", force_codes=["46"])
    found = readers(world, "D1", "SP1")
    made = Standings(configured(), world.connection, found, {"SP1"}, "email", TUESDAY)
    assert set(made.posts) == {"SP1"}


def test_a_deputy_acts_for_nobody_on_a_day_on_which_all_are_there(world: ReviewRows) -> None:
    assert acting(world.connection, TUESDAY) == {}
    world.contact("D1")
    absent(world, "SP3", "D1")
    assert acting(world.connection, TUESDAY + timedelta(days=1)) == {}


def test_what_only_one_of_two_sources_lacks_cannot_be_seen_of_some_cases_alone(world: ReviewRows) -> None:
    for name in ("cms-se", "cms-london"):
        world.put(Source, name=name, agency="cps", covers=["45"], first_loaded_at=AT_NINE, last_extracted_at=AT_NINE)
    send_every_column(world.connection)
    world.connection.exec_driver_sql(
        """delete from source_columns c using sources s
           where s.id = c.source_id and s.agency = 'police' and c.file = 'referrals.csv'"""
    )

    def unseen() -> dict[tuple[str, ...], set[str]]:
        made, found = standings(world, "SP1")
        return {forces: set(rules) for forces, rules in made.unseen(found["SP1"])}

    for name, place in (("cms-se", "some cases of Surrey"), ("cms-london", "Surrey")):
        world.connection.exec_driver_sql(
            """delete from source_columns c using sources s
               where s.id = c.source_id and s.name = %s and c.name = 'checklist_missing'""",
            (name,),
        )
        assert unseen()[place,] == {"referral-checklist"}


def test_what_police_show_of_their_orders_cannot_be_seen_of_those_that_the_cps_sends_alone(world: ReviewRows) -> None:
    sends = "insert into source_columns (source_id, file, name, state, since) select id, 'orders.csv', %s, 'sent', %s"
    send_every_column(world.connection)
    world.put(Source, name="cms", agency="cps", covers=["45"], first_loaded_at=AT_NINE, last_extracted_at=AT_NINE)

    def unseen(forces: str) -> set[str]:
        made, found = standings(world, "SP1")
        return {rule for where, rules in made.unseen(found["SP1"]) if where == (forces,) for rule in rules}

    orders = {"order-told", "order-served", "order-expiry", "spo-notification"}
    assert not orders & (unseen("Surrey") | unseen("some cases of Surrey"))  # it sends no order
    world.connection.exec_driver_sql(f"{sends} from sources where name = 'cms'", ("made_on", AT_NINE.date()))
    assert orders & unseen("some cases of Surrey") == orders
    assert not orders & unseen("Surrey")
    world.connection.exec_driver_sql("delete from source_columns where name = 'victim_told_on' and file = 'orders.csv'")
    assert orders & unseen("Surrey") == {"order-told"}
