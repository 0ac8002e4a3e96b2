"""The way back from a round of a day that had not come: what becomes of facts, answers, places and messages."""

import json
from datetime import date

import pytest

from config.days.london import at_london
from config.doors import Door
from config.terms import EndReason
from flows.configured import configured
from flows.round_steps import whole_round
from models.errors import Refuse
from models.queries.replies import replies
from models.queries.rounds import rounds, undoing
from models.rules.people.act import Act
from tasks.obligations import escalation
from tasks.outbox import handling
from tasks.rounds.undo_rounds import UndoRequest, undo
from tests.worlds.days import day
from tests.worlds.panels import FRIDAY, MONDAY, TUESDAYS, WRONG


def test_an_undone_round_leaves_everything_as_it_was(world):
    before = world.state()
    world.whole(WRONG)
    assert world.state() != before
    said = world.undone()
    assert world.state() == before
    assert said.startswith("Undone by L1, because the day had not come: the round of Mon 1 Mar 2027.\n")


def test_what_a_wrong_round_told_of_coverage_is_told_again_and_what_was_told_before_it_is_not(world):
    told = """insert into switches (name, value, set_at, set_by) values ('coverage', '[]', :at, 'casebeat')
              on conflict (name) do update set set_at = excluded.set_at"""
    for at, kept in (("2026-03-16T00:30Z", 1), ("2027-03-01T09:00Z", 0)):
        world.whole(WRONG)
        world.say(told, at=at)
        world.undone()
        assert world.ask("select count(*) from switches where name = 'coverage'") == [kept]


def test_several_wrong_rounds_are_undone_together(world):
    before = world.state()
    world.whole(WRONG)
    world.whole("Tue 2 Mar 2027")
    assert "the round of Mon 1 Mar 2027 and that of Tue 2 Mar 2027." in world.undone()
    assert world.state() == before


def test_a_duty_that_ran_by_itself_on_a_wrong_day_is_undone_too(world):
    before = world.state()
    escalation.escalate(configured(), "45", day(WRONG))
    assert world.state() != before
    world.undone()
    assert world.state() == before
    assert world.undo().out == "These rounds were undone on Mon 16 Mar 2026. Nothing was done.\n"


def test_each_undoing_keeps_its_own_account(world):
    for days in (("Mon 1 Mar 2027",), ("Mon 1 Mar 2027", "Tue 2 Mar 2027")):
        for on in days:
            world.whole(on)
        world.undone()
    first, second = world.ask("select (account ->> 'rounds')::int from undoings order by id")
    assert (first, second) == (second // 2, 2 * first)
    assert first > 0


def test_a_second_call_says_so_and_changes_nothing(world):
    world.whole(WRONG)
    world.undone()
    before = (world.state(), world.ask("select count(*) from audit"), world.ask("select count(*) from messages"))
    ran = world.undo()
    assert (ran.code, ran.out) == (0, "These rounds were undone on Mon 16 Mar 2026. Nothing was done.\n")
    assert (
        world.state(),
        world.ask("select count(*) from audit"),
        world.ask("select count(*) from messages"),
    ) == before


def test_the_account_is_printed_as_one_object_for_machines(world):
    world.whole(WRONG)
    told = json.loads(world.undo(MONDAY, MONDAY, "L1", "--json").out)
    assert told["days"] == ["2027-03-01"]
    assert told["undone_before_on"] is None
    assert told["steps"] > 0
    assert json.loads(world.undo(MONDAY, MONDAY, "L1", "--json").out) == {
        "days": [], "undone_before_on": "2026-03-16",
    }  # fmt: skip


LAST = "Name the last day that has: --after 2026-03-16. Nothing was done."


@pytest.mark.parametrize(
    ("after", "by", "said"),
    [
        ("Sun 15 Mar 2026", "L1", f"days that have not come can be undone, and all of them together. {LAST}"),
        ("Tue 2 Mar 2027", "L1", LAST),
        (MONDAY, "X9", "X9 is not a known contact who is active on Mon 16 Mar 2026. Nothing was done."),
        (MONDAY, "P1", "P1 is neither a lead nor a SPOC: one of them has to ask for it. Nothing was done."),
    ],
)
def test_what_is_refused_changes_nothing(world, after, by, said):
    world.whole(WRONG)
    before = world.state()
    ran = world.undo(MONDAY, after, by)
    assert ran.code == 2
    assert said in ran.err
    assert world.state() == before
    assert world.ask("select count(*) from undoings") == [0]


def test_where_no_wrong_round_ran_there_is_nothing_to_undo(world):
    ran = world.undo()
    assert ran.code == 2
    assert "No round ran after Mon 16 Mar 2026: there is nothing to undo. Nothing was done." in ran.err


def test_a_day_that_has_come_meanwhile_is_a_round_like_any_other(world):
    world.whole(FRIDAY)
    ran = world.undo(FRIDAY, MONDAY)
    assert ran.code == 2
    assert "Name the last day that has: --after 2026-03-20." in ran.err


def test_an_undone_round_does_not_stop_the_next_ones(world):
    world.whole(WRONG)
    ran = world.cli("run", "--as-of", "2026-03-17")
    assert ran.code == 2
    world.undone()
    world.say("update sources set last_extracted_at = '2026-03-17T05:00Z'")
    assert world.cli("run", "--as-of", "2026-03-17").code == 0


def test_when_the_wrong_day_comes_its_steps_are_taken_and_said(world):
    """The keys of steps, notifications and messages are of ids and days: those of the undone round are free again."""
    said = """select regexp_replace(key, '^at_once:[0-9]+', 'at_once') from messages
              where day = '2027-03-01' and state <> 'void' and kind <> 'invitation' order by 1"""
    world.whole(WRONG)
    first = world.ask(said)
    world.undone()
    assert world.ask(said) == []
    world.whole(WRONG)
    assert world.ask(said) == first
    assert any(key.startswith("letter:") for key in first)


def test_a_letter_of_a_used_key_has_a_name_of_its_own(world):
    """The mailboxes that got the first letter would drop a second of the same Message-ID."""
    world.whole(WRONG)
    letters = set(_names(world))
    world.undone()
    world.whole(WRONG)
    shown = world.ask("select 1 from messages where kind = 'letter' and day = '2027-03-01' and state = 'shown'")
    assert len(set(_names(world)) - letters) >= len(shown) > 0


def _names(world):
    folder = world.folder / "home" / "mail" / "new"
    return [path.name for path in folder.iterdir()]


def test_a_promise_that_lapsed_in_the_wrong_round_stands_again(world):
    assert world.acknowledge(MONDAY, FRIDAY, what="risk-assessment").code == 0
    before = world.promises()
    world.whole(WRONG)
    assert world.promises() != before
    world.undone()
    assert world.promises() == before
    world.whole("Tue 17 Mar 2026")
    assert world.promises() == before


def test_a_promise_made_on_the_wrong_day_runs_from_the_real_one(world):
    world.whole(WRONG)
    assert world.acknowledge(WRONG, "Wed 3 Mar 2027").code == 0
    world.undone()
    assert world.ask("select made_on, until_on, ended_on from promises") == [
        (day(MONDAY), day("Wed 18 Mar 2026"), None),
    ]  # fmt: skip
    assert world.ask("select o.rule, o.ended_on from obligations o join promises p on p.obligation_id = o.id") == [
        ("action", None)
    ]


def test_a_promise_about_what_began_on_the_wrong_day_keeps_it_alive(world):
    world.action("A2", raised_on="2026-03-10")
    world.whole(WRONG)
    assert world.acknowledge(WRONG, "Wed 3 Mar 2027", what="action/action:A2").code == 0
    world.undone()
    kept = "select version, began_on, ended_on, last_step from obligations where subject = 'action:A2'"
    assert world.ask(kept) == [(1, day(MONDAY), None, 0)]
    world.whole("Tue 17 Mar 2026")
    assert world.ask(kept) == [(1, day(MONDAY), None, 0)]
    assert world.ask("select ended_on from promises") == [None]


def test_what_is_owed_by_new_facts_begins_again_with_its_real_day(world):
    world.action("A2", raised_on="2026-03-10")
    world.say("update actions set status = 'done', closed_on = '2026-03-13' where action_ref = 'A1'")
    world.whole(WRONG)
    world.undone()
    world.whole("Tue 17 Mar 2026")
    asked = """select subject, version, began_on, end_reason from obligations
               where rule = 'action' and end_reason is distinct from 'void' order by 1"""
    assert world.ask(asked) == [
        ("action:A1", 1, day(MONDAY), "met"), ("action:A2", 1, day("Tue 17 Mar 2026"), None),
    ]  # fmt: skip


def test_an_action_reported_on_the_wrong_day_stays_done_by_the_real_one(world):
    world.whole(WRONG)
    reported = ("complete-action", "45/45/1234", "A1", "--by", "P1", "--on", "2027-03-01", "--as-of", "2027-03-01")
    assert world.cli(*reported).code == 0
    world.undone()
    assert world.ask("select status, closed_on from actions") == [("done", day(MONDAY))]
    assert world.ask("select done_on, made_on from completions") == [(day(MONDAY), day(MONDAY))]


def test_a_sitting_that_seemed_over_has_its_cases_back(world):
    owed = "select count(*) from obligations where rule = 'outcome-unrecorded' and ended_on is null"
    before = (world.where(), world.ask(owed))
    assert before[0]
    world.whole(WRONG)
    assert (world.where(), world.ask(owed)) != before
    world.undone()
    assert (world.where(), world.ask(owed)) == before
    assert {end for _, _, end in world.history("45/1234")} == {None, "void"}


def test_an_outcome_of_a_sitting_that_has_not_come_is_none(world):
    (sitting,) = world.ask(
        """select s.ref from convenings v join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id
           where k.case_ref = '45/1234' and v.ended_on is null"""
    )
    before = world.where()
    world.whole("Mon 30 Mar 2026")
    recorded = ("record-review", sitting, "45/45/1234", "--held", "--police", "--cps", "--decision", "continue",
                "--by", "SP1", "--as-of", "2026-03-30")  # fmt: skip
    ran = world.cli(*recorded)
    assert ran.code == 0, ran.err
    world.undone()
    assert world.where() == before
    assert world.ask("select stands from outcomes") == [False]
    assert world.ask("select withdrawn_on from reviews") == [day(MONDAY)]


def test_an_outcome_that_an_extract_told_stays_with_the_real_day(world):
    ((sitting, sits),) = world.ask(
        """select s.ref, s.day from convenings v join sittings s on s.id = v.sitting_id
           join case_keys k on k.id = v.case_id where k.case_ref = '45/1234' and v.ended_on is null"""
    )
    after = f"{sits:%a} {sits.day} {sits:%b %Y}"
    world.whole(after)
    world.belongs("reviews", review_ref="R1", kind="joint", held_on=sits, police_attended=True, cps_attended=True)
    world.whole("Mon 30 Mar 2026")
    world.undone(after, after)
    told = 'select s.ref, o.held, o.recorded_on, o.stands, v.ended_on, v."end" from outcomes o '
    told += "join convenings v on v.id = o.convening_id join sittings s on s.id = v.sitting_id"
    assert world.ask(told) == [(sitting, True, sits, True, sits, "held")]
    world.whole("Wed 18 Mar 2026")
    assert len(world.ask(told)) == 1


def test_who_will_have_left_by_the_wrong_day_has_not_left(world):
    world.say("update contacts set active_to = '2026-12-31' where contact_ref in ('SP1', 'CS1', 'C1')")
    world.whole("Tue 17 Mar 2026")
    before = world.state()
    world.whole(WRONG)
    world.undone("Tue 17 Mar 2026", "Tue 17 Mar 2026")
    assert world.state() == before


def test_a_sitting_cancelled_in_the_wrong_round_takes_place(world):
    before = (world.sittings(), world.where())
    world.panels()
    world.whole("Tue 17 Mar 2026")
    assert world.sittings() != before[0]
    world.panels(TUESDAYS)
    world.undone()
    assert (world.sittings(), world.where()) == before


def test_a_sitting_planned_too_early_keeps_its_reference_for_its_time(world):
    before = world.sittings()
    world.whole(WRONG)
    early = [ref for ref in world.sittings() if ref not in before]
    assert early
    world.undone()
    assert world.sittings() == before
    world.whole(WRONG)
    assert set(early) <= set(world.sittings())
    assert world.ask("select count(*) from sittings where ref like '%-2'") == [0]


def test_an_agenda_of_the_wrong_day_is_made_again_in_its_time(world):
    world.whole("Mon 23 Mar 2026")
    made = "select count(*) from agendas where undoing_id is null and day = '2026-03-24'"
    assert world.ask(made) == [1]
    world.undone()
    assert world.ask(made) == [0]
    world.whole("Mon 23 Mar 2026")
    assert world.ask(made) == [1]


def test_the_weekly_standing_and_the_gaps_are_those_of_the_last_day(world):
    switches = """select name, value from switches where name in ('standing', 'gaps', 'capacity') and value <> '{}'
                  order by 1"""
    before = world.ask(switches)
    assert before
    world.whole(WRONG)
    assert world.ask(switches) != before
    world.undone()
    assert world.ask(switches) == before


def test_what_waited_from_a_day_before_is_said_in_the_next_letter(world):
    """A letter that was never sent joined the wrong one: its notifications wait again."""
    handling.hold("L1", at_london(day("Tue 17 Mar 2026")))
    whole_round(configured(), day("Tue 17 Mar 2026"), at_london(day("Tue 17 Mar 2026")))
    waiting = "select count(*) from notifications where state = 'queued' and day <= '2026-03-17'"
    (number,) = world.ask(waiting)
    handling.release("L1")
    world.whole(WRONG)
    assert world.ask(waiting) == [0]
    world.undone("Tue 17 Mar 2026", "Tue 17 Mar 2026")
    assert world.ask(waiting + " and message_id is null") == [number]
    assert number


def test_while_a_message_of_the_wrong_day_is_being_sent_nothing_is_undone(world):
    world.whole(WRONG)
    world.say(
        """update messages set state = 'sending', lease_token = gen_random_uuid(),
                  lease_until = now() + interval '5 minutes'
           where id = (select min(id) from messages where day = '2027-03-01' and kind = 'letter')"""
    )
    with world.engine.connect() as holder:
        (token,) = world.ask("select lease_token from messages where state = 'sending'")
        key = token.int >> 64
        holder.exec_driver_sql(f"select pg_advisory_lock({key - 2**64 if key >= 2**63 else key})")
        with pytest.raises(Refuse, match=r"being sent at this moment \(1\): .* casebeat outbox --hold"):
            undo(
                configured(),
                UndoRequest(day(MONDAY), "L1"),
                Act("L1", Door.COMMAND, "x"),
                day(MONDAY),
                at_london(day(MONDAY)),
            )
        holder.exec_driver_sql("select pg_advisory_unlock_all()")
    world.undone()  # its worker has died: nobody sends it any more


def test_a_message_sent_today_while_the_undoing_waits_for_its_locks_stays_sent(world):
    world.whole(WRONG)
    world.say("update messages set sending_at = '2026-03-16T21:00Z' where day = '2026-03-16' and kind = 'letter'")
    before = world.ask("select key, state from messages where day = '2026-03-16' and kind = 'letter' order by 1")
    assert before
    world.undone()
    assert (
        world.ask("select key, state from messages where day = '2026-03-16' and kind = 'letter' order by 1") == before
    )


def test_a_letter_of_a_day_before_that_was_sent_in_the_wrong_round_is_said_again(world):
    """It was composed as of the wrong day."""
    world.say("update messages set sending_at = '2027-03-01T08:00Z' where day = '2026-03-16' and kind = 'letter'")
    world.whole(WRONG)
    world.undone()
    assert world.ask(
        "select count(*) from messages where day = '2026-03-16' and kind = 'letter' and state <> 'void'"
    ) == [0]
    waits = """select count(*) from notifications where day = '2026-03-16' and manner = 'digest' and state = 'queued'
               and message_id is null"""
    assert world.ask(waits) != [0]


def test_an_answer_to_a_letter_of_a_void_version_finds_the_live_one(world):
    """The version that the wrong letter was about is void; what stands in its place is found by its id."""
    world.say("update actions set due_on = '2026-03-30' where action_ref = 'A1'")
    world.changed()
    world.whole(WRONG)
    (moved,) = world.ask("select id from obligations where rule = 'action' and version = 2")
    world.undone()
    (live,) = world.ask("select id from obligations where rule = 'action' and ended_on is null")
    with world.engine.begin() as connection:
        assert replies.carried_on(connection, moved) == live
        assert replies.version(connection, moved).end_reason is EndReason.VOID


def test_explain_shows_void_steps_with_their_reason(world):
    world.whole(WRONG)
    world.undone()
    said = world.explain(MONDAY).out
    assert "Mon 1 Mar 2027: notice to the lead void (taken: undone on Mon 16 Mar 2026)" in said


def test_the_audit_has_who_and_when_and_each_step(world):
    world.whole(WRONG)
    (steps,) = world.ask("select count(*) from steps where on_day = '2027-03-01'")
    world.undone()
    assert world.ask(
        "select by, verb, reason, detail ->> 'after', detail -> 'days' from audit where about = 'rounds'"
    ) == [("L1", "alteration", "undo-rounds", "2026-03-16", ["2027-03-01"])]
    assert world.ask("select count(*) from audit where about = 'step' and reason = 'void'") == [steps]
    assert world.ask("select by_ref, after_on, undone_on from undoings") == [
        ("L1", date(2026, 3, 16), date(2026, 3, 16))
    ]


def test_the_rounds_to_undo_are_named_by_day_and_then_by_force(database):
    days = [day("Mon 1 Mar 2027"), day("Tue 2 Mar 2027")]
    with database.begin() as connection:
        for force_code in ("46", "45", "43"):
            for on in reversed(days):
                rounds.begin(connection, force_code, on, at_london(on))
        found = undoing.rounds_after(connection, day(FRIDAY))
    assert found == [(force_code, on) for on in days for force_code in ("43", "45", "46")]
