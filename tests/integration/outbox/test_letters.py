"""One letter a person, channel and day: what joins it, what travels in it, and what becomes of that with the letter."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from tasks.carriers.mail.maildir import file_name
from tasks.messages.agenda import send_agendas
from tasks.obligations import transfers
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tasks.outbox.digests import group
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.rows import World
from tests.worlds.sittings import convene, sitting

THURSDAY, FRIDAY, SATURDAY, MONDAY = "Thu 19 Mar 2026", "Fri 20 Mar 2026", "Sat 21 Mar 2026", "Mon 23 Mar 2026"
REF = "45-south-east-2026-03-24"  # its agenda goes out on Thursday


@pytest.fixture
def book(monkeypatch, database, run_cli) -> OneCase:
    """A case listed for a meeting on Tuesday."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.round("Mon 16 Mar 2026")
    sitting(made, "Tue 24 Mar 2026")
    convene(made, REF)
    return made


def decided(on, hour=6):
    """A round's agenda and letters, at this hour."""
    at = at_london(day(on)).replace(hour=hour)
    send_agendas.send(configured(), day(on), at)
    group(configured(), day(on), at)


def say(on, hour=8):
    return deliver(configured(), at_london(day(on)).replace(hour=hour))


def rows(book, kind, ref="SP1"):
    return book.ask(f"select state, reason from messages where kind = '{kind}' and contact_ref = '{ref}' order by id")


def mail(key):
    found = settings().home / "mail" / "new" / file_name(key)
    return message_from_bytes(found.read_bytes(), policy=policy.default)


def letters(book, ref):
    """The day and kind of each mail that a person got, their calendar aside."""
    return book.ask(
        f"""select day, kind from messages
            where contact_ref = '{ref}' and state = 'shown' and letter_id is null and kind <> 'invitation'
            order by id"""
    )


def test_an_agenda_travels_in_its_readers_letter(book):
    decided(THURSDAY)
    assert say(THURSDAY).counts.keys() == {"shown"}
    assert rows(book, "agenda") == rows(book, "letter") == [("shown", "no mail.host: written to the Maildir")]
    letter = mail("letter:SP1:email:2026-03-19")
    assert [part.get_filename() for part in letter.iter_attachments()][-2:] == [
        f"agenda-{REF}.html",
        f"agenda-{REF}.csv",
    ]
    assert "agenda" in letter.get_body(("plain",)).get_content()
    assert letters(book, "SP1") == [(day(THURSDAY), "letter")], "and nothing beside it"


def test_what_travels_in_a_letter_falls_silent_by_itself_and_the_letter_goes(book):
    decided(THURSDAY)
    book.say("update sittings set cancelled_on = '2026-03-19'")
    say(THURSDAY)
    ((state, reason),) = rows(book, "agenda")
    assert state == "silent"
    assert reason
    assert rows(book, "letter")[0][0] == "shown"
    assert not list(mail("letter:SP1:email:2026-03-19").iter_attachments())


def test_a_letter_that_dies_takes_what_it_holds_along_and_both_come_back(book):
    book.say("update contacts set email = 'robin@elsewhere.test' where contact_ref = 'SP1'")
    decided(THURSDAY)
    say(THURSDAY)
    assert [state for state, _ in rows(book, "agenda") + rows(book, "letter")] == ["dead", "dead"]
    book.say("update contacts set email = 'robin@surrey.police.uk' where contact_ref = 'SP1'")
    handling.requeue("letter:SP1:email:2026-03-19", at_london(day(THURSDAY)))
    say(THURSDAY, hour=9)
    assert [state for state, _ in rows(book, "agenda") + rows(book, "letter")] == ["shown", "shown"]


def test_a_letter_that_could_not_leave_hands_what_it_holds_to_the_next_days(book):
    decided(THURSDAY)
    decided(FRIDAY)
    say(FRIDAY)
    assert [state for state, _ in rows(book, "letter")] == ["silent", "shown"]
    assert "shown" in {state for state, _ in rows(book, "agenda")}
    assert f"agenda-{REF}.html" in {
        part.get_filename() for part in mail("letter:SP1:email:2026-03-20").iter_attachments()
    }


def test_what_comes_after_the_letter_has_left_waits_for_the_next(book):
    at = at_london(day(THURSDAY)).replace(hour=6)
    group(configured(), day(THURSDAY), at)
    say(THURSDAY)
    decided(THURSDAY, hour=10)
    say(THURSDAY, hour=11)
    assert letters(book, "SP1") == [(day(THURSDAY), "letter")]
    assert rows(book, "agenda") == [("queued", "")]
    decided(FRIDAY)
    say(FRIDAY)
    assert letters(book, "SP1") == [(day(THURSDAY), "letter"), (day(FRIDAY), "letter")]
    assert rows(book, "agenda")[0][0] == "shown"


def test_what_a_letter_would_hold_is_no_mail_of_its_own_on_a_day_off(book):
    book.say(
        "update cases set finalised_on = '2026-03-21', finalised_reason = 'transferred', "
        "transfer_seen_on = '2026-03-21'"
    )
    at = at_london(day(SATURDAY)).replace(hour=9)
    transfers.notify(configured(), day(SATURDAY), at)
    assert rows(book, "transfer") == [("queued", "")]
    group(configured(), day(SATURDAY), at)
    say(SATURDAY, hour=10)
    assert rows(book, "transfer") == [("queued", "")]
    decided(MONDAY)
    say(MONDAY)
    assert rows(book, "transfer")[0][0] == "shown"
    assert "transferred to another force" in mail("letter:SP1:email:2026-03-23").get_body(("plain",)).get_content()


def test_to_operations_each_stays_a_mail_of_its_own(book):
    book.say("update contacts set withdrawn_on = '2026-03-01' where contact_ref in ('SP1', 'L1')")
    book.say(
        "update cases set finalised_on = '2026-03-19', finalised_reason = 'transferred', "
        "transfer_seen_on = '2026-03-19'"
    )
    transfers.notify(configured(), day(THURSDAY), at_london(day(THURSDAY)).replace(hour=6))
    decided(THURSDAY)
    say(THURSDAY)
    told = book.ask("select state, letter_id from messages where kind = 'transfer' and contact_ref is null")
    assert told == [("shown", None)]


def test_what_cannot_wait_joins_the_letter_until_it_has_left_and_is_one_mail_after_that(database):
    tuesday = day("Tue 17 Mar 2026")
    with database.begin() as connection:
        world = World(connection)
        ref = world.contact("P45of1")
        for number in range(3):
            clock = world.critical(world.case(f"EARLY-{number}"), rule="bail-end", hard=True, due_on=tuesday)
            world.notification(clock, None, ref, manner="at_once", state="queued")
    group(configured(), tuesday, at_london(tuesday).replace(hour=6))
    say("Tue 17 Mar 2026")
    with database.begin() as connection:
        for number in range(7):
            clock = world.__class__(connection).critical(
                world.__class__(connection).case(f"LATE-{number}"), rule="bail-end", hard=True, due_on=tuesday
            )
            world.__class__(connection).notification(clock, None, ref, manner="at_once", state="queued")
    group(configured(), tuesday, at_london(tuesday).replace(hour=10))
    group(configured(), tuesday, at_london(tuesday).replace(hour=11))
    say("Tue 17 Mar 2026", hour=11)
    with database.begin() as connection:
        told = connection.exec_driver_sql(
            """select m.kind, count(distinct m.id), count(*) from messages m join notifications n on n.message_id = m.id
               where m.contact_ref = 'P45of1' and m.state = 'shown' group by 1 order by 1"""
        ).all()
        waiting = connection.exec_driver_sql("select count(*) from notifications where message_id is null").scalar_one()
    assert [tuple(row) for row in told] == [("at_once", 1, 7), ("letter", 1, 3)]
    assert waiting == 0, "no limit is held over"
    (urgent,) = (settings().home / "mail" / "new").glob("at_once*")
    read = message_from_bytes(urgent.read_bytes(), policy=policy.default)
    assert read["Subject"].startswith("Last day today: 45/LATE-")
    assert read["Subject"].endswith(", and 6 more")
    assert read["List-Id"].startswith("Casebeat urgent <urgent.")


def resolved(database, ref, on):
    with database.begin() as connection:
        world = World(connection)
        world.contact(ref)
        done = world.critical(world.case(f"DONE-{ref}"), ended_on=day(on), end_reason="met")
        world.notification(done, None, ref, happening="resolved", step_name="resolved", occasion="resolved",
                           state="queued", day=day(on))  # fmt: skip


def test_a_letter_that_would_only_tell_of_what_ended_waits_for_more_at_the_latest_for_the_weeks_first(database):
    group(configured(), day(MONDAY), at_london(day(MONDAY)).replace(hour=6))  # this week's standing
    resolved(database, "P45of1", "Tue 24 Mar 2026")
    resolved(database, "P45of2", "Tue 24 Mar 2026")
    for on in ("Tue 24 Mar 2026", "Wed 25 Mar 2026"):
        group(configured(), day(on), at_london(day(on)).replace(hour=6))
        assert say(on).counts == {}
    with database.begin() as connection:
        world = World(connection)
        world.notification(
            world.critical(world.case("MORE")), None, "P45of1", state="queued", day=day("Thu 26 Mar 2026")
        )
    group(configured(), day("Thu 26 Mar 2026"), at_london(day("Thu 26 Mar 2026")).replace(hour=6))
    say("Thu 26 Mar 2026")
    text = mail("letter:P45of1:email:2026-03-26").get_body(("plain",)).get_content()
    assert "45/MORE" in text
    assert "ENDED, NOTHING MORE IS ASKED OF YOU\n* 45/DONE-P45of1: " in text
    group(configured(), day("Mon 30 Mar 2026"), at_london(day("Mon 30 Mar 2026")).replace(hour=6))
    say("Mon 30 Mar 2026")
    text = mail("letter:P45of2:email:2026-03-30").get_body(("plain",)).get_content()
    assert "* 45/DONE-P45of2: " in text
