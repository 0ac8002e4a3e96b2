"""By which channels a notification goes: what its reader has, and what its case allows."""

import pytest
from sqlalchemy import select

from models.outbox import Notification
from models.queries.outbox import readdressing
from models.queries.outbox.readdressing import Substitute
from models.rules.people.addressing import Recipient
from tests.worlds.review_rows import ReviewRows
from tests.worlds.routes import MAIL, SLACK
from tests.worlds.rows import TUESDAY


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref, user in (("both", "U1"), ("mail", None)):
        made.contact(ref, slack_user_id=user)
    return made


def channels(rows, routes, case_id: int | None, *refs: str | None) -> set[tuple[str | None, str]]:
    """Tell people of something that a case owes, in place of somebody: by which channels each is told."""
    owed = rows.owes(case_id, TUESDAY)
    before = rows.notification(owed, None, "before")
    told = [Substitute(owed, before, Recipient("spoc", ref)) for ref in refs]
    ids = readdressing.substitute(rows.connection, told, routes)
    by = select(Notification.contact_ref, Notification.channel).where(Notification.id.in_(ids))
    return set(rows.found(by))


def test_the_main_route_reaches_everyone_and_another_whoever_has_an_address_there(rows):
    found = channels(rows, [MAIL, SLACK], rows.case_of("T1"), "both", "mail", "unknown", None)
    by_mail = {(ref, "email") for ref in ("both", "mail", "unknown", None)}
    assert found == by_mail | {("both", "slack"), (None, "slack")}
    quiet = SLACK._replace(operations=False)
    assert channels(rows, [MAIL, quiet], rows.case_of("T2"), None) == {(None, "email")}


def test_a_restricted_case_goes_by_the_routes_that_may_name_it_alone(rows):
    rows.case_of("OTHER", restricted=True)
    secret = rows.case_of("T1", restricted=True)
    assert channels(rows, [MAIL, SLACK], secret, "both", None) == {("both", "email"), (None, "email")}
    private = SLACK._replace(restricted=True)
    again = rows.case_of("T2", restricted=True)
    assert channels(rows, [MAIL, private], again, "both") == {("both", "email"), ("both", "slack")}


def test_a_case_that_bars_somebody_is_told_to_operations_on_the_main_route_alone(rows):
    barring = rows.case_of("T1", barred_refs=["of9"])
    found = channels(rows, [MAIL, SLACK], barring, "both", None)
    assert found == {("both", "email"), ("both", "slack"), (None, "email")}
    private = SLACK._replace(restricted=True)
    again = rows.case_of("T2", barred_refs=["of9"])
    found = channels(rows, [MAIL, private], again, "both", None)
    assert found == {("both", "email"), ("both", "slack"), (None, "email")}


def test_what_no_case_owes_goes_by_every_route(rows):
    rows.case_of("OTHER", restricted=True)
    assert channels(rows, [MAIL, SLACK], None, None) == {(None, "email"), (None, "slack")}
