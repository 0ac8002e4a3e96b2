"""The statements of the doctor about people, messages and machines."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text, update

from models.queries.rounds import doctor
from models.rounds import Switch
from tasks.servers import database as way
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

YESTERDAY, TOMORROW = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_the_application_owns_no_table_and_changes_no_audit_row(rows):
    rows.connection.execute(text("create temporary table own (id int) on commit drop"))
    found = doctor.database_state(rows.connection)
    assert (found.elsewhere, found.encrypted, found.owns, found.changes_audit) == (False, False, False, False)
    assert found.name == rows.connection.engine.url.database
    assert found.version > 150000


def test_an_owner_owns_the_tables_and_may_change_audit_rows_unless_that_was_revoked(database):
    owner = create_engine(way.owner_url())
    with owner.connect() as connection:
        found = doctor.database_state(connection)
        assert (found.owns, found.changes_audit) == (True, True)
        connection.execute(text("revoke update, delete, truncate on audit from casebeat_owner"))
        assert not doctor.database_state(connection).changes_audit
    owner.dispose()


def test_a_contact_is_inactive_before_their_first_day_after_their_last_and_once_withdrawn(rows):
    for ref, given in (
        ("a", {}), ("b", {"active_from": TUESDAY, "active_to": TUESDAY}), ("c", {"active_from": TOMORROW}),
        ("d", {"active_to": YESTERDAY}), ("e", {"withdrawn_on": TUESDAY}), ("f", {"withdrawn_on": TOMORROW}),
    ):  # fmt: skip
        rows.contact(ref, **given)
    asked = ["unknown", "f", "e", "d", "c", "b", "a", "a"]
    assert doctor.inactive(rows.connection, asked, TUESDAY) == ["c", "d", "e", "unknown"]


def test_a_force_is_without_lead_where_no_active_lead_of_police_is_there(rows):
    for ref, force, given in (
        ("a", "41", {}), ("b", "42", {"roles": ("spoc",)}), ("c", "43", {"agency": "cps"}),
        ("d", "44", {"active_to": YESTERDAY}),
    ):  # fmt: skip
        rows.contact(ref, **{"roles": ("lead",), "force_codes": [force]} | given)
    asked = ["44", "43", "42", "41"]
    assert doctor.forces_without_lead(rows.connection, asked, TUESDAY) == ["42", "43", "44"]


def test_a_leader_is_absent_until_the_last_of_the_absences_that_hold_the_day(rows):
    for ref, given in (
        ("b", {"roles": ("spoc",)}), ("a", CPS | {"roles": ("legal_manager",)}), ("c", {}),
        ("d", {"roles": ("lead",), "active_to": YESTERDAY}), ("e", {"roles": ("lead",)}), ("f", {"roles": ("lead",)}),
    ):  # fmt: skip
        rows.contact(ref, **given)
    for ref, first, last, more in (
        ("b", TUESDAY, TUESDAY, {}), ("b", YESTERDAY, TOMORROW, {}), ("a", YESTERDAY, TUESDAY, {}),
        ("c", TUESDAY, TOMORROW, {}),
        ("d", TUESDAY, TOMORROW, {}), ("e", TUESDAY, TOMORROW, {"withdrawn_on": TUESDAY}),
        ("f", TOMORROW, TOMORROW, {}),
        ("f", YESTERDAY, YESTERDAY, {}),
    ):  # fmt: skip
        rows.absence(ref, first, last, **more)
    found = doctor.absent_leaders(rows.connection, TUESDAY)
    assert [(one.contact_ref, one.to_on) for one in found] == [("a", TUESDAY), ("b", TOMORROW)]


def test_the_domains_are_those_of_active_contacts_in_order(rows):
    for ref, email, given in (
        ("a", "a@Surrey.police.uk", {}), ("b", "b@surrey.police.uk", {}), ("c", "", {}), ("d", "d@cps.gov.uk", {}),
        ("e", "e@gone.invalid", {"active_to": YESTERDAY}), ("f", "f@b.invalid", {}), ("g", "g@z.invalid", {}),
        ("h", "h@a.invalid", {}), ("i", "i@y.invalid", {}),
    ):  # fmt: skip
        rows.contact(ref, email=email, **given)
    found = doctor.mail_domains(rows.connection, TUESDAY)
    assert list(found.items()) == [
        ("a.invalid", 1), ("b.invalid", 1), ("cps.gov.uk", 1), ("no domain", 1), ("surrey.police.uk", 2),
        ("y.invalid", 1), ("z.invalid", 1),
    ]  # fmt: skip


def test_a_message_is_overdue_that_waits_though_it_was_due_before_the_moment(rows):
    minute = timedelta(minutes=1)
    letter = rows.message("of1", state="sent", due_at=AT_NINE - minute)
    for channel, state, due_at, given in (
        ("slack", "queued", AT_NINE - minute, {}), ("email", "retry", AT_NINE - 2 * minute, {}),
        ("email", "claimed", AT_NINE - 3 * minute, {}), ("email", "sending", AT_NINE - minute, {}),
        ("email", "queued", AT_NINE, {}), ("email", "queued", AT_NINE - 9 * minute, {"letter_id": letter}),
        ("email", "dead", AT_NINE - 9 * minute, {}), ("pager", "queued", AT_NINE - minute, {}),
        ("fax", "queued", AT_NINE - minute, {}), ("teams", "queued", AT_NINE - minute, {}),
        ("radio", "queued", AT_NINE - minute, {}),
    ):  # fmt: skip
        rows.message("of1", channel=channel, state=state, due_at=due_at, **given)
    found = doctor.overdue(rows.connection, AT_NINE)
    assert [(one.channel, one.messages, one.since) for one in found] == [
        ("email", 3, AT_NINE - 3 * minute),
        *((channel, 1, AT_NINE - minute) for channel in ("fax", "pager", "radio", "slack", "teams")),
    ]  # fmt: skip


def test_a_machine_is_known_while_it_was_seen_since_the_moment(rows):
    for name in ("c", "a", "b"):
        rows.switch(f"{doctor.MACHINE}{name}", f"print-{name}")
    rows.switch("held")
    seen = update(Switch).where(Switch.name == f"{doctor.MACHINE}b").values(set_at=AT_NINE - timedelta(minutes=1))
    rows.connection.execute(seen)
    found = doctor.machines(rows.connection, AT_NINE)
    assert [(one.name, one.fingerprint) for one in found] == [("a", "print-a"), ("c", "print-c")]


def test_a_zone_is_known_by_its_summer_time(rows):
    assert [doctor.zone_is_known(rows.connection, zone) for zone in ("Europe/London", "UTC", "Nowhere")] == [
        True, False, False,
    ]  # fmt: skip
