"""Each act keeps its door, the person named reads of it in their next letter, and takes it back by any door."""

import os
import pwd
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.doors import Door
from config.replies import Answered
from flows.command_line import account
from flows.configured import configured
from models.rules.people.act import Act
from models.rules.references import ActionReference, CaseReference
from tasks.obligations.complete_action import undo
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.replies import Answerers, switch_on
from tests.worlds.sittings import HELD, record, sits

TUESDAY, WEDNESDAY, THURSDAY = "Tue 17 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"
ACCOUNT = pwd.getpwuid(os.getuid()).pw_name
ACTS = """select by_ref, door, undoes, case when promise_id > 0 then 'promise' when completion_id > 0 then 'completion'
                 when outcome_id > 0 then 'outcome' when convening_id > 0 then 'move' else 'undoing' end
          from acts order by id"""


@pytest.fixture
def people(database, run_cli, tmp_path, monkeypatch) -> Answerers:
    """The action's `overdue` notice was mailed on Tue 17 Mar 2026 to its owner P1, and to S1."""
    switch_on(monkeypatch)
    monkeypatch.delenv("SUDO_USER", raising=False)
    monkeypatch.setattr(account, "SIGNED_IN", tmp_path / "loginuid")
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on(TUESDAY)


def words(mail) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


def promise(people, by="SP1", on=TUESDAY):
    ran = people.book.acknowledge(on, "Mon 23 Mar 2026", by=by)
    assert ran.code == 0, ran.err


def withdraw(people, by="SP1", on=TUESDAY, what="action", **more):
    given = [part for name, value in more.items() for part in (f"--{name}", value)]
    return people.book.cli(
        "acknowledge", CASE, what, "--by", by, "--withdraw", "--as-of", day(on).isoformat(), *given
    )  # fmt: skip


def complete(people, *more, by="P1", on=TUESDAY):
    return people.book.cli("complete-action", CASE, "A1", "--by", by, "--as-of", day(on).isoformat(), *more)


def undo_link(people, ref):
    return people.links(ref)["Undo it"]


def acts(people):
    return people.book.ask(ACTS)


def owed(people):
    return people.book.ask("select due_on from obligations where rule = 'action' and ended_on is null")


def test_a_name_that_another_typed_is_told_to_its_person_who_undoes_it_by_a_reply(people):
    """The issue's own case: anybody may type P45-SPOC1, so that P45-SPOC1 reads it, and one reply puts it right."""
    promise(people, "SP1")
    people.on(WEDNESDAY)
    letter = people.mails("SP1")[-1]
    assert (
        "DONE IN YOUR NAME If this was not you, undo it, and tell operations. * 45/45/1234: Outstanding action, "
        "witness statement (A1): taken on until Mon 23 Mar, by a command on Tue 17 Mar. Undo it: mailto:"
    ) in words(letter)
    subject, body = undo_link(people, "SP1")
    assert people.replies("SP1", body, subject) is Answered.TAKEN_BACK
    assert people.book.promises() == [("SP1", day("Mon 23 Mar 2026"), 0, None, "withdrawn", day(WEDNESDAY))]
    assert words(people.answer("SP1")).startswith("This is taken back. It is owed as before, by its old day")
    assert acts(people) == [("SP1", "command", False, "promise"), ("SP1", "mail", True, "promise")]
    assert people.replies("SP1", body, subject) is Answered.TAKEN_BACK, "repeating it changes nothing"
    assert len(acts(people)) == 2
    people.on(THURSDAY)
    assert people.book.steps()[-1][:3] == (day(THURSDAY), "critical", "taken"), "the ladder goes on"
    assert "DONE IN YOUR NAME" not in words(people.mails("SP1")[-1]), "it is told once"


def test_a_letter_begins_with_it_alone_and_no_mail_is_added_to_one_that_leaves_anyway(people):
    promise(people, "L1")
    people.on(WEDNESDAY)
    assert people.mails("L1")[-1]["Subject"] == "Wed 18 Mar: 1 stalled, 1 act in your name"
    promise(people, "P1", on=WEDNESDAY)
    before = Counter(people.book.ask("select contact_ref from messages where kind = 'letter'"))
    people.on(THURSDAY)
    after = Counter(people.book.ask("select contact_ref from messages where kind = 'letter'"))
    assert after["P1"] == before["P1"] + 1
    states = people.book.ask("select state, count(*) from messages where kind = 'act' group by 1")
    assert states == [("shown", 2)]


def test_each_door_is_kept_with_the_account_behind_it_and_only_a_door_for_anyone_is_told_of(people, monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    promise(people, "SP1")
    assert people.replies("P1", "until Thursday") is Answered.PROMISED
    assert people.book.ask("select by_ref, door, through_ref from acts order by id") == [
        ("SP1", "command", ACCOUNT), ("P1", "mail", ""),
    ]  # fmt: skip
    assert people.book.ask("select contact_ref from messages where kind = 'act'") == ["SP1"]
    audited = people.book.ask("select detail ->> 'door', detail ->> 'through' from audit where about = 'promise'")
    assert audited == [("command", ACCOUNT), ("mail", "")]


def test_sudo_keeps_whose_session_it_was(people, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "alice")
    promise(people, "SP1")
    assert people.book.ask("select through_ref from acts") == [f"{ACCOUNT} (sudo by alice)"]


def test_sudo_to_the_account_of_casebeat_keeps_who_is_signed_in(people, monkeypatch, tmp_path):
    monkeypatch.setenv("SUDO_USER", "somebody-else")
    other = next(each for each in pwd.getpwall() if each.pw_uid != os.getuid())
    (tmp_path / "loginuid").write_text(str(other.pw_uid), "ascii")
    promise(people, "SP1")
    assert people.book.ask("select through_ref from acts") == [f"{ACCOUNT} (signed in as {other.pw_name})"]


@pytest.mark.parametrize("kept", ["4294967295", str(os.getuid()), "", None])
def test_a_session_that_the_kernel_does_not_keep_is_unconfirmed(people, monkeypatch, tmp_path, kept):
    monkeypatch.setattr(os, "geteuid", lambda: 999)
    monkeypatch.setenv("SUDO_USER", "alice")
    if kept is not None:
        (tmp_path / "loginuid").write_text(kept, "ascii")
    promise(people, "SP1")
    assert people.book.ask("select through_ref from acts") == [f"{ACCOUNT} (sudo by alice, unconfirmed)"]


def test_explain_shows_in_whose_name_by_which_door_and_who(people):
    promise(people, "SP1")
    assert withdraw(people, "S1").code == 0
    told = " ".join(people.book.explain(TUESDAY).out.split())
    assert (
        "WHO DID IT (2) * Tue 17 Mar 2026 at 08:00 GMT: action (action:A1): taken on until Mon 23 Mar 2026, in the "
        f"name of SP1, by a command ({ACCOUNT}). * Tue 17 Mar 2026 at 08:00 GMT: action (action:A1): taken back, the "
        f"promise until Mon 23 Mar 2026 (by SP1), in the name of S1, by a command ({ACCOUNT})."
    ) in told
    assert "it ended on Tue 17 Mar 2026: it was taken back." in told


def test_what_another_takes_back_is_told_to_both(people):
    promise(people, "SP1")
    ran = withdraw(people, "S1")
    assert ran.out == (
        "The promise of SP1 about action/action:A1 of 45/45/1234 until Mon 23 Mar 2026 is taken back. "
        "Its notices go on.\n"
    )
    people.on(WEDNESDAY)
    files = people.mails("SP1")[-1].iter_attachments()
    (acts,) = [str(file.get_content()) for file in files if "in-your-name" in str(file.get_filename())]
    assert "taken back, the promise until Mon 23 Mar, by a command on Tue 17 Mar, in the name of Robin Example." in acts
    assert ": taken back, the promise until Mon 23 Mar, by a command on Tue 17 Mar." in words(people.mails("S1")[-1])
    assert "Undo it" not in people.links("SP1"), "nothing of it stands"


@pytest.mark.parametrize(
    ("by", "said"),
    [
        row("who may not do it either", "CS9", "CS9 is not a known contact"),
        row("of the other side, who may not take it on", "M1", "M1 is not one of those who may take it back"),
    ],
)
def test_only_the_person_named_or_who_may_do_it_takes_it_back(people, by, said):
    promise(people, "SP1")
    ran = withdraw(people, by)
    assert ran.code == 2
    assert said in ran.err
    assert people.book.promises()[0][4] is None


def test_whoever_may_not_take_it_back_does_not_hear_that_it_was_taken_back(people):
    promise(people, "SP1")
    assert withdraw(people, "SP1").code == 0
    ran = withdraw(people, "M1")
    assert (ran.code, ran.out) == (2, "")
    assert "M1 is not one of those who may take it back" in ran.err


def test_withdrawing_what_nobody_promised_is_refused_and_twice_changes_nothing(people):
    assert "Nobody has taken it on at present" in withdraw(people).err
    promise(people)
    assert withdraw(people).code == 0
    again = withdraw(people)
    assert again.out == (
        "The promise about action/action:A1 of 45/45/1234 is taken back already. Nothing was changed.\n"
    )
    assert len(acts(people)) == 2
    assert "Give --withdraw alone" in withdraw(people, reason="x").err


def test_a_promise_after_one_that_was_taken_back_is_a_renewal(people):
    """Or else a promise each evening, taken back each morning, would hold the ladder up for ever."""
    promise(people)
    assert withdraw(people).code == 0
    promise(people)
    assert [line[2] for line in people.book.promises()] == [0, 1]


def test_a_completion_that_is_taken_back_is_owed_again_by_its_old_day(people):
    before = owed(people)
    assert complete(people).code == 0
    assert owed(people) == []
    ran = complete(people, "--undo")
    assert ran.out == (
        "The report that A1 of 45/45/1234 was done on Tue 17 Mar 2026 is taken back. It is owed as before.\n"
    )
    assert owed(people) == before
    assert people.book.ask("select status, closed_on, as_sent from actions") == [("pending", None, None)]
    assert complete(people, "--undo").out == (
        "The report that A1 of 45/45/1234 was done on Tue 17 Mar 2026 is taken back already. Nothing was changed.\n"
    )
    stranger = complete(people, "--undo", by="C9")
    assert (stranger.code, "already" in stranger.out + stranger.err) == (2, False)
    assert acts(people) == [("P1", "command", False, "completion"), ("P1", "command", True, "completion")]
    people.on(THURSDAY)
    assert people.book.steps()[-1][:3] == (day(THURSDAY), "critical", "taken"), "at the place of the ladder that it had"
    assert complete(people, on=THURSDAY).code == 0, "it can be reported again"
    assert owed(people) == []


def test_a_completion_is_taken_back_by_a_reply(people):
    before = owed(people)
    assert complete(people, by="SP1").code == 0
    people.on(WEDNESDAY)
    letter = words(people.mails("SP1")[-1])
    assert (
        "witness statement (A1): reported as done on Tue 17 Mar, by a command on Tue 17 Mar. Undo it: mailto:" in letter
    )
    subject, body = undo_link(people, "SP1")
    assert people.replies("SP1", body, subject) is Answered.TAKEN_BACK
    people.on(THURSDAY)
    assert owed(people) == before


def test_who_had_read_that_it_was_done_reads_that_it_is_owed(people):
    people.on(THURSDAY)
    assert complete(people, on=THURSDAY).code == 0
    people.on("Mon 23 Mar 2026")
    assert "Outstanding action, witness statement (A1): the action was done (Thu 19 Mar)." in words(
        people.mails("SP1")[-1]
    )
    assert complete(people, "--undo", on="Mon 23 Mar 2026").code == 0
    for on in ("Tue 24 Mar 2026", "Mon 30 Mar 2026"):
        people.on(on)
    right = (
        "PUT RIGHT * 45/45/1234: Outstanding action, witness statement (A1): on Mon 23 Mar you read that the action "
        "was done. That was taken back: it is owed, and was due on Mon 16 Mar."
    )
    assert sum(right in words(mail) for mail in people.mails("SP1")) == 1


def test_who_had_read_of_an_end_that_came_all_the_same_reads_nothing_more(people):
    people.on(THURSDAY)
    assert complete(people, on=THURSDAY).code == 0
    people.on("Mon 23 Mar 2026")
    assert complete(people, "--undo", on="Mon 23 Mar 2026").code == 0
    assert complete(people, on="Mon 23 Mar 2026").code == 0
    for on in ("Tue 24 Mar 2026", "Mon 30 Mar 2026"):
        people.on(on)
    assert not [mail for mail in people.mails("SP1") if "PUT RIGHT" in words(mail)]
    reasons = people.book.ask("select distinct reason from notifications where occasion = 'reopened'")
    assert reasons == ["it is not owed again"]


def test_a_completion_that_its_source_has_overruled_is_not_taken_back(people):
    assert "Nobody has reported here that A1 was done" in complete(people, "--undo").err
    assert complete(people).code == 0
    people.book.say("update actions set as_sent = null")
    ran = complete(people, "--undo")
    assert ran.code == 2
    assert "niche-45's own row of A1 has changed since it was reported, and counts." in ran.err
    assert "Give --undo alone" in complete(people, "--undo", "--on", "2026-03-17").err
    assert "CS1 is not one of those who may take it back" in _undone_by_the_other_side(people)


def _undone_by_the_other_side(people) -> str:
    people.book.say('update actions set as_sent = \'{"status": "pending", "closed_on": null}\'')
    return complete(people, "--undo", by="CS1").err


def test_two_who_take_it_back_at_once_take_it_back_once(people):
    assert complete(people).code == 0
    today = day(TUESDAY)

    def undone(by: str) -> bool:
        named = ActionReference(CaseReference("45", "45/1234"), "A1")
        return undo(configured(), named, Act(by, Door.COMMAND, "someone"), today, at_london(today)).new

    with ThreadPoolExecutor(3) as at_once:
        assert sorted(at_once.map(undone, ["P1", "S1", "SP1"])) == [False, False, True]
    assert len(acts(people)) == 2


def test_a_review_is_told_to_the_person_named(people):
    ref = sits(people.book, TUESDAY)
    assert record(people.book, ref, *HELD, as_of=TUESDAY).code == 0
    people.on(WEDNESDAY)
    assert (
        "45/45/1234: Joint review by police and CPS: the outcome was recorded, of the meeting on Tue 17 Mar, by a "
        "command on Tue 17 Mar. Undo it: mailto:"
    ) in words(people.mails("SP1")[-1])
    assert acts(people) == [("SP1", "command", False, "outcome")]


def test_without_a_reply_mailbox_the_letter_names_who_undoes_it(people, monkeypatch):
    monkeypatch.delenv("CASEBEAT_REPLIES__HOST")
    promise(people, "SP1")
    people.on(WEDNESDAY)
    assert "by a command on Tue 17 Mar. To undo it, ask operations to take the promise back." in words(
        people.mails("SP1")[-1]
    )


@pytest.mark.parametrize("by_link", [False, True])
def test_of_a_case_that_became_restricted_it_names_nothing_and_operations_undo_it(people, by_link):
    promise(people, "SP1")
    people.book.restrict(by_link=by_link)
    people.on(WEDNESDAY)
    letter = words(people.mails("SP1")[-1])
    assert "1 restricted case: ask a SPOC of your force who may read it: taken on until Mon 23 Mar" in letter
    assert "45/45/1234" not in letter
    assert "Undo it" not in people.links("SP1"), "what they may not know they may not answer"
    assert "To undo it, ask operations to take the promise back." in letter


def test_whoever_is_barred_since_hears_nothing_of_it(people):
    promise(people, "SP1")
    people.book.say("update cases set barred_refs = array['SP1']")
    people.on(WEDNESDAY)
    assert people.book.ask("select state, reason from messages where kind = 'act'")[0][0] == "silent"


def test_a_reply_that_undoes_what_is_not_theirs_to_undo_is_refused(people):
    subject, _ = people.links("P1")["Not mine"]
    assert people.replies("P1", "undo", subject) is Answered.REFUSED
    assert acts(people) == []


def test_a_hold_and_its_release_are_told_to_who_placed_it_and_no_explanation_of_the_case_has_them(people):
    holds = ("hold", CASE, "--as-of", day(TUESDAY).isoformat())
    assert people.book.cli(*holds, "--by", "SP1", "--reason", "complaint").code == 0
    people.on(WEDNESDAY)
    assert (
        "45/45/1234: held, so that it is not erased, since Tue 17 Mar, by a command on Tue 17 Mar. To undo it, ask "
        "operations to release the hold."
    ) in words(people.mails("SP1")[-1])
    assert people.book.cli(*holds[:2], "--by", "L1", "--release", "--as-of", day(WEDNESDAY).isoformat()).code == 0
    people.on(THURSDAY)
    assert (
        "45/45/1234: released, the hold that was placed on Tue 17 Mar, by a command on Wed 18 Mar, in the name of "
        "Robin Example."
    ) in words(people.mails("SP1")[-1])
    assert "WHO DID IT" not in people.book.explain(THURSDAY).out
