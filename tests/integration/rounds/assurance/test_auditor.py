"""The auditor finds what does not hold, from its own queries: cases, steps, rows, rounds, feeds and accounts."""

from contextlib import ExitStack
from datetime import timedelta

import psycopg2
import pytest

from config.days.london import at_london
from flows.configured import configured
from models.queries.rounds import assurance as queries
from models.queries.rounds import rounds
from tasks.rounds.assurance.auditor import audit
from tasks.servers import round_lock
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Tue 17 Mar 2026")
EIGHT = at_london(TODAY)
NOON = EIGHT + timedelta(hours=4)


@pytest.fixture
def book(database, run_cli):
    """A case whose round of Tuesday is done and whose messages have left."""
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = '2026-03-17T05:00Z'")
    made.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
           values ('niche-45-1', 'x', 'niche-45', 'loaded', '2026-03-17T05:00Z', '2026-03-17T05:30Z', '{}')"""
    )
    assert made.cli("run", "--as-of", "2026-03-17").code == 0
    return made


def found(at=NOON):
    """The keys and sentences of an audit."""
    return {one.key: one.sentence for one in audit(configured(), at)}


def test_after_a_round_all_holds(book):
    assert found(EIGHT) == found(NOON) == {}
    assert book.ask("select count(*) > 3 from obligations where ended_on is null") == [True]


def test_an_open_stalking_case_without_a_live_obligation_is_found(book):
    book.say("update obligations set ended_on = '2026-03-17', end_reason = 'withdrawn' where case_id is not null")
    assert found() == {"cases:45": "force 45: 1 open case in scope with no obligation that has a step to come"}


@pytest.mark.parametrize(
    "facts", ["finalised_on = '2026-03-17'", "classification = 'harassment'", "projection = 'changed'"]
)
def test_a_case_that_is_closed_or_out_of_scope_or_waits_for_the_next_round_is_not(book, facts):
    book.say("update obligations set ended_on = '2026-03-17', end_reason = 'withdrawn' where case_id is not null")
    book.say(f"update cases set {facts}")
    assert found() == {}


def test_an_obligation_watches_while_a_step_is_to_come_or_its_last_one_was_taken(book):
    book.say("update obligations set ended_on = '2026-03-17', end_reason = 'met' where rule <> 'joint-review'")
    assert found() == {}
    book.say("update obligations set next_step_on = null where rule = 'joint-review'")
    assert list(found()) == ["cases:45"]
    (steps,) = book.ask("select 4")
    book.say(f"update obligations set last_step = {steps} where rule = 'joint-review'")
    assert found() == {}


def test_a_linked_case_watches_for_the_others(book):
    book.case("45/LINK")
    book.say("update cases set projection = 'evaluated', projected_at = '2026-03-17T06:00Z'")
    assert list(found()) == ["cases:45"]
    book.say("insert into case_keys (urn_root) values ('45ZZ0000126')")
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000126')")
    assert found() == {}


def test_a_new_case_that_a_finished_round_has_passed_over_is_found_and_one_that_came_after_it_is_not(book):
    book.case("45/NEW")
    assert list(found()) == ["cases:45"]
    book.say("update extracts set judged_at = '2026-03-17T09:00Z'")
    assert found() == {}


def test_a_step_that_fell_due_and_was_not_taken_is_found(book):
    book.say("update obligations set next_step_on = '2026-03-16' where rule = 'action' and ended_on is null")
    assert found() == {"steps:45": "force 45: 1 obligation whose step fell due and was not taken"}
    book.say("update obligations set next_step_on = '2026-03-17' where rule = 'action'")
    assert found() == {}, "a change since the round may have asked for another look today"
    book.say("update obligations set next_step_on = '2026-03-13', began_on = '2026-03-18' where rule = 'action'")
    assert found() == {}, "it began after the last working day, and its first step waits for the next"


A_MESSAGE = """insert into messages (key, kind, contact_ref, channel, day, state, due_at{more})
               values ('k', '{kind}', {to}, 'email', '{on}', '{state}', '{on} {clock}Z'{values})"""


def message(kind, to="null", on="2026-03-17", state="queued", clock="08:00", **more):
    names, values = "".join(f", {name}" for name in more), "".join(f", {value}" for value in more.values())
    return A_MESSAGE.format(kind=kind, to=to, on=on, state=state, clock=clock, more=names, values=values)


def test_a_message_whose_delivery_is_gone_is_found(book):
    book.say(message("letter", "'P1'", state="sending", lease_until="now() - interval '14 minutes'"))
    assert found() == {}
    book.say("update messages set lease_until = now() - interval '16 minutes' where key = 'k'")
    assert found() == {"stuck:claimed": "1 message held by a delivery that is gone"}


@pytest.mark.parametrize(
    ("written", "at", "key"),
    [
        (message("letter", "'P1'"), EIGHT + timedelta(hours=2), None),
        (message("letter", "'P1'"), EIGHT + timedelta(hours=2, microseconds=1), "letter"),
        (message("letter", "'P1'", state="retry"), NOON, "letter"),
        (message("letter", "'P1'", on="2026-03-14"), EIGHT - timedelta(hours=23), None),  # of a Saturday: Monday, nine
        (message("letter", "'P1'", on="2026-03-14"), EIGHT - timedelta(hours=22), "letter"),
        (message("operations"), EIGHT + timedelta(hours=2), None),
        (message("operations"), NOON, "message"),
        (message("answer", "'P1'", on="2026-03-15"), EIGHT, "message"),  # on a Sunday too
        (message("transfer", "'SP1'"), NOON, None),
        (message("transfer", "'SP1'", on="2026-03-15"), EIGHT, "enclosure"),
        (message("transfer", on="2026-03-16"), EIGHT, "message"),  # to operations, by itself
    ],
)
def test_a_message_that_should_have_left_is_found(book, written, at, key):
    book.say(written)
    assert [each for each in found(at) if each.startswith("stuck:")] == ([] if key is None else [f"stuck:{key}"])


def test_the_hold_that_keeps_messages_back_is_named_once(book):
    book.say(message("operations"))
    assert book.cli("outbox", "--hold").code == 0
    assert list(found()) == ["blocked:email"]
    on_saturday = found(NOON + timedelta(days=4))
    assert on_saturday["stuck:message"] == "1 message not sent two hours after their moment, since the outbox is held"


def test_a_notification_in_no_message_is_found_after_a_working_day(book):
    book.say(
        """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee,
                                      contact_ref, channel)
           select id, 'step', 9, 'x', '2026-03-16', 'chase', 'digest', 'owner', 'P1', 'email'
           from obligations limit 1"""
    )
    assert found() == {}
    book.say("update notifications set day = '2026-03-15' where step = 9")
    assert found() == {"stuck:notification": "1 notification in no message since the last working day"}
    book.say("update notifications set happening = 'resolved' where step = 9")
    assert found() == {}, "it waits for a letter that says more"


def test_an_account_that_does_not_add_up_is_found(book):
    book.say("""update rounds set account = account || '{"unchanged": 7}' where force_code = '45'""")
    assert found() == {"account:45": "the account of force 45 does not balance"}


def test_a_late_feed_and_a_refused_extract_are_found(book):
    book.say("update sources set last_extracted_at = '2026-03-10T05:00Z'")
    (key, sentence), *_ = found().items()
    assert (key, sentence[:27]) == ("feed:niche-45:late", "source niche-45 is late: it")


def test_before_seven_a_feed_is_judged_for_the_day_before_as_its_round_is(book):
    book.say("update sources set last_extracted_at = '2026-03-16T05:00Z'")
    tomorrow = at_london(TODAY + timedelta(days=1))
    assert found(tomorrow - timedelta(hours=7)) == {}
    assert list(found(tomorrow)) == ["round", "feed:niche-45:late"]


def test_a_force_of_which_no_case_could_be_evaluated_is_found(book):
    book.say("update cases set opened_on = '9999-12-31', projection = 'changed'")
    assert book.cli("run", "--as-of", "2026-03-17").code == 1
    assert found()["evaluated:45"] == "no case of force 45 could be evaluated (1 to look at)"


def test_a_round_that_ended_as_failed_is_found_until_it_is_run_again(book):
    book.say("""update rounds set account = account || '{"state": "Failed"}' where force_code = '--'""")
    assert found() == {"failed": "the round of Tue 17 Mar 2026 failed in part: its page names why; run it again"}
    assert book.cli("run", "--as-of", "2026-03-17", "--force", "45").code == 0
    assert found() == {}


def begin(code, on=TODAY):
    with transaction() as connection:
        return rounds.begin(connection, code, on, EIGHT)


def test_a_round_that_runs_was_cut_short_or_failed_is_found_force_by_force(book):
    begun = {code: begin(code) for code in ("--", "45")}
    cut = {
        "round": "the round of Tue 17 Mar 2026 was cut short",
        "round:45": "the round of force 45 of Tue 17 Mar 2026 was cut short",
    }
    assert found() == cut
    with ExitStack() as held:
        held.enter_context(round_lock.whole())
        held.enter_context(round_lock.force_lock("45"))
        assert found() == {key: text.replace("was cut short", "is still running") for key, text in cut.items()}
    with transaction() as connection:
        rounds.finish(connection, begun["45"], EIGHT, {}, "ZeroDivisionError")
    assert found()["round:45"] == "the round of force 45 of Tue 17 Mar 2026 failed"


def test_todays_round_counts_from_seven_and_yesterdays_until_then(book):
    tomorrow = at_london(TODAY + timedelta(days=1))
    book.say("update sources set last_extracted_at = '2026-03-18T05:00Z'")
    assert found(tomorrow - timedelta(hours=1, microseconds=1)) == {}
    assert found(tomorrow - timedelta(hours=1)) == {"round": "the round of Wed 18 Mar 2026 has not begun"}


def test_a_force_that_came_after_yesterdays_round_is_not_missed_in_it(book):
    tomorrow = at_london(TODAY + timedelta(days=1))
    book.say("update sources set last_extracted_at = '2026-03-18T05:00Z'")
    book.say("""insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
                values ('niche-46', 'police', '{46}', '2026-03-18T05:30Z', '2026-03-18T05:00Z')""")
    assert found(tomorrow - timedelta(hours=2)) == {}
    assert list(found(tomorrow)) == ["round"]


def test_before_the_first_round_of_a_first_force_none_is_missed(book):
    book.say("delete from rounds")
    book.say("update sources set first_loaded_at = '2026-03-18T05:30Z', last_extracted_at = '2026-03-18T05:00Z'")
    assert found(at_london(TODAY + timedelta(days=1)) - timedelta(hours=2)) == {}


def test_an_expected_force_that_no_round_looks_at_is_found(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_FORCES", "45,46")
    assert found() == {"round:46": "the round of force 46 of Tue 17 Mar 2026 has not begun"}


def test_where_nothing_was_ever_loaded_the_book_is_not_accounted_for(database):
    assert list(found()) == ["forces", "round"]


def test_the_audit_can_write_nothing(connection):
    queries.read_only(connection)
    with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
        rounds.set_switch(connection, "x", "y", EIGHT)
