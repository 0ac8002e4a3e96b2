"""When agendas and invitations leave, and how an invitation is audited."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.configured import configured
from tasks.messages.agenda.send_agendas import due_at
from tests.worlds.messages import SITTING

DAY = SITTING.day
AT_SIX = datetime(2026, 3, 17, 6, tzinfo=UTC)
AT_EIGHT, AT_NINE = AT_SIX + timedelta(hours=2), AT_SIX + timedelta(hours=3)


@pytest.mark.parametrize(
    ("starts_at", "at", "leaves"),
    [
        (AT_EIGHT, AT_SIX, AT_SIX),
        (AT_NINE - timedelta(minutes=1), AT_SIX, AT_SIX),
        (AT_NINE, AT_SIX, AT_EIGHT),
        (AT_NINE + timedelta(days=1), AT_SIX, AT_EIGHT),
        (AT_NINE, AT_EIGHT + timedelta(minutes=5), AT_EIGHT + timedelta(minutes=5)),
    ],
    ids=["before the hour", "within an hour of it", "an hour later", "another day", "sent after the hour"],
)
def test_it_leaves_at_eight_unless_its_sitting_begins_within_an_hour_of_that(starts_at, at, leaves) -> None:
    assert due_at(configured(), SITTING._replace(starts_at=starts_at), DAY, at) == leaves
