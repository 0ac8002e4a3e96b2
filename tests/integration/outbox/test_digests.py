"""Digests and standings, on a real book: one standing a week, and none to people who left or have no access."""

from email import message_from_bytes, policy
from threading import Thread

import pytest
from sqlalchemy import text

from config.days.london import at_london
from config.message_kinds import MessageKind
from config.settings import settings
from flows.configured import configured
from flows.round_steps import force_round, whole_round
from models.queries.outbox import digests
from models.queries.rounds import undone_messages
from tasks.carriers.mail.maildir import file_name
from tasks.outbox.digests import group
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase, away, contact
from tests.worlds.rows import AT_NINE, World


@pytest.fixture
def book(database, run_cli) -> OneCase:
    return OneCase(database, run_cli)


def whole(on):
    made = whole_round(configured(), day(on), at_london(day(on)))
    assert not faults(made)


def standings(book, ref):
    return book.ask(f"select day from messages where standing and contact_ref = '{ref}' order by day")


def test_an_obligation_that_becomes_overdue_in_the_week_waits_for_the_next_standing(book):
    for on in ("Mon 16 Mar 2026", "Tue 17 Mar 2026", "Wed 18 Mar 2026"):
        whole(on)
    assert standings(book, "SP1") == [day("Mon 16 Mar 2026")]
    assert standings(book, "P1") == []
    whole("Mon 23 Mar 2026")
    assert standings(book, "P1") == [day("Mon 23 Mar 2026")]


def test_a_missed_monday_is_made_up_for_once(book):
    for on in ("Wed 18 Mar 2026", "Tue 24 Mar 2026", "Wed 25 Mar 2026"):
        whole(on)
    assert standings(book, "SP1") == [day("Wed 18 Mar 2026"), day("Tue 24 Mar 2026")]


def test_who_has_left_is_given_no_standing(book):
    whole("Tue 17 Mar 2026")
    book.say("update contacts set active_to = '2026-03-20', changed = true where contact_ref in ('P1', 'SP1')")
    whole("Mon 23 Mar 2026")
    assert standings(book, "P1") == []
    assert standings(book, "SP1") == [day("Tue 17 Mar 2026")]


@pytest.mark.parametrize(
    ("active", "written"),
    [
        pytest.param({"active_from": day("Mon 16 Mar 2026")}, 1, id="from that day"),
        pytest.param({"active_from": day("Tue 17 Mar 2026")}, 0, id="from the next"),
        pytest.param({"active_to": day("Mon 16 Mar 2026")}, 1, id="to that day"),
        pytest.param({"active_to": day("Sun 15 Mar 2026")}, 0, id="to the day before"),
        pytest.param({"withdrawn_on": day("Tue 17 Mar 2026")}, 1, id="withdrawn the next day"),
        pytest.param({"withdrawn_on": day("Mon 16 Mar 2026")}, 0, id="withdrawn that day"),
    ],
)
def test_the_first_and_the_last_day_of_a_spoc_count_for_the_standing(database, active, written):
    monday = day("Mon 16 Mar 2026")
    with database.begin() as connection:
        World(connection).contact("sp9", roles=("spoc",), **active)
        assert (
            digests.standings(connection, monday, at_london(monday), settings().routes_of(MessageKind.LETTER))
            == written
        )


def test_a_week_brings_a_standing_of_what_its_reader_heard_of_and_of_no_other_duty_of_the_case(database):
    monday = day("Mon 16 Mar 2026")
    with database.begin() as connection:
        world = World(connection)
        world.contact("p9")
        case_id = world.case("C9")
        heard = world.obligation(
            case_id, due_on=day("Mon 2 Mar 2026"), escalate_on=day("Mon 9 Mar 2026"), last_step=1,
            ended_on=day("Wed 11 Mar 2026"), end_reason="met",
        )  # fmt: skip
        world.notification(heard, None, "p9", state="sent")
        other = {"due_on": day("Mon 2 Mar 2026"), "escalate_on": day("Mon 9 Mar 2026"), "last_step": 1}
        world.obligation(case_id, rule="supervisor-review", **other)
        routes = settings().routes_of(MessageKind.LETTER)
        assert digests.standings(connection, monday, at_london(monday), routes) == 0
        world.obligation(case_id, version=2, **other)
        assert digests.standings(connection, monday, at_london(monday), routes) == 1


def test_a_person_who_left_does_not_hear_of_the_end_and_the_others_do(book):
    whole("Thu 19 Mar 2026")
    book.say("update contacts set withdrawn_on = '2026-03-20' where contact_ref = 'P1'")
    book.say("update actions set status = 'done', closed_on = '2026-03-20'")
    book.changed()
    whole("Fri 20 Mar 2026")
    told = book.ask("select contact_ref from notifications where happening = 'resolved'")
    assert "SP1" in told
    assert "P1" not in told


def test_who_left_between_the_deciding_and_the_saying_is_not_written_to(book):
    at_six = at_london(day("Tue 17 Mar 2026")).replace(hour=6)
    whole_round(configured(), day("Tue 17 Mar 2026"), at_six)
    book.say("update contacts set withdrawn_on = '2026-03-17' where contact_ref = 'P1'")
    made = whole_round(configured(), day("Tue 17 Mar 2026"), at_london(day("Tue 17 Mar 2026")))
    assert not faults(made)
    assert book.ask("select state, reason from messages where contact_ref = 'P1'") == [
        ("silent", "its reader has left")
    ]


def test_a_restricted_at_once_message_is_in_no_thread_of_its_case(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-20", restricted=True)
    book.say("update contacts set restricted_access = true where contact_ref = 'SP1'")
    for on in ("Thu 19 Mar 2026", "Sat 21 Mar 2026"):
        whole(on)
    written = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (settings().home / "mail" / "new").glob("at_once*")
    ]
    open_to = ["45/1234" in mail.get_body(("plain",)).get_content() for mail in written]
    assert set(open_to) == {True, False}
    assert ["References" in mail for mail in written] == open_to


def test_nothing_is_put_into_a_message_that_a_delivery_holds(book):
    whole_round(configured(), day("Tue 17 Mar 2026"), at_london(day("Tue 17 Mar 2026")).replace(hour=6))
    book.say("update notifications set message_id = null where contact_ref = 'P1'")
    today = day("Tue 17 Mar 2026")
    with book.engine.connect() as delivering:
        delivering.exec_driver_sql("update messages set state = 'claimed' where contact_ref = 'P1'")
        grouping = Thread(target=group, args=(configured(), today, at_london(today)))
        grouping.start()
        grouping.join(0.5)
        delivering.commit()
        grouping.join(10)
    assert book.ask("select count(*) from notifications where contact_ref = 'P1' and message_id is not null") == [0]


def test_the_first_mailed_day_gives_a_standing_also_where_that_days_digest_was_shown(book):
    whole("Tue 17 Mar 2026")
    today = day("Tue 17 Mar 2026")
    with book.engine.begin() as connection:
        digests.standings(connection, today, at_london(today), settings().routes_of(MessageKind.LETTER))
    again = book.ask("select key from messages where contact_ref = 'SP1' and state = 'queued'")
    assert again == ["letter:SP1:email:2026-03-17:mailed"]


def test_an_end_is_not_told_when_the_same_is_owed_again_before_it_is_said(book):
    whole("Thu 19 Mar 2026")
    book.say("update actions set status = 'done', closed_on = '2026-03-20'")
    book.changed()
    whole_round(configured(), day("Fri 20 Mar 2026"), at_london(day("Fri 20 Mar 2026")).replace(hour=6))
    assert book.ask("select count(*) from notifications where happening = 'resolved'") != [0]
    book.say("update actions set status = 'pending', closed_on = null")
    book.changed()
    whole("Fri 20 Mar 2026")
    told = book.ask(
        "select distinct n.state, n.reason from notifications n join obligations o on o.id = n.obligation_id"
        " where happening = 'resolved' and o.rule = 'action'"
    )
    assert told == [("silent", "it is owed again")]


def test_a_hard_clock_whose_day_moved_is_said_again_to_everyone_on_the_first_mailed_day(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-31")
    whole("Tue 17 Mar 2026")
    book.say("update cases set bail_ends_on = '2026-03-30', oic_ref = 'S1'")
    book.changed()
    whole("Wed 18 Mar 2026")
    with book.engine.begin() as connection:
        assert digests.repeat_hard_clocks(connection, day("Thu 19 Mar 2026"))
    again = book.ask("select contact_ref from notifications where occasion = 'first mailed'")
    assert set(again) >= {"P1", "S1", "SP1"}


def test_a_hard_clock_that_was_shown_twice_is_said_again_once_and_as_it_was_last(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-31")
    whole("Tue 17 Mar 2026")
    book.say(
        """insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                                      contact_ref, channel, note, state)
           select obligation_id, 'handed_over', step, step_name, 'handed over', '2026-03-18', duty, manner, addressee,
                  contact_ref, channel, 'the newest note', state
           from notifications n join obligations o on o.id = n.obligation_id
           where o.rule = 'bail-end' and n.contact_ref = 'P1'"""
    )
    with book.engine.begin() as connection:
        assert digests.repeat_hard_clocks(connection, day("Thu 19 Mar 2026"))
    assert book.ask("select note from notifications where occasion = 'first mailed' and contact_ref = 'P1'") == [
        "the newest note"
    ]


def test_what_was_decided_and_never_grouped_is_made_up_for_on_the_next_day_also_at_a_weekend(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-23")
    force_round(configured(), "45", day("Fri 20 Mar 2026"), at_london(day("Fri 20 Mar 2026")))
    whole("Sat 21 Mar 2026")
    assert "P1" in book.ask("select contact_ref from messages where kind = 'at_once' and day = '2026-03-21'")


def test_what_is_urgent_at_a_weekend_goes_to_who_stands_in_that_day_though_it_was_decided_before(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-23")
    contact(book, "P9", "officer")
    book.say("update contacts set deputy_ref = 'P9' where contact_ref = 'P1'")
    force_round(configured(), "45", day("Fri 20 Mar 2026"), at_london(day("Fri 20 Mar 2026")))
    away(book, "P1", "2026-03-21", "2026-03-24")
    whole("Sat 21 Mar 2026")
    sent = """select m.contact_ref from messages m join notifications n on n.message_id = m.id
              where m.kind = 'at_once' and m.state = 'shown' and m.contact_ref in ('P1', 'P9')"""
    assert book.ask(sent) == ["P9"]


@pytest.mark.parametrize(
    ("due_on", "hard", "hour"),
    [("Sun 22 Mar 2026", True, 6), ("Mon 23 Mar 2026", True, 8), ("Sun 22 Mar 2026", False, 8)],
)
def test_only_a_clock_that_ends_before_the_next_working_day_is_said_at_night(database, due_on, hard, hour):
    saturday = day("Sat 21 Mar 2026")
    with database.begin() as connection:
        world = World(connection)
        ref = world.contact("P45of1")
        obligation = world.critical(world.case("SAMPLE-1"), due_on=day(due_on), hard=hard)
        world.notification(obligation, None, ref, manner="at_once", state="queued", day=saturday)
    group(configured(), saturday, at_london(saturday).replace(hour=6))
    with database.begin() as connection:
        due_at = connection.execute(text("select due_at from messages where kind = 'at_once'")).scalar_one()
    assert due_at == at_london(saturday).replace(hour=hour)


def test_limits_are_never_too_much_at_once_and_stand_in_the_next_letter_too(database, run_cli):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-21")
    for n in range(6):
        book.case(f"45/9{n}", suspect_status="bail", bail_ends_on="2026-03-21")
    book.changed()
    matters = """select count(*) from notifications n join messages m on m.id = n.message_id
                 where m.kind = 'at_once' and m.contact_ref = 'P1'"""
    for on, said in (("Fri 20 Mar 2026", 0), ("Sun 22 Mar 2026", 7), ("Mon 23 Mar 2026", 7)):
        whole(on)
        assert book.ask(matters) == [said], on
    assert book.ask("select count(*) from messages where kind = 'at_once' and contact_ref = 'P1'") == [1]
    letter = written_to("P1", "Mon 23 Mar 2026").partition("RAN OUT, OR WITHIN 7 DAYS")[2]
    assert all(f"45/45/9{n}" in letter for n in range(6)), "limits are never cut short"


def written_to(ref, on):
    found = settings().home / "mail" / "new" / file_name(f"letter:{ref}:email:{day(on).isoformat()}")
    mail = message_from_bytes(found.read_bytes(), policy=policy.default)
    return mail.get_body(("plain",)).get_content()


def test_who_acts_for_an_absent_spoc_is_told_the_standing_and_the_spoc_finds_it_on_return(book):
    whole("Thu 19 Mar 2026")
    book.say("update contacts set deputy_ref = 'S1' where contact_ref = 'SP1'")
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'SP1', '2026-03-23', '2026-03-27', id from sources"""
    )
    whole("Mon 23 Mar 2026")
    theirs = written_to("S1", "Mon 23 Mar 2026")
    assert "For the supervisor of Surrey (45).\nYou get this in place of the SPOC, who is away.\n" in theirs
    assert "45/45/1234\n  Stalled since " in theirs.partition("HOW THINGS STAND")[2]
    assert theirs.endswith("for the supervisor.\n")
    spocs = written_to("SP1", "Mon 23 Mar 2026")
    assert "For the SPOC of Surrey (45).\n" in spocs
    assert "in place of" not in spocs
    assert "45/45/1234\n  Stalled since " in spocs.partition("HOW THINGS STAND")[2]
    whole("Mon 30 Mar 2026")
    assert "HOW THINGS STAND" not in written_to("S1", "Mon 30 Mar 2026")


def test_a_deputy_reads_of_a_restricted_case_only_what_their_own_access_allows(book):
    whole("Thu 19 Mar 2026")
    book.say("update contacts set deputy_ref = 'S1', restricted_access = true where contact_ref = 'SP1'")
    book.say("update cases set restricted = true")
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'SP1', '2026-03-23', '2026-03-27', id from sources"""
    )
    whole("Mon 23 Mar 2026")
    assert "45/1234" in written_to("SP1", "Mon 23 Mar 2026")
    theirs = written_to("S1", "Mon 23 Mar 2026")
    assert "45/1234" not in theirs
    assert theirs.splitlines()[0].endswith("1 restricted case: ask a SPOC of your force who may read it.")


def test_the_weekly_standing_of_spocs_and_leads_names_the_duties_that_cannot_be_seen(book):
    book.say("update source_columns set state = 'lacking' where name in ('risk_assessed_on', 'victim_told_on')")
    whole("Mon 16 Mar 2026")
    line = "Cannot be seen for Surrey: risk assessments, orders told, victims told.\n"
    for ref in ("SP1", "L1", "CS1"):
        assert line in written_to(ref, "Mon 16 Mar 2026"), ref


def test_a_standing_tells_what_moved_since_the_last_one_by_the_facts_own_days(book):
    incident = {"occurred_on": "2026-03-11", "breach": False}
    book.belongs("incidents", incident_ref="I-1", reported_on="2026-03-12", **incident)
    for on in ("Mon 16 Mar 2026", "Thu 19 Mar 2026", "Mon 23 Mar 2026", "Mon 30 Mar 2026"):
        whole(on)
    assert "This is the first standing that you are sent." in written_to("SP1", "Mon 16 Mar 2026")
    assert "HOW THINGS STAND" not in written_to("SP1", "Thu 19 Mar 2026")
    book.belongs("incidents", incident_ref="I-2", reported_on="2026-04-01", **incident)
    whole("Tue 7 Apr 2026")
    said = written_to("SP1", "Tue 7 Apr 2026").partition("HOW THINGS STAND")[2]
    assert "The last one was of Mon 30 Mar." in said
    assert "Since Mon 30 Mar: new incident reported Wed 1 Apr.\n" in said


def test_a_standing_does_not_call_nothing_stalled_what_the_letter_tells_above(book):
    for on in ("Mon 16 Mar 2026", "Mon 23 Mar 2026"):
        whole(on)
    above, _, said = written_to("SP1", "Mon 23 Mar 2026").partition("HOW THINGS STAND")
    assert above.startswith("1 stalled case")
    assert "Every stalled case is among the above." in said


def test_a_standing_of_another_channel_is_none_that_this_one_told(book):
    whole("Mon 16 Mar 2026")
    book.say("update messages set channel = 'slack' where standing and contact_ref = 'SP1'")
    whole("Mon 23 Mar 2026")
    assert "This is the first standing that you are sent." in written_to("SP1", "Mon 23 Mar 2026")


def test_of_the_standings_that_fell_silent_only_those_that_joined_an_undone_digest_are_written_again(database):
    with database.begin() as connection:
        world = World(connection)
        joined = digests.joined(day("Mon 1 Mar 2027"))
        for ref, reason in (("s1", joined), ("s2", "its reader has left")):
            world.message(world.contact(ref, roles=("spoc",)), standing=True, state="silent", reason=reason)
        undone_messages.write_again(connection, 1, [joined], day("Tue 17 Mar 2026"), AT_NINE)
        queued = connection.execute(text("select contact_ref from messages where state = 'queued'")).scalars().all()
    assert queued == ["s1"]
