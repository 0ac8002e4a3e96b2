"""The statements about who may be addressed: who concerns a matter, who changed since a day, and who is away."""

from datetime import date, timedelta

from sqlalchemy import select

from config.terms import OwedBy
from models.obligations import Obligation
from models.queries.people import contacts
from models.rules.people.parties import Parties
from tests.worlds.rows import TUESDAY

SINCE = TUESDAY - timedelta(days=3)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


def ahead(days: int) -> date:
    return TUESDAY + timedelta(days=days)


def test_a_matter_concerns_whom_it_names_the_leads_of_its_places_and_the_deputies_of_the_absent(rows):
    for ref, roles, given in (
        ("of1", "officer", {"deputy_ref": "dep1"}), ("dep1", "officer", {"deputy_ref": "dep2"}),
        ("dep2", "officer", {}),
        ("sp1", "spoc", {"deputy_ref": "of9"}), ("lm1", "legal_manager", CPS), ("of9", "officer", {}),
        ("sp46", "spoc", {"force_codes": ["46"]}), ("cs2", "spoc", CPS | {"cps_areas": ["London"]}),
        ("boss", "supervisor", {}),
    ):  # fmt: skip
        rows.contact(ref, roles=(roles,), **given)
    for ref, first, last, more in (
        ("of1", TUESDAY, TUESDAY, {}), ("dep1", ahead(-1), ahead(1), {}), ("sp1", ahead(1), ahead(2), {}),
        ("sp1", ahead(-2), ahead(-1), {}), ("sp1", TUESDAY, ahead(1), {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.absence(ref, first, last, **more)
    matter = Parties(OwedBy.POLICE, ("45",), ("South East",), oic_ref="of1")
    found = {one.ref: one.absent for one in contacts.on_duty(rows.connection, TUESDAY, [matter])}
    assert found == {"of1": True, "dep1": True, "dep2": False, "sp1": False, "lm1": False}
    assert len(contacts.on_duty(rows.connection, TUESDAY)) == 9
    assert contacts.absent_leads(rows.connection, TUESDAY) == []
    rows.absence("lm1", TUESDAY, TUESDAY)
    rows.absence("cs2", TUESDAY, TUESDAY)
    assert contacts.absent_leads(rows.connection, TUESDAY) == ["cs2"]


def test_a_contact_is_active_from_their_first_to_their_last_day_and_until_they_are_withdrawn(rows):
    for ref, given in (
        ("a", {}), ("b", {"active_from": TUESDAY, "active_to": TUESDAY}), ("c", {"active_from": ahead(1)}),
        ("d", {"active_to": ahead(-1)}), ("e", {"withdrawn_on": TUESDAY}), ("f", {"withdrawn_on": ahead(1)}),
    ):  # fmt: skip
        rows.contact(ref, **given)
    found = contacts.on_duty(rows.connection, TUESDAY)
    assert {one.ref for one in found if one.active} == {"a", "b", "f"}


def test_who_joined_left_or_changed_since_a_day_is_found_with_the_roles_in_their_places(rows):
    still = {"changed": False}
    for ref, roles, given in (
        ("changed", "officer", {"changed": True}), ("still", "spoc", still),
        ("joins", "officer", {"active_from": SINCE} | still),
        ("joined", "officer", {"active_from": ahead(-4)} | still),
        ("joins-later", "officer", {"active_from": ahead(1)} | still),
        ("left", "officer", {"active_to": ahead(-1)} | still),
        ("left-first", "officer", {"active_to": ahead(-4)} | still),
        ("left-before", "officer", {"active_to": ahead(-5)} | still),
        ("last-day", "officer", {"active_to": TUESDAY} | still),
        ("withdrawn", "lead", {"withdrawn_on": TUESDAY} | still),
        ("cps", "legal_manager", CPS | {"withdrawn_on": SINCE} | still),
        ("withdrawn-before", "lead", {"withdrawn_on": ahead(-4)} | still),
        ("withdrawn-later", "lead", {"withdrawn_on": ahead(1)} | still),
    ):  # fmt: skip
        rows.contact(ref, roles=(roles,), **given)
    found = set(contacts.changed(rows.connection, SINCE, TUESDAY))
    assert found == {
        "changed", "joins", "left", "left-first", "withdrawn", "cps", "police lead 45", "cps legal_manager South East",
    }  # fmt: skip
    assert set(contacts.changed(rows.connection, None, TUESDAY)) == {"changed", "left", "withdrawn", "police lead 45"}


def test_an_absence_counts_that_began_ended_or_changed_since_the_day(rows):
    for ref, first, last, new in (
        ("begins", 0, 9, False), ("began", -3, 9, False), ("before", -4, 9, False), ("ended", -9, -1, False),
        ("ended-first", -9, -4, False), ("ended-before", -9, -5, False), ("ends", -9, 0, False), ("later", 1, 2, False),
        ("changed", -9, 9, True), ("changed-from-today", 0, 5, True), ("changed-later", 1, 9, True),
        ("changed-ended", -9, -4, True), ("changed-ended-before", -9, -5, True),
    ):  # fmt: skip
        rows.absence(ref, ahead(first), ahead(last), changed=new)
    assert set(contacts.changed(rows.connection, SINCE, TUESDAY)) == {
        "begins", "began", "ended", "ended-first", "changed", "changed-from-today", "changed-ended",
    }  # fmt: skip


def test_the_climb_looks_again_at_what_goes_through_these_people(rows):
    ids = {}
    for number, (name, given) in enumerate({
        "none": {}, "later": {"next_step_on": ahead(1)}, "today": {"next_step_on": TUESDAY},
        "past": {"next_step_on": ahead(-1)},
        "over": {"ended_on": TUESDAY, "end_reason": "met"}, "no-step": {"last_step": 0}, "others": {"through": ["of2"]},
        "there": {"force": "46"}, "of-none": {"force": None},
    }.items()):  # fmt: skip
        ids[name] = rows.owes(number, TUESDAY, **{"last_step": 1, "through": ["of1", "of3"], **given})

    def days() -> set[str]:
        found = dict(rows.found(select(Obligation.id, Obligation.next_step_on)))
        return {name for name, id_ in ids.items() if found[id_] == TUESDAY}

    contacts.look_again(rows.connection, "45", [], TUESDAY)
    assert days() == {"today"}
    contacts.look_again(rows.connection, "45", ["of1"], TUESDAY)
    assert days() == {"today", "none", "later"}
    contacts.look_again(rows.connection, None, ["of3"], TUESDAY)
    assert days() == {"today", "none", "later", "of-none"}
