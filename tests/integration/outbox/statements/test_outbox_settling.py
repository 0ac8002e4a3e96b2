"""Which messages a worker may begin to send, and what changes when a message is settled."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text

from config.terms import State
from models.audit import AuditRow
from models.outbox import Message, Notification
from models.queries.outbox import outbox
from models.queries.outbox.outbox import Fence, Fenced
from tests.worlds.rows import AT_NINE

OURS, THEIRS = UUID(int=1), UUID(int=2)
TO_COME, PAST = datetime(2999, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
HELD = {"state": "claimed", "lease_token": OURS, "lease_until": TO_COME}


def states(rows, table=Message) -> dict[int, str]:
    return dict(rows.found(select(table.id, table.state)))


def fence(rows, message_id: int, stood: str | None = None) -> Fenced:
    if stood is None:
        stood = outbox.fingerprints(rows.connection, [message_id])[message_id]
    return outbox.fence(rows.connection, OURS, Fence(message_id, b"body", AT_NINE, stood))


def test_a_worker_sends_what_it_holds_while_its_lease_lasts_and_the_contents_are_as_composed(rows):
    ours, also_ours = rows.message("of1", **HELD), rows.message("of1", **HELD)
    lost = [
        rows.message("of1", **HELD | given)
        for given in (
            {"lease_token": THEIRS},
            {"state": "queued"},
            {"lease_until": PAST},
            {"lease_until": text("now()")},
        )
    ]
    assert fence(rows, also_ours, "composed before") == Fenced(won=False, changed=True)
    for message in lost:
        assert fence(rows, message) == Fenced(won=False)
    before = states(rows)
    assert fence(rows, ours) == Fenced(won=True)
    assert states(rows) == before | {ours: "sending"}
    assert fence(rows, ours) == Fenced(won=False)


def test_a_message_is_settled_by_the_worker_that_holds_it_from_a_state_that_allows_it(rows):
    ours, theirs, unnamed = (rows.message("of1", state="sending", lease_token=token) for token in (OURS, THEIRS, OURS))
    silent = rows.message("of1", state="silent", lease_token=OURS)
    before = states(rows)
    given = {"reason": "", "as_of": AT_NINE}
    assert outbox.settle(rows.connection, [ours, theirs, silent], State.SENT, token=OURS, **given) == 1
    assert states(rows) == before | {ours: "sent"}
    assert outbox.settle(rows.connection, [theirs, silent], State.SENT, **given) == 1
    assert states(rows) == before | {ours: "sent", theirs: "sent"}
    assert unnamed in before


def test_what_travels_in_a_letter_and_what_it_tells_goes_with_it(rows):
    letter = rows.message("of1", state="sending", sending_at=AT_NINE)
    other = rows.message("of2", state="sending", sending_at=PAST)
    inside = {
        (held, state): rows.message("of1", kind="agenda", letter_id=held, state=state)
        for held in (letter, other) for state in ("queued", "silent", "void")
    }  # fmt: skip
    told = {
        (held, state): rows.notification(rows.critical(rows.case_of(f"{held}-{state}")), held, "of1", state=state)
        for held in (letter, other) for state in ("queued", "silent", "void")
    }  # fmt: skip
    outbox.settle(rows.connection, [letter], State.SENT, reason="", as_of=AT_NINE)
    for table, ids in ((Message, inside), (Notification, told)):
        now = states(rows, table)
        assert {which: now[id_] for which, id_ in ids.items()} == {
            (held, state): "sent" if (held, state) == (letter, "queued") else state for held, state in ids
        }
    sending = select(Message.sending_at).where(Message.id == inside[letter, "queued"])
    assert rows.found(sending) == [(AT_NINE,)]
    assert len(rows.found(select(AuditRow.ref).where(AuditRow.about == "message"))) == 2


def test_a_letter_that_waits_again_is_no_disclosure_and_one_that_is_void_leaves_what_travels_in_it(rows):
    letter = rows.message("of1", state="sending", sending_at=AT_NINE)
    agenda = rows.message("of1", kind="agenda", letter_id=letter)
    outbox.settle(rows.connection, [letter], State.RETRY, reason="no route", as_of=AT_NINE)
    assert states(rows) == {letter: "retry", agenda: "queued"}
    assert rows.found(select(AuditRow.ref).where(AuditRow.about == "message")) == []
    outbox.settle(rows.connection, [letter], State.VOID, reason="undone", as_of=AT_NINE)
    assert states(rows) == {letter: "void", agenda: "queued"}


def test_only_named_notifications_are_silenced_each_with_its_reason(rows):
    obligations = [rows.critical(rows.case_of(f"T{at}")) for at in range(4)]
    ids = [rows.notification(obligation, None, "of1") for obligation in obligations]
    outbox.silence(rows.connection, {ids[0]: "left", ids[1]: "ended", ids[2]: "left"})
    found = rows.found(select(Notification.state, Notification.reason).order_by(Notification.id))
    assert found == [("silent", "left"), ("silent", "ended"), ("silent", "left"), ("queued", "")]


def test_a_lost_answer_is_asked_about_when_its_post_can_be_seen(rows):
    message = rows.message("of1", state="sending")
    outbox.settle(rows.connection, [message], State.UNKNOWN, reason="no answer", as_of=AT_NINE)
    wait = text(f"select extract(epoch from lease_until - now())::int from messages where id = {message}")
    assert rows.connection.scalar(wait) == timedelta(seconds=outbox.SETTLE_SECONDS).total_seconds()
