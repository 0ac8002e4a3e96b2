"""Which notifications may still be turned to others, who heard of a step, and what a turning writes."""

from datetime import timedelta

from sqlalchemy import select

from models.outbox import Message, Notification
from models.queries.outbox import readdressing
from models.rules.outbox.message_states import REPEAT
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

MINUTE, MONDAY = timedelta(minutes=1), TUESDAY - timedelta(days=1)


def step(rows, name: str, message_id: int | None, owed: dict | None = None, **given) -> int:
    """Let a message hold the present step of an obligation, whose rule is the name; its notification's id."""
    case_id = rows.case_of(name)
    obligation = rows.critical(case_id, **{"rule": name} | (owed or {}))
    return rows.notification(obligation, message_id, given.pop("ref", "of1"), **given)


def due(rows, most: int = 100) -> list[str]:
    return [one.rule for one in readdressing.due(rows.connection, AT_NINE, TUESDAY, most)]


def test_the_next_messages_to_people_are_turned_hard_clocks_and_the_longest_due_first(rows):
    for name, minutes, given in (
        ("soft-late", 1, {}), ("soft-early", 2, {}), ("soft-early-too", 2, {}), ("hard", 0, {"hard": True}),
        ("to-come", -1, {}), ("sent", 9, {"state": "sent"}), ("operations", 9, {"ref": None}),
        ("retry", 3, {"state": "retry"}),
    ):  # fmt: skip
        values = {"ref": "of1", "due_at": AT_NINE - minutes * MINUTE} | given
        step(rows, name, rows.message(values.pop("ref"), **values))
    letter = rows.message("of1", due_at=AT_NINE - 9 * MINUTE, hard=True)
    step(rows, "inside", rows.message("of1", letter_id=letter, due_at=AT_NINE - 9 * MINUTE, hard=True))
    order = ["hard", "retry", "soft-early", "soft-early-too", "soft-late"]
    for most in range(2, 7):
        assert sorted(due(rows, most)) == sorted(order[: most - 1]), most


def test_a_notification_is_turned_while_it_waits_and_its_obligation_stays_at_its_step(rows):
    message = rows.message("of1")
    for name, owed, given in (
        ("waits", {}, {}), ("retry", {}, {"state": "retry"}), ("silent", {}, {"state": "silent"}),
        ("over", {"ended_on": TUESDAY, "end_reason": "met"}, {}), ("next-step", {"last_step": 4}, {}),
        ("lapsed", {}, {"happening": "lapsed"}), ("end", {}, {"happening": "resolved"}),
        ("handed", {}, {"happening": "handed_over"}),
        ("opened", {}, {"happening": "opened", "occasion": "opened 2026-03-17"}),
        ("handed-on", {}, {"occasion": "handed over"}),
        ("first-mailed", {}, {"occasion": "first mailed"}), ("promise", {}, {"occasion": "promise:4"}),
        ("instead", {}, {"occasion": "instead of 4"}), ("answered", {}, {"occasion": "answer:4"}),
    ):  # fmt: skip
        step(rows, name, message, owed, **given)
    found = readdressing.due(rows.connection, AT_NINE, TUESDAY, 100)
    assert [one.rule for one in found if one.lapsed] == ["lapsed"]
    assert [one.rule for one in found] == [
        "waits", "retry", "lapsed", "handed", "opened", "handed-on", "first-mailed", "promise", "instead"
    ]  # fmt: skip


def test_a_promise_covers_a_step_until_its_day_unless_it_is_a_hard_clock_or_a_handing_over(rows):
    message = rows.message("of1")
    for name, until, owed, given, promise in (
        ("covered", TUESDAY, {}, {}, {}), ("lapsed", MONDAY, {}, {}, {}), ("hard", TUESDAY, {"hard": True}, {}, {}),
        ("handed", TUESDAY, {}, {"happening": "handed_over"}, {}),
        ("opened", TUESDAY, {}, {"happening": "opened"}, {}),
        ("ended", TUESDAY, {}, {}, {"ended_on": TUESDAY, "end": "renewed"}),
    ):  # fmt: skip
        case_id = rows.case_of(name)
        obligation = rows.critical(case_id, rule=name, **owed)
        rows.notification(obligation, message, "of1", **given)
        rows.promise(obligation, until_on=until, by_ref="of1", **promise)
    assert due(rows) == ["lapsed", "hard", "handed", "opened", "ended"]


def test_a_notification_is_silenced_with_its_reason_unless_its_message_is_held(rows):
    states = (("queued", "queued"), ("retry", "retry"), ("claimed", "queued"), ("queued", "sent"))
    ids = [step(rows, f"{at}", rows.message("of1", state=held), state=state) for at, (held, state) in enumerate(states)]
    kept = step(rows, "not-named", rows.message("of1"))
    assert readdressing.silence(rows.connection, {id_: f"because {id_}" for id_ in ids}) == set(ids[:2])
    found = {id_: rest for id_, *rest in rows.found(select(Notification.id, Notification.state, Notification.reason))}
    assert found == {
        ids[0]: ["silent", f"because {ids[0]}"], ids[1]: ["silent", f"because {ids[1]}"], ids[2]: ["queued", ""],
        ids[3]: ["sent", ""], kept: ["queued", ""],
    }  # fmt: skip
    assert readdressing.silence(rows.connection, {}) == set()


def test_a_message_that_has_nothing_left_says_so_unless_it_may_have_arrived(rows):
    messages = {
        name: rows.message("of1", reason=reason)
        for name, reason in (("empty", ""), ("half", ""), ("repeat", f"{REPEAT}; no answer"), ("other", ""))
    }
    silenced = [step(rows, name, messages[name]) for name in ("empty", "half", "repeat")]
    step(rows, "half-kept", messages["half"])
    for state in ("silent", "void"):
        step(rows, f"empty-{state}", messages["empty"], state=state)
    readdressing.silence(rows.connection, dict.fromkeys(silenced, "why"))
    reasons = dict(rows.found(select(Message.id, Message.reason)))
    assert {name: reasons[id_] for name, id_ in messages.items()} == {
        "empty": readdressing.EMPTIED, "half": "", "repeat": f"{REPEAT}; no answer", "other": "",
    }  # fmt: skip


def test_a_message_is_locked_while_a_notification_of_it_is_silenced_and_no_other(database):
    with database.begin() as opened:
        rows = ReviewRows(opened)
        messages = [rows.message("of1") for _ in range(2)]
        ids = [step(rows, f"T{at}", message) for at, message in enumerate(messages)]
        for at, message in enumerate(messages):
            step(rows, f"MORE-{at}", message)
    with database.begin() as ours, database.begin() as theirs:
        readdressing.silence(ours, {ids[0]: "why"})
        free = theirs.execute(select(Message.id).with_for_update(skip_locked=True)).scalars().all()
    assert free == messages[1:]
