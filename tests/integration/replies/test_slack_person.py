"""Who a person in Slack is: the contacts of that id who are active on the day."""

from datetime import date

import pytest
from sqlalchemy import Connection

from models.queries.replies import slack_clicks
from tests.worlds.rows import World

TODAY = date(2026, 3, 17)
YESTERDAY, TOMORROW = date(2026, 3, 16), date(2026, 3, 18)


@pytest.mark.parametrize(
    ("particulars", "active"),
    [
        ({}, True),
        ({"withdrawn_on": TODAY}, False),
        ({"withdrawn_on": TOMORROW}, True),
        ({"active_from": TODAY}, True),
        ({"active_from": TOMORROW}, False),
        ({"active_to": TODAY}, True),
        ({"active_to": YESTERDAY}, False),
    ],
)
def test_a_person_is_known_on_the_days_on_which_the_contact_is_active(
    connection: Connection, particulars: dict[str, date], active: bool
) -> None:
    World(connection).contact("P1", slack_user_id="U1", **particulars)
    assert slack_clicks.contacts_of(connection, "U1", TODAY) == (["P1"] if active else [])


def test_several_contacts_of_one_id_are_told_in_their_order_and_nobody_of_another(connection: Connection) -> None:
    world = World(connection)
    for ref, user in (("P3", "U1"), ("P1", "U1"), ("P2", "U2")):
        world.contact(ref, slack_user_id=user)
    assert slack_clicks.contacts_of(connection, "U1", TODAY) == ["P1", "P3"]
    assert slack_clicks.contacts_of(connection, "U9", TODAY) == []
