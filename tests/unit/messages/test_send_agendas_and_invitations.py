"""When agendas and invitations leave, and how an invitation is audited."""

from datetime import UTC, datetime, timedelta

import pytest

from models.rules.reviews.invitation_changes import InvitationChange
from tasks.messages.agenda.send_agendas import due_at
from tasks.messages.invitation.send_invitations import _entry, _leaves_at
from tests.unit.messages.test_agenda_cases import SITTING

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
    assert due_at(SITTING._replace(starts_at=starts_at), DAY, at) == leaves


@pytest.mark.parametrize(
    ("on", "hour", "leaves"),
    [(16, 6, (16, 8)), (16, 9, (16, 9)), (14, 6, (16, 8)), (14, 9, (16, 8)), (13, 23, (13, 23))],
    ids=["Monday early", "Monday", "Saturday early", "Saturday", "Friday late"],
)
def test_invitations_leave_on_working_days_from_eight(on: int, hour: int, leaves: tuple[int, int]) -> None:
    at = datetime(2026, 3, on, hour, tzinfo=UTC)
    assert _leaves_at(at.date(), at) == datetime(2026, 3, leaves[0], leaves[1], tzinfo=UTC)


@pytest.mark.parametrize(
    ("sequence", "cancelled", "reason"),
    [(0, False, "invited"), (1, False, "changed"), (2, False, "changed"), (1, True, "cancelled")],
)
def test_an_invitation_is_audited_as_what_it_was_to_its_reader(sequence: int, cancelled: bool, reason: str) -> None:
    none = dict.fromkeys(InvitationChange._fields)
    one = InvitationChange(**none | {"ref": "s1", "contact_ref": "P1", "sequence": sequence, "cancelled": cancelled})
    entry = _entry(one)
    assert (entry.reason, entry.to_ref, entry.ref, entry.detail) == (reason, "P1", "s1", {"sequence": sequence})
