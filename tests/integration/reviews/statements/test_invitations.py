"""The statements of people's invitations: those that stand, their unsent messages, and changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.outbox import Message
from models.queries.reviews import invitations
from models.rules.reviews.events import Event, InvitedEvent, SavedInvitation
from models.rules.reviews.invitation_changes import InvitationChange
from models.sittings import Invitation, SeriesRow
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

FRIDAY = date(2026, 3, 20)
AT = datetime(2026, 3, 20, 10, tzinfo=UTC)
SAVED = SavedInvitation(InvitedEvent(Event(AT, 20, "Room 2", ()), (), ()), Event(AT, 20, "Room 1", ()))
OTHER = SavedInvitation(InvitedEvent(Event(AT, 30, "Room 3", ()), (), ()))


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def invite(rows, ref: str, sequence: int = 0, **given) -> None:
    ordinary = {"contact_ref": ref, "sequence": sequence, "event": SAVED.as_json(), "told_on": TUESDAY}
    rows.add(Invitation, **ordinary | given)


def series(rows, ref: str, **given) -> int:
    return rows.put(SeriesRow, **{"ref": ref, "force_code": "45", "cps_area": "South East", "rule": ref} | given)


def standing(rows, *, mailed: bool = True) -> dict[tuple[str, str], tuple[bool, bool]]:
    """Whether the last message about each invitation has left, and whether it never will."""
    found = invitations.standing(rows.connection, TUESDAY, AT - timedelta(minutes=1), mailed=mailed)
    assert [one.key for one in found] == sorted(one.key for one in found)
    return {one.key: (one.left, one.lost) for one in found}


def test_who_has_access_may_read_of_restricted_cases(rows):
    for ref, given in (("a", {"restricted_access": True}), ("b", {}), ("c", {"restricted_access": True})):
        rows.contact(ref, **given)
    assert invitations.with_access(rows.connection) == {"a", "c"}


def test_an_unsent_message_of_an_invitation_waits_and_was_never_being_sent(rows):
    made = {
        key: rows.message("of1", key=key, **{"kind": "invitation"} | given)
        for key, given in (
            ("b", {}), ("a", {"state": "retry"}), ("c", {"state": "claimed"}), ("sent", {"state": "sent"}),
            ("tried", {"sending_at": AT_NINE}), ("agenda", {"kind": "agenda"}),
        )
    }  # fmt: skip
    rows.move_back(Message, made["b"])
    assert list(invitations.unsent(rows.connection).items()) == [(key, made[key]) for key in ("b", "a", "c")]


def test_the_standing_invitations_are_to_sittings_to_come_and_to_series_of_the_last_two_weeks(rows):
    ahead, at = rows.sitting("z-ahead", FRIDAY), rows.sitting("at", FRIDAY, starts_at=AT - timedelta(minutes=1))
    ends = {"open": None, "ended": TUESDAY - timedelta(days=13), "long-ended": TUESDAY - timedelta(days=14)}
    for ref in ("of2", "of1"):
        invite(rows, ref, sitting_id=ahead)
        invite(rows, ref, sitting_id=at)
    for ref, ended_on in ends.items():
        invite(rows, "of1", series_id=series(rows, ref, ended_on=ended_on))
    assert list(standing(rows)) == [("ended", "of1"), ("open", "of1"), ("z-ahead", "of1"), ("z-ahead", "of2")]


def test_an_invitation_has_left_where_its_last_message_was_tried_or_is_gone(rows):
    ahead, of_series, tried = rows.sitting("ahead", FRIDAY), series(rows, "series"), {"sending_at": AT_NINE}
    for ref, state, given in (
        ("queued", "queued", {}), ("sent", "sent", tried), ("shown", "shown", tried), ("silent", "silent", {}),
        ("retry", "retry", tried), ("older", "sent", tried),
    ):  # fmt: skip
        invite(rows, ref, 2, sitting_id=ahead)
        sequence = 1 if ref == "older" else 2
        rows.message(ref, kind="invitation", key=f"invitation:ahead:{ref}:{sequence}", state=state, **given)
    for ref, key in (("no-message", "invitation:ahead:no-message:1"), ("queued", "invitation:series:queued:1")):
        invite(rows, ref, 1, series_id=of_series)
        rows.message(ref, kind="invitation", key=key)
    expected = {
        ("ahead", "queued"): (False, False), ("ahead", "sent"): (True, False), ("ahead", "shown"): (False, True),
        ("ahead", "silent"): (False, True), ("ahead", "retry"): (True, False), ("ahead", "older"): (True, False),
        ("series", "no-message"): (True, False), ("series", "queued"): (False, False),
    }  # fmt: skip
    assert standing(rows) == expected
    assert standing(rows, mailed=False) == expected | {("ahead", "shown"): (True, False)}
    found = invitations.standing(rows.connection, TUESDAY, AT - timedelta(minutes=1), mailed=True)
    known = {one.contact_ref: one.saved.was for one in found if one.ref == "ahead"}
    assert (known["shown"], known["sent"]) == (None, SAVED.was)


def test_a_change_keeps_one_row_for_each_event_and_reader_and_has_a_message_unless_it_is_quiet(rows):
    undone = rows.undoing()
    ahead = rows.sitting("ahead", FRIDAY)
    early = rows.sitting("early", FRIDAY, area="London", undoing_id=undone, cancelled_on=TUESDAY)
    of_series = series(rows, "series")
    invite(rows, "of1", 1, sitting_id=ahead, told_on=date(2026, 3, 10))
    invite(rows, "of2", 1, sitting_id=ahead, told_on=date(2026, 3, 10), event=OTHER.as_json())
    before = {one.contact_ref: one for one in invitations.standing(rows.connection, TUESDAY, AT_NINE, mailed=False)}
    quiet = before["of2"]._replace(left=True)
    changes = [
        InvitationChange("ahead", "of1", 2, OTHER, False, before["of1"]),
        InvitationChange("ahead", "of2", 2, OTHER, False, quiet),
        InvitationChange("early", "of1", 0, SAVED, True), InvitationChange("series", "of1", 0, SAVED, False),
    ]  # fmt: skip
    assert [change.quiet for change in changes] == [False, True, False, False]
    invitations.write(rows.connection, changes, "email", TUESDAY, (FRIDAY, AT))
    columns = (Invitation.sitting_id, Invitation.series_id, Invitation.contact_ref, Invitation.sequence)
    found = rows.found(select(*columns, Invitation.told_on, Invitation.cancelled))
    assert sorted(found, key=str) == sorted([
        (ahead, None, "of1", 2, FRIDAY, False), (ahead, None, "of2", 2, date(2026, 3, 10), False),
        (early, None, "of1", 0, FRIDAY, True), (None, of_series, "of1", 0, FRIDAY, False),
    ], key=str)  # fmt: skip
    written = select(Message.key, Message.contact_ref, Message.about, Message.day, Message.due_at, Message.hard)
    assert sorted(rows.found(written)) == [
        ("invitation:ahead:of1:2", "of1", "ahead", TUESDAY, AT, False),
        ("invitation:early:of1:0", "of1", "early", TUESDAY, AT, True),
        ("invitation:series:of1:0", "of1", "series", TUESDAY, AT, False),
    ]
    events = [SavedInvitation.of(event) for (event,) in rows.found(
        select(Invitation.event).where(Invitation.sitting_id == ahead)
    )]  # fmt: skip
    assert events == [OTHER, OTHER]
