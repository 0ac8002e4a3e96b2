"""Addressees who leave, go on leave or hand a role on before delivery: the new readers, once, with the reason."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import force_round, whole_round
from tasks.outbox.delivery import deliver
from tasks.outbox.readdressing import readdress
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase, away, contact, left

TUESDAY = "Tue 17 Mar 2026"  # the action's `overdue` notice: to the owner and the supervisor
THURSDAY = "Thu 19 Mar 2026"  # its `critical` step: to the owner, the supervisor and the SPOC


@pytest.fixture
def book(monkeypatch, database, run_cli) -> OneCase:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return OneCase(database, run_cli)


def decide(on):
    """Run the round at six, whose messages leave from eight."""
    made = whole_round(configured(), day(on), at_london(day(on)).replace(hour=6))
    assert not faults(made)


def say(on):
    made = deliver(configured(), at_london(day(on)))
    assert not made.dead, made
    return made


def told(book, rule="action", step="overdue"):
    """The readers of a step of the action, each with the role in which they got it."""
    return book.ask(
        f"""select coalesce(n.contact_ref, 'operations'), n.state, n.note from notifications n
            join obligations o on o.id = n.obligation_id
            where o.rule = '{rule}' and n.step_name = '{step}' and n.state <> 'silent' order by 1, n.id"""
    )


def silent(book, rule="action"):
    return book.ask(
        f"""select n.contact_ref, n.reason from notifications n join obligations o on o.id = n.obligation_id
            where o.rule = '{rule}' and n.state = 'silent' order by n.id"""
    )


def test_the_deputy_of_one_who_goes_on_leave_is_told_instead_and_the_others_as_before(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1")
    say(TUESDAY)
    assert told(book) == [("P2", "shown", "standing in for the officer in the case"), ("S1", "shown", "")]
    assert silent(book) == [("P1", "its reader is away, and another stands in")]


def test_what_is_turned_to_another_is_in_their_one_digest_of_the_day(book):
    contact(book, "P2", "officer")
    book.case("45/2", oic_ref="P2")
    book.belongs("actions", case_ref="45/2", action_ref="A2", kind="WITNESS_STATEMENT", source="investigation",
                 owner_agency="police", status="pending", raised_on="2026-03-02")  # fmt: skip
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1")
    say(TUESDAY)
    assert book.ask("select kind, day from messages where contact_ref = 'P2' and state = 'shown'") == [
        ("letter", day(TUESDAY))
    ]
    cases = "select count(distinct o.case_id) from notifications n join obligations o on o.id = n.obligation_id"
    assert book.ask(f"{cases} where n.contact_ref = 'P2' and n.state = 'shown' and o.rule = 'action'") == [2]


def test_what_comes_too_late_for_the_days_digest_waits_for_the_next(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    book.say(
        """insert into messages (key, kind, contact_ref, channel, day, due_at, state)
           values ('letter:P2:email:2026-03-17', 'letter', 'P2', 'email', '2026-03-17', '2026-03-17T08:00Z', 'sent')"""
    )
    away(book, "P1")
    say(TUESDAY)
    assert told(book)[0][:2] == ("P2", "queued")
    decide("Wed 18 Mar 2026")
    say("Wed 18 Mar 2026")
    assert [line[:2] for line in told(book)] == [("P2", "shown"), ("S1", "shown")]


def test_who_has_left_passes_to_who_was_told_anyway_who_is_told_once_and_why(book):
    decide(TUESDAY)
    left(book, "P1")
    say(TUESDAY)
    assert told(book) == [("S1", "shown", "the officer in the case has left")]
    assert silent(book) == [("P1", "its reader has left")]
    assert book.ask("select state, reason from messages where contact_ref = 'P1'") == [
        ("silent", "its reader has left")
    ]


def test_a_new_officer_in_the_case_is_told_and_not_once_more_by_the_next_round(book):
    contact(book, "P2", "officer")
    decide(TUESDAY)
    book.say("update cases set oic_ref = 'P2'")
    book.changed()
    say(TUESDAY)
    assert told(book) == [("P2", "shown", ""), ("S1", "shown", "")]
    decide("Wed 18 Mar 2026")
    say("Wed 18 Mar 2026")
    assert told(book) == [("P2", "shown", ""), ("S1", "shown", "")]


def test_the_one_who_is_back_from_leave_is_told_the_present_step_once(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1", last="2026-03-17")
    say(TUESDAY)
    for on in ("Wed 18 Mar 2026", "Thu 19 Mar 2026"):
        decide(on)
        say(on)
    heard = book.ask(
        """select n.day, n.happening, n.step_name from notifications n join obligations o on o.id = n.obligation_id
           where o.rule = 'action' and n.contact_ref = 'P1' and n.state = 'shown' order by n.id"""
    )
    assert heard == [
        (day("Wed 18 Mar 2026"), "handed_over", "overdue"),
        (day("Thu 19 Mar 2026"), "step", "critical"),
    ]


def test_a_new_spoc_is_told_and_the_old_one_who_is_still_here_is_not(book):
    decide(THURSDAY)
    book.say("update contacts set roles = '{officer}' where contact_ref = 'SP1'")
    contact(book, "SP2", "spoc")
    say(THURSDAY)
    assert [line[:2] for line in told(book, step="critical")] == [("P1", "shown"), ("S1", "shown"), ("SP2", "shown")]
    assert ("SP1", "it is for someone else now") in silent(book)


@pytest.mark.parametrize(
    ("gone", "hears", "why"),
    [
        (["SP1"], "L1", "no police SPOC is recorded"),
        (["SP1", "L1"], "operations", "no police SPOC is recorded; no police lead is recorded"),
    ],
)
def test_where_nobody_is_recorded_the_lead_and_then_operations_are_told_in_words(book, gone, hears, why):
    decide(THURSDAY)
    for ref in gone:
        left(book, ref)
    say(THURSDAY)
    assert (hears, "shown", why) in told(book, step="critical")
    assert [line[0] for line in told(book, step="critical")] == sorted(["P1", "S1", hears])


def test_one_who_is_away_with_nobody_to_stand_in_is_told_all_the_same_and_the_next_too(book):
    decide(THURSDAY)
    away(book, "SP1")
    say(THURSDAY)
    assert told(book, step="critical") == [
        ("L1", "shown", "the police SPOC is away and has no deputy"),
        ("P1", "shown", ""),
        ("S1", "shown", ""),
        ("SP1", "shown", ""),
    ]
    assert silent(book) == []
    decide("Fri 20 Mar 2026")
    say("Fri 20 Mar 2026")
    assert len(told(book, step="critical")) == 4


def test_the_next_in_line_who_hears_of_it_anyway_is_told_why_and_once(book):
    decide(TUESDAY)
    away(book, "P1")
    for on in (TUESDAY, "Wed 18 Mar 2026"):
        say(on)
        decide("Wed 18 Mar 2026")
    assert told(book) == [("P1", "shown", ""), ("S1", "shown", "the officer in the case is away and has no deputy")]


def test_deputies_of_deputies_are_followed_three_times_and_no_further(book):
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    for ref, deputy in (("P2", "P3"), ("P3", "P4"), ("P4", "P1")):
        contact(book, ref, "officer", deputy_ref=deputy)
    decide(TUESDAY)
    for ref in ("P1", "P2", "P3"):
        away(book, ref)
    say(TUESDAY)
    assert told(book)[0] == ("P4", "shown", "standing in for the officer in the case")
    for on in ("Wed 18 Mar 2026", THURSDAY):
        decide(on)
        say(on)
    away(book, "P4", "2026-03-26")
    decide("Thu 26 Mar 2026")  # now the deputies form a circle
    say("Thu 26 Mar 2026")
    assert {ref for ref, *_ in told(book, step="unresolved")} >= {"P1", "S1"}
    assert not {ref for ref, *_ in told(book, step="unresolved")} & {"P2", "P3", "P4"}


def test_what_cannot_wait_goes_to_the_deputy_in_their_letter(book):
    contact(book, "L2", "officer")
    book.say("update contacts set deputy_ref = 'L2' where contact_ref = 'L1'")
    for on in ("Thu 19 Mar 2026", "Fri 20 Mar 2026"):
        decide(on)
        say(on)
    decide("Thu 26 Mar 2026")
    away(book, "L1")
    say("Thu 26 Mar 2026")
    told_at_once = """select n.contact_ref from notifications n join messages m on m.id = n.message_id
                      where n.manner = 'at_once' and n.state = 'shown' and m.day = '2026-03-26'
                      and m.kind = 'letter'"""
    assert {"L1", "L2"} & set(book.ask(told_at_once)) == {"L2"}


def test_what_cannot_wait_goes_to_the_deputy_by_itself_where_there_is_no_letter(monkeypatch, database, run_cli):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-21")
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    for on in (THURSDAY, "Fri 20 Mar 2026"):
        decide(on)
        say(on)
    force_round(configured(), "45", day("Sun 22 Mar 2026"), at_london(day("Sun 22 Mar 2026")))
    away(book, "P1")
    decide("Sun 22 Mar 2026")
    urgent = "select contact_ref from messages where kind = 'at_once' and state = 'shown' and day = '2026-03-22'"
    assert {"P1", "P2"} & set(book.ask(urgent)) == {"P2"}


def test_a_restricted_case_is_counted_for_a_deputy_without_access_and_named_to_nobody_else(book):
    book.say("update cases set restricted = true")
    book.say("update contacts set restricted_access = true where contact_ref = 'P1'")
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1")
    say(TUESDAY)
    assert told(book)[0] == ("P2", "shown", "standing in for the officer in the case")
    (mail,) = (settings().home / "mail" / "new").glob("letter=3AP2=3A*")
    words = mail.read_text("utf-8")
    assert "1 restricted case" in words
    assert "45/1234" not in words


def test_deliveries_at_once_turn_it_to_one_person_once(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1")
    with ThreadPoolExecutor(4) as at_once:
        turned = list(at_once.map(lambda _: readdress(configured(), at_london(day(TUESDAY)), day(TUESDAY)), range(4)))
    assert len([number for number in turned if number]) == 1
    say(TUESDAY)
    assert [line[:2] for line in told(book)] == [("P2", "shown"), ("S1", "shown")]
    assert book.ask("select state, reason from messages where contact_ref = 'P1'") == [
        ("silent", "all of it goes to others now")
    ]


def test_whom_a_later_round_told_already_is_not_told_by_what_waited_since_before(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1", "2026-03-18")
    decide("Wed 18 Mar 2026")
    say("Wed 18 Mar 2026")
    assert told(book) == [("P2", "shown", "standing in for the officer in the case"), ("S1", "shown", "")]
    assert ("P1", "its reader is away, and another stands in") in silent(book)


def test_on_a_day_off_what_is_turned_waits_for_the_next_working_days_digest(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(THURSDAY)
    away(book, "P1", "2026-03-21")
    say("Sat 21 Mar 2026")
    assert book.ask("select count(*) from messages where day = '2026-03-21'") == [0]
    assert ("P2", "queued", "standing in for the officer in the case") in told(book, step="critical")
    decide("Mon 23 Mar 2026")
    say("Mon 23 Mar 2026")
    assert ("P2", "shown", "standing in for the officer in the case") in told(book, step="critical")
    assert len(told(book, step="critical")) == 3


def test_the_lapse_of_a_promise_is_redirected_too_and_marked_as_such(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    for on in (TUESDAY, "Wed 18 Mar 2026", THURSDAY):
        decide(on)
        say(on)
    assert book.acknowledge(THURSDAY, "Mon 23 Mar 2026").code == 0
    decide("Tue 24 Mar 2026")
    away(book, "P1")
    say("Tue 24 Mar 2026")
    lapsed = book.ask(
        """select contact_ref, note from notifications
           where happening = 'lapsed' and state = 'shown' and addressee = 'owner'"""
    )
    assert lapsed == [("P2", "promise lapsed; standing in for the officer in the case")]


def test_the_lapse_of_a_promise_is_news_to_a_person_who_heard_of_the_step_before(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    away(book, "P1", "2026-03-19", "2026-03-19")
    for on in (TUESDAY, "Wed 18 Mar 2026", THURSDAY):
        decide(on)
        say(on)
    assert ("P2", "shown", "standing in for the officer in the case") in told(book, step="critical")
    assert book.acknowledge(THURSDAY, "Mon 23 Mar 2026").code == 0
    book.say("update obligations set addressed = '{P1}' where rule = 'action'")
    decide("Tue 24 Mar 2026")
    away(book, "P1", "2026-03-24")
    say("Tue 24 Mar 2026")
    assert book.ask(
        """select contact_ref from notifications
           where happening = 'lapsed' and state = 'shown' and addressee = 'owner'"""
    ) == ["P2"]


def test_explain_tells_who_was_not_told_and_why(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    away(book, "P1")
    say(TUESDAY)
    words = book.explain(TUESDAY).out
    assert "to P1 as whoever owes it by email: not said (its reader is away, and another stands in)" in words
    assert "to P2 as whoever owes it by email: shown in the Maildir, not mailed (standing in for the officer" in words


def test_what_has_ended_or_sleeps_is_turned_to_nobody(book):
    contact(book, "P2", "officer")
    book.say("update contacts set deputy_ref = 'P2' where contact_ref = 'P1'")
    decide(TUESDAY)
    assert book.acknowledge(TUESDAY, "Tue 24 Mar 2026").code == 0
    away(book, "P1")
    say(TUESDAY)
    assert told(book) == []
    assert {reason for _, reason in silent(book)} == {"acknowledged until Tue 24 Mar 2026"}


def test_what_falls_to_one_who_was_told_of_the_step_on_an_earlier_day_is_not_said_again(book):
    contact(book, "P2", "officer")
    decide(TUESDAY)
    say(TUESDAY)
    book.say("update cases set oic_ref = 'P2'")
    book.changed()
    decide("Wed 18 Mar 2026")
    assert ("P2", "queued", "") in told(book)
    left(book, "P2", "2026-03-17")
    say("Wed 18 Mar 2026")
    assert told(book) == [("P1", "shown", ""), ("S1", "shown", "")]
    assert silent(book) == [("P2", "its reader has left")]
