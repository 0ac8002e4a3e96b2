"""The standing that the leads of a force and its CPS Areas are written as it begins."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.outbox import Message
from models.queries.outbox import digests
from tests.worlds.review_rows import ReviewRows
from tests.worlds.routes import MAIL, SLACK
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
OF_AREA = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def written(rows) -> list[tuple[str, str]]:
    """Who is written a first standing on Tuesday, of Surrey that began the day before, and by which channel."""
    given = (rows.connection, TUESDAY, AT_NINE, [MAIL, SLACK], "45", ["South East"], TUESDAY - DAY)
    number = digests.first_standings(*given)
    found = rows.found(select(Message.contact_ref, Message.channel).where(Message.state == "queued", Message.standing))
    assert len(found) == number
    return sorted(found)


def test_each_lead_of_the_force_and_its_areas_is_written_by_every_channel_that_reaches_them(rows):
    rows.contact("L1", roles=("lead",), slack_user_id="U1")
    rows.contact("L2", roles=("lead",), slack_user_id=None)
    rows.contact("CL1", roles=("lead", "spoc"), slack_user_id=None, **OF_AREA)
    rows.contact("SP1", roles=("spoc",))
    rows.contact("L46", roles=("lead",), force_codes=["46"])
    assert written(rows) == [("CL1", "email"), ("L1", "email"), ("L1", "slack"), ("L2", "email")]


def test_who_has_left_or_does_not_act_yet_or_any_more_is_written_none(rows):
    for ref, given in (
        ("gone", {"withdrawn_on": TUESDAY}), ("goes", {"withdrawn_on": TUESDAY + DAY}),
        ("comes", {"active_from": TUESDAY + DAY}), ("came", {"active_from": TUESDAY}),
        ("went", {"active_to": TUESDAY - DAY}), ("leaves", {"active_to": TUESDAY}),
    ):  # fmt: skip
        rows.contact(ref, roles=("lead",), **given)
    assert written(rows) == [("came", "email"), ("goes", "email"), ("leaves", "email")]


def test_who_was_sent_one_since_the_first_day_by_that_channel_is_written_no_other(rows):
    for ref in ("L1", "L2", "L3", "L4"):
        rows.contact(ref, roles=("lead",), slack_user_id=f"U{ref}")
    rows.message("L1", day=TUESDAY - DAY, standing=True, state="sent")
    rows.message("L2", day=TUESDAY - 2 * DAY, standing=True, state="sent")
    rows.message("L3", day=TUESDAY - DAY, standing=True, state="dead")
    rows.message("L4", day=TUESDAY - DAY, state="sent")
    by_slack = [(ref, "slack") for ref in ("L1", "L2", "L3", "L4")]
    assert written(rows) == sorted([*by_slack, *((ref, "email") for ref in ("L2", "L3", "L4"))])
