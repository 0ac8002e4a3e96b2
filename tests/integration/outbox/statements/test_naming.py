"""The statement of the messages that name a case: what notifies of it, and what was written about something of it."""

from datetime import date, timedelta

import pytest

from config.message_kinds import MessageKind
from models.pattern import ListedPattern
from models.queries.outbox.naming import messages_naming
from models.replies import Reply
from models.sittings import Invitation
from models.slack import Thread, ThreadPost
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

ASKED = "select id from cases where case_ref = any(%(refs)s)"
SAT = date(2026, 3, 20)


@pytest.fixture
def rows(connection):
    made = ReviewRows(connection)
    for ref, given in (("of1", {}), ("sp1", {"roles": ("spoc",), "restricted_access": True}), ("sp2", {})):
        made.contact(ref, **given)
    return made


def naming(rows, *refs):
    """The messages that name these cases, by the last part of their keys."""
    found = rows.connection.exec_driver_sql(
        f"select m.key from ({messages_naming(ASKED)}) n join messages m on m.id = n.message_id", {"refs": list(refs)}
    )
    return sorted(key for (key,) in found)


def test_letters_posts_threads_answers_and_pattern_lists(rows):
    case_id, other = rows.case_of("E1"), rows.case_of("E2")
    for one, owned in ((rows.owes(case_id, TUESDAY), "mine"), (rows.owes(other, TUESDAY), "other")):
        letter, answer, thread, post = (
            rows.message("of1", key=f"{kind}-{owned}") for kind in ("letter", "answer", "thread", "post")
        )
        told = rows.notification(one, letter, "of1")
        rows.notification(one, None, "sp1", step=4)
        rows.add(Thread, message_id=thread, case_id=case_id if owned == "mine" else other, place="45")
        rows.add(ThreadPost, message_id=post, thread_id=thread, notification_id=told)
        for identity, message_id in ((f"{owned}1", answer), (f"{owned}2", None)):
            rows.add(Reply, identity=identity, day=TUESDAY, read_at=AT_NINE, obligation_id=one, message_id=message_id)
    rows.add(ListedPattern, message_id=rows.message("sp1", key="list-mine"), case_id=case_id, keys=["incidents:2"])
    mine = ["answer-mine", "letter-mine", "list-mine", "post-mine", "thread-mine"]
    assert naming(rows, "E1") == mine
    assert naming(rows, "E1", "E2") == sorted([*mine, "answer-other", "letter-other", "post-other", "thread-other"])


def test_acts_transfers_and_reviews_that_fail(rows):
    urn = rows.urn("45ZZ0000126")
    case_id, _ = rows.case_of("E1", transfer_seen_on=TUESDAY, urn_key_id=urn), rows.case_of("E2", "46", urn_key_id=urn)
    sits = rows.convening(case_id, rows.sitting("sits", TUESDAY), ended_on=TUESDAY, end="not_held")
    rows.outcome(sits, held=False)
    act = rows.act(case_id, convening_id=sits)
    for key, kind, about, day in (
        ("act", MessageKind.ACT, act, TUESDAY), ("act-other", MessageKind.ACT, act + 1, TUESDAY),
        ("to-45", MessageKind.TRANSFER, f"{case_id}:45:{TUESDAY}", TUESDAY),
        ("to-46", MessageKind.TRANSFER, f"{case_id}:46:{TUESDAY}", TUESDAY),
        ("to-45-before", MessageKind.TRANSFER, f"{case_id}:45:{SAT}", TUESDAY),
        ("failed_review", MessageKind.FAILED_REVIEW, sits, TUESDAY + timedelta(days=7)),
        ("unheld-other", MessageKind.FAILED_REVIEW, sits + 1, TUESDAY),
    ):  # fmt: skip
        rows.message("sp1", key=key, kind=kind, about=str(about), day=day)
    assert naming(rows, "E1") == ["act", "failed_review", "to-45", "to-46"]
    assert naming(rows, "E2") == []


def test_an_invitation_to_a_case_with_every_change_of_it(rows):
    case_id, left, other = (rows.case_of(ref) for ref in ("E1", "E2", "E3"))
    sits = rows.sitting("sits", SAT)
    for slot, one in enumerate((case_id, left, other)):
        rows.convening(one, sits, slot=slot)
    event = {"cases": [[case_id, "x", True]], "was": {"cases": [[left, "x", True]]}}
    rows.add(Invitation, sitting_id=sits, contact_ref="of1", sequence=1, told_on=TUESDAY, event=event)
    rows.add(Invitation, sitting_id=sits, contact_ref="sp1", sequence=0, told_on=TUESDAY,
             event={"cases": [], "was": None})  # fmt: skip
    for key in ("of1:0", "of1:1", "of1:2", "sp1:0"):
        rows.message(key[:3], key=f"invitation:sits:{key}", kind=MessageKind.INVITATION, about="sits")
    assert naming(rows, "E1") == naming(rows, "E2") == ["invitation:sits:of1:0", "invitation:sits:of1:1"]
    assert naming(rows, "E3") == []


def test_an_agenda_that_had_the_case_for_each_reader_who_may_know_of_it(rows):
    plain, kept, barring, off = (
        rows.case_of(ref, **given)
        for ref, given in (("E1", {}), ("E2", {"restricted": True}), ("E3", {"barred_refs": ["sp1"]}), ("E4", {}))
    )
    sits = rows.sitting("sits", SAT)
    for slot, one in enumerate((plain, kept, barring, off)):
        rows.convening(one, sits, slot=slot)
    rows.agenda(sits, SAT, made_on=TUESDAY, seen={plain: [], kept: [], barring: []})
    for ref in ("sp1", "sp2", None):
        rows.message(ref, key=f"agenda-{ref}", kind=MessageKind.AGENDA, about="sits")
    rows.message("sp1", key="agenda-of-another", kind=MessageKind.AGENDA, about="sits-too")
    rows.message("sp1", key="agenda-of-another-day", kind=MessageKind.AGENDA, about="sits", day=SAT)
    assert naming(rows, "E1") == ["agenda-None", "agenda-sp1", "agenda-sp2"]
    assert naming(rows, "E2") == ["agenda-sp1"]
    assert naming(rows, "E3") == ["agenda-sp2"]
    assert naming(rows, "E4") == []
