"""What one reply asks, beside rows that are ended, void, restricted to others or of no case."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from config.replies import Answered
from config.terms import Addressee, Verb
from flows.configured import configured
from models.outbox import Notification
from models.people import Contact
from models.queries.replies.replies import ReplyOutcome
from tasks.platform.tokens import NotOurs
from tasks.replies.apply_reply import audit_entry
from tasks.replies.incoming import IncomingMail
from tasks.replies.reply import UNKNOWN, HandledReply
from tests.worlds.reply_rows import MOVED, Replies, key
from tests.worlds.rows import AT_NINE, TUESDAY

THURSDAY = TUESDAY + timedelta(days=2)
VOID = {"ended_on": TUESDAY, "end_reason": "void"}
WHICH = "It does not say which"


@pytest.fixture
def rows(connection) -> Replies:
    return Replies(connection)


@pytest.mark.parametrize(("ended", "why"), [(MOVED, "Its day has moved"), (VOID, "What it tells was taken back")])
def test_an_answer_to_what_moved_or_was_taken_back_is_about_what_is_owed_instead(rows, ended, why):
    gone = rows.item(**ended)
    live = rows.item(version=2)
    alone = rows.item(subject="action:A2", **ended)
    for asked, about in ((gone, live), (alone, alone)):
        said, found, _ = rows.asks("until Thursday", key(asked))
        assert (said[: len(why)], found) == (why, about)
        assert rows.asks("show", key(asked))[:2] == (Answered.SHOWN, about)


def test_what_is_over_is_owed_no_more_and_what_is_of_no_case_is_nobodys_to_answer(rows):
    met = rows.item(ended_on=TUESDAY, end_reason="met")
    of_no_case = rows.owes(None, TUESDAY, force=None, rule="spoc-role")
    for text in ("until Thursday", "undo"):
        said, about, _ = rows.asks(text, key(met))
        assert (said.startswith("It is owed no more"), about) == (True, met)
        assert rows.asks(text, key(of_no_case))[:2] == (UNKNOWN, None)


def test_who_is_barred_from_the_case_answers_nothing_and_another_person_does(rows):
    item = rows.item()
    rows.say_of(rows.case_id, barred_refs=["of1"])
    assert rows.asks("show", key(item))[:2] == (UNKNOWN, None)
    assert rows.asks("show", key(item, "su1"), senders=("su1",))[:2] == (Answered.SHOWN, item)


def test_one_item_is_meant_by_ones_own_keys_alone_however_long_they_are_good(rows):
    item, other = rows.item(), rows.item(subject="action:A2")
    mine, everything, theirs = key(item), key(0), key(other, "of2")
    for keys in ((mine,), (mine, key(item, days=9)), (mine, everything), (mine, theirs)):
        assert rows.asks("show", *keys)[:2] == (Answered.SHOWN, item)
    assert rows.asks("show", mine, key(other))[0].startswith(f"{WHICH} of the items it answers")
    said, about, _ = rows.asks("show", everything)
    assert (said.startswith(f"{WHICH} item it answers"), about) == (True, None)
    assert rows.asks("show", theirs)[0].startswith("The message it answers was written to somebody else")


def test_who_asks_for_everything_needs_a_key_and_is_the_first_of_those_who_share_the_address(rows):
    item = rows.item()
    shared = (key(item, "of2"), key(0, "of1"), key(item, "of1"))
    assert rows.asks("status", *shared, senders=("of2", "of1")) == (Answered.STANDING, None, "of1")
    assert rows.asks("status", refused=NotOurs())[0].startswith("Its key is not whole")
    assert rows.asks("status")[0].startswith("It holds no key")


def test_an_unclear_reply_is_about_its_item(rows):
    item = rows.item()
    assert rows.asks("thanks", key(item)) == (Answered.UNCLEAR, item, "of1")


def test_done_is_taken_from_the_owner_who_is_away_and_from_who_stands_in(rows):
    rows.action("A1", rows.case_id, owner_ref="of2")
    item = rows.item()
    rows.contact("de1", active_to=THURSDAY)
    rows.connection.execute(update(Contact).where(Contact.contact_ref == "of2").values(deputy_ref="de1"))
    rows.absence("of2", TUESDAY, THURSDAY)
    for ref in ("su1", "of1"):
        said = rows.asks("done", key(item, ref), senders=(ref,))[0]
        assert said.startswith("Only whoever owes the action")
    for ref in ("of2", "de1"):
        assert rows.asks("done", key(item, ref), senders=(ref,))[:2] == (Answered.COMPLETED, item)
    other = rows.owes(rows.case_id, TUESDAY, subject="case")
    assert rows.asks("done", key(other))[0] is Answered.ENDS_WHEN


def test_only_who_was_told_of_a_step_that_the_ladder_still_has_passes_it_on(rows):
    last = len(configured().policy.ladder_of("action", "45"))
    item = {at: rows.item(subject=f"action:A{at}", last_step=at) for at in (0, 1, last, last + 1)}
    for one in item.values():
        for ref, addressee in (("of1", Addressee.OWNER), ("su1", Addressee.SUPERVISOR), ("of2", Addressee.OWNER)):
            rows.notification(one, None, ref, addressee=addressee)
    rows.say_of(rows.case_id, oic_ref="of1", supervisor_ref="su1")
    passed = [at for at, one in item.items() if rows.asks("not mine", key(one))[0] is Answered.PASSED_ON]
    assert passed == [1, last]
    ladder = configured().policy.ladder_of("action", "45")
    handed = select(Notification.obligation_id, Notification.step, Notification.step_name)
    assert set(rows.found(handed.where(Notification.happening == "handed_over"))) == {
        (item[at], at, ladder[at - 1].step) for at in (1, last)
    }
    refusal = "It is not one of those that you were told of. Nothing was done."
    assert rows.asks("not mine", key(item[1], "of2"), senders=("of2",))[0] == UNKNOWN, "no longer theirs"
    assert rows.asks("not mine", key(item[1], "sp1"), senders=("sp1",))[0] == refusal, "never told"


@pytest.mark.parametrize("answered", Answered)
def test_only_a_question_is_audited_as_a_consultation(rows, answered):
    mail = IncomingMail("identity", "", "", "of1@surrey.police.uk", "", (), (), "", TUESDAY)
    reply = HandledReply(configured(), rows.connection, mail, ["of1"], TUESDAY, AT_NINE)
    asked = answered in {Answered.STANDING, Answered.SHOWN}
    assert audit_entry(reply, 1, ReplyOutcome(answered)).verb is (Verb.CONSULTATION if asked else Verb.ALTERATION)
