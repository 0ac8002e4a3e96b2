"""Invitations to sittings: each invitee's calendar gets each change of the plan once."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg2.extensions
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError

from config import policy
from config.routes import Channel
from config.terms import State
from flows.configured import configured
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from tasks.messages.invitation.send_invitations import invite
from tasks.outbox.delivery import deliver
from tasks.servers.database import owner_engine
from tests.support.calendars import Calendars, opened, read
from tests.support.post import HERE, WHY_NOT, OpenSmtpd, RawServer, open_smtpd
from tests.worlds.sittings import SITS, TODAY, SittingsWorld, london

SIX = datetime(2026, 3, 16, 6, tzinfo=UTC)
NINE = datetime(2026, 3, 16, 9, tzinfo=UTC)
MOVED = date(2026, 3, 26)


@pytest.fixture
def world(database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SittingsWorld:
    """One sitting on Tue 24 Mar 2026 at 10:00; it is Mon 16 Mar 2026, and the sitting is settled by then."""
    shipped = policy.SHIPPED.read_text("utf-8")
    (tmp_path / "policy.yaml").write_text(shipped.replace("convening: {settled: 5wd}", "convening: {settled: 200wd}"))
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    made = SittingsWorld(database)
    made.sitting()
    return made


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch):
    with RawServer() as running:
        mail_by(running, monkeypatch)
        yield running


def mail_by(running: RawServer | OpenSmtpd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_MAIL__HOST", "localhost")
    monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(running.port))
    monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")


REF = f"45-south-east-{SITS}"


def day_of(number: int) -> tuple[date, datetime]:
    """The round of a day after Mon 16 Mar 2026, at six; delivery is at nine."""
    return TODAY + timedelta(days=number), SIX + timedelta(days=number)


def goes(number: int = 0) -> None:
    """Run a day's round and its delivery."""
    invite(configured(), *day_of(number))
    deliver(configured(), NINE + timedelta(days=number))


def test_everyone_who_comes_is_asked_once_from_eight_and_a_rerun_sends_nothing(world):
    world.convene(world.case("1"), REF, 2)
    assert invite(configured(), TODAY, SIX) == 5
    assert world.messages() == [(ref, 0, "queued") for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert world.ask("select distinct due_at from messages") == [datetime(2026, 3, 16, 8, tzinfo=UTC)]
    assert world.ask("select distinct about, kind, channel, day from messages") == [(REF, "invitation", "email", TODAY)]
    assert invite(configured(), TODAY, SIX) == 0
    assert invite(configured(), *day_of(1)) == 0
    assert world.ask("select ref, to_ref, reason, detail from audit where about = 'invitation' order by to_ref") == [
        (REF, ref, "invited", {"sequence": 0}) for ref in ("chair", "cs1", "of1", "pr1", "sp1")
    ]


@pytest.mark.parametrize(("withdrawn", "invited"), [(None, ["pr1"]), (TODAY, [])], ids=["sent", "withdrawn"])
def test_the_prosecutor_that_cps_names_by_urn_is_invited_until_cps_withdraws_the_case(world, withdrawn, invited):
    case = world.case("1")
    world.say("insert into case_keys (urn_root) values ('45ZZ0000126')")
    world.say("update cases set urn_key_id = (select max(id) from case_keys) where id = :id", id=case)
    world.say(
        "update cps_cases set key_id = (select max(id) from case_keys), withdrawn_on = :on where key_id = :id",
        on=withdrawn,
        id=case,
    )
    world.convene(case, REF, 2)
    invite(configured(), TODAY, SIX)
    assert [ref for ref, *_ in world.messages() if ref == "pr1"] == invited


def test_on_a_day_that_is_not_worked_it_waits_for_the_next_that_is(world):
    world.convene(world.case("1"), REF, 2)
    saturday = TODAY + timedelta(days=5)
    invite(configured(), saturday, SIX + timedelta(days=5))
    assert world.ask("select distinct due_at from messages") == [datetime(2026, 3, 23, 8, tzinfo=UTC)]


def test_a_sitting_without_cases_a_cancelled_one_and_one_that_has_begun_ask_nobody(world):
    case = world.case("1")
    assert invite(configured(), TODAY, SIX) == 0
    world.convene(case, REF, 0)
    assert invite(configured(), SITS, london(SITS)) == 0
    world.cancel(REF)
    assert invite(configured(), TODAY, SIX) == 0


def test_the_event_has_its_readers_own_minutes_and_nothing_but_the_reference(world, post):
    world.convene(world.case("1"), REF, 2)
    goes()
    letters = [read(raw) for raw in post.accepted]
    officers = next(each for each in letters if "of1@" in each["To"])
    method, event = opened(officers)
    assert method == "REQUEST"
    assert event.dtstart.value == london(SITS, 10, 15)  # five minutes on each side
    assert event.dtend.value == london(SITS, 10, 35)
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/London"]
    assert event.summary.value == "Joint review of 45/1"
    assert event.location.value == "Room 2"
    assert event.organizer.value == "mailto:casebeat@surrey.police.uk"
    assert event.attendee.value == "mailto:of1@surrey.police.uk"
    assert event.attendee.params["RSVP"] == ["FALSE"]
    assert (event.status.value, event.transp.value, event.sequence.value) == ("CONFIRMED", "OPAQUE", "0")
    assert event.uid.value.endswith("@surrey.police.uk")
    assert "of1" not in event.uid.value
    said = officers.get_body(("plain",)).get_content()
    assert officers["Subject"] == "Tue 24 Mar 10:20: joint review of 45/1"
    assert "Tue 24 Mar 2026, 10:20 to 10:30 GMT" in said
    assert "its joint review falls due" in said
    assert "from Thu 19 Mar 2026" in said  # the agenda: three working days before
    assert "45/1, 10:20 to 10:30. " in said  # the officer's own page of it
    assert [line[:15] for line in said.splitlines() if line.startswith("- ")] == ["- Nothing is ou", "- Have to hand:"]
    for letter in letters:
        everything = letter.as_string() + "".join(
            str(part.get_content()) for part in letter.walk() if not part.is_multipart()
        )
        others = {"of1", "pr1", "sp1", "cs1", "chair"} - {letter["To"].addresses[0].username}
        assert [ref for ref in others if f"{ref}@" in everything or f"NAME-OF-{ref}" in everything] == []
        assert "NAME-OF" not in everything.replace(str(letter["To"]), "")


def test_chair_and_spocs_have_it_from_the_first_case_to_the_last_which_stays_as_a_case_goes(world, post):
    calendars = Calendars(post)
    first = world.case("1")
    world.convene(first, REF, 2)
    goes()
    assert calendars.new() == [(ref, "REQUEST", 0) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert calendars.at("chair") == calendars.at("cs1") == [(london(SITS, 10, 20), london(SITS, 10, 30))]
    world.convene(world.case("2", oic="of2", prosecutor="pr1"), REF, 3)
    goes(1)
    assert calendars.new() == [(ref, "REQUEST", int(ref != "of2")) for ref in ("chair", "cs1", "of2", "sp1")]
    assert calendars.at("pr1") == [(london(SITS, 10, 15), london(SITS, 10, 35))], (
        "the working day before brings what comes beside"
    )
    assert calendars.at("chair") == [(london(SITS, 10, 20), london(SITS, 10, 40))]
    world.unconvene(first)
    goes(2)
    assert calendars.new() == [("of1", "CANCEL", 1), ("pr1", "REQUEST", 1)]
    assert calendars.at("pr1") == [(london(SITS, 10, 25), london(SITS, 10, 45))]


def test_two_cases_of_one_officer_are_one_event_that_names_both(world, post):
    world.convene(world.case("1"), REF, 2)
    world.convene(world.case("2"), REF, 5)
    goes()
    (letter,) = (m for m in map(read, post.accepted) if "of1@" in m["To"])
    _, event = opened(letter)
    assert (event.dtstart.value, event.dtend.value) == (london(SITS, 10, 15), london(SITS, 11, 5))
    assert event.summary.value == "Joint review of 45/1, 45/2"
    assert "10:20 to 10:30: 45/1\n10:50 to 11:00: 45/2" in event.description.value


def test_a_sitting_that_moves_is_the_same_event_at_another_time(world, post):
    calendars = Calendars(post)
    world.convene(world.case("1"), REF, 2)
    goes()
    calendars.new()
    uids = {who: set(box) for who, box in calendars.held.items()}
    world.move(REF, MOVED, hour=14)
    goes(1)
    assert calendars.new() == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert {who: set(box) for who, box in calendars.held.items()} == uids
    assert calendars.at("of1") == [(london(MOVED, 14, 15), london(MOVED, 14, 35))]
    (letter,) = (m for m in map(read, post.accepted[5:]) if "of1@" in m["To"])
    assert letter["Subject"] == "Thu 26 Mar 14:20 changed: joint review of 45/1"
    assert "It was:    Tue 24 Mar 2026, 10:20 to 10:30 GMT, Room 2" in letter.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("change", "end", "why"),
    [
        ("cancelled_on = '2026-03-16'", "cancelled", "the meeting does not take place"),
        (None, "not_owed", "no case is listed for it"),
    ],
)
def test_a_sitting_that_goes_or_is_empty_on_the_working_day_before_is_cancelled(world, post, change, end, why):
    calendars = Calendars(post)
    case = world.case("1")
    world.convene(case, REF, 2)
    goes()
    calendars.new()
    if change:
        world.say(f"update sittings set {change}")
    world.unconvene(case, end=end)
    goes(1)
    found = calendars.new()
    assert [ref for ref, *_ in found] == (["chair", "cs1", "of1", "pr1", "sp1"] if change else ["of1", "pr1"])
    goes(4)
    assert calendars.new() == []
    goes(7)  # Mon 23 Mar
    assert sorted(found + calendars.new()) == [(ref, "CANCEL", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert set(map(str, (calendars.at(ref) for ref in calendars.held))) == {"[]"}
    chairs = next(m for m in map(read, post.accepted[5:]) if "chair@" in m["To"])
    assert f"Why:       {why.capitalize()}." in chairs.get_body(("plain",)).get_content()
    _, event = opened(chairs)
    assert event.status.value == "CANCELLED"
    goes(7)
    assert calendars.new() == []


def test_a_case_that_moves_takes_its_people_along_and_tells_them_where_to(world, post):
    later = world.sitting(MOVED)
    calendars = Calendars(post)
    stays = world.case("2", oic="of2")
    case = world.case("1")
    world.convene(stays, REF, 0)
    world.convene(case, REF, 2)
    goes()
    calendars.new()
    world.convene(case, later, 4, because="gave_way")
    goes(1)
    assert [one for one in calendars.new() if one[0] == "of1"] == [("of1", "CANCEL", 1), ("of1", "REQUEST", 0)]
    assert calendars.at("of1") == [(london(MOVED, 10, 35), london(MOVED, 10, 55))]
    told = {m["Subject"]: m.get_body(("plain",)).get_content() for m in map(read, post.accepted) if "of1@" in m["To"]}
    gone = told["Tue 24 Mar 10:20 cancelled: joint review of 45/1"]
    assert (
        "45/1: it was moved to another meeting; it is now listed for the meeting of Thu 26 Mar 2026 at 10:00 GMT."
        in gone
    )
    come = told["Thu 26 Mar 10:40: joint review of 45/1"]
    assert "gave way to a case of a higher class" in come


def test_another_officer_is_asked_and_the_one_before_need_not_come(world, post):
    calendars = Calendars(post)
    case = world.case("1")
    world.convene(case, REF, 2)
    goes()
    calendars.new()
    world.say("update cases set oic_ref = 'of2'")
    goes(1)
    assert calendars.new() == [("of1", "CANCEL", 1), ("of2", "REQUEST", 0)]
    gone = next(m for m in map(read, post.accepted[5:]) if "of1@" in m["To"])
    assert "Why:       Somebody else comes in your place." in gone.get_body(("plain",)).get_content()
    world.say("update cases set oic_ref = 'of1'")
    goes(2)
    assert calendars.new() == [("of1", "REQUEST", 2), ("of2", "CANCEL", 1)]
    assert len({uid for box in calendars.held.values() for uid in box}) == 5


def test_whoever_is_away_that_day_is_replaced_by_their_deputy(world, post):
    calendars = Calendars(post)
    world.convene(world.case("1"), REF, 2)
    goes()
    calendars.new()
    world.say("update contacts set deputy_ref = 'of2' where contact_ref = 'of1'")
    world.say(
        "insert into absences (contact_ref, source_id, from_on, to_on) select 'of1', source_id, :a, :b from contacts "
        "where contact_ref = 'of1'",
        a=SITS,
        b=SITS,
    )
    goes(1)
    assert calendars.new() == [("of1", "CANCEL", 1), ("of2", "REQUEST", 0)]
    come = next(m for m in map(read, post.accepted[5:]) if "of2@" in m["To"])
    assert "(standing in for the officer in the case)" in come.get_body(("plain",)).get_content()


def test_a_person_hears_of_one_change_a_day_and_of_the_rest_the_next(world, post):
    calendars = Calendars(post)
    case = world.case("1")
    world.convene(case, REF, 2)
    goes()
    calendars.new()
    world.convene(case, REF, 3)
    goes(1)
    world.convene(case, REF, 4)
    goes(1)
    assert calendars.new() == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert calendars.at("of1") == [(london(SITS, 10, 25), london(SITS, 10, 45))]
    goes(2)
    assert calendars.new() == [(ref, "REQUEST", 2) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert calendars.at("of1") == [(london(SITS, 10, 35), london(SITS, 10, 55))]


def test_unsent_invitations_are_replaced_and_only_the_latest_is_sent(world, post):
    calendars = Calendars(post)
    case = world.case("1")
    world.convene(case, REF, 2)
    invite(configured(), TODAY, SIX)
    world.convene(case, REF, 3)
    invite(configured(), TODAY, SIX)
    assert [one for one in world.messages() if one[0] == "of1"] == [("of1", 0, "silent"), ("of1", 1, "queued")]
    assert world.ask("select distinct reason from messages where state = 'silent'") == ["overtaken by a later change"]
    deliver(configured(), NINE)
    assert [one for one in calendars.new() if one[0] == "of1"] == [("of1", "REQUEST", 1)]
    (letter,) = (m for m in map(read, post.accepted) if "of1@" in m["To"])
    assert " changed" not in letter["Subject"]


def test_what_is_taken_back_before_it_left_is_told_to_nobody(world, post):
    calendars = Calendars(post)
    case = world.case("1")
    world.convene(case, REF, 2)
    goes()
    calendars.new()
    world.convene(case, REF, 3)
    invite(configured(), *day_of(1))
    world.convene(case, REF, 2)
    goes(1)
    assert calendars.new() == []
    world.unconvene(case)
    goes(2)
    assert [one for one in calendars.new() if one[0] == "of1"] == [("of1", "CANCEL", 3)]
    assert calendars.at("of1") == []


def test_who_was_never_told_is_not_told_that_they_need_not_come(world, post):
    case = world.case("1")
    world.convene(case, REF, 2)
    invite(configured(), TODAY, SIX)
    world.unconvene(case)
    world.cancel(REF)
    invite(configured(), TODAY, SIX)
    assert deliver(configured(), NINE).counts == {}
    assert post.accepted == []


def test_a_restricted_case_is_a_number_to_who_may_not_read_of_it(world, post):
    world.say("update contacts set restricted_access = true where contact_ref = 'pr1'")
    world.convene(world.case("SECRET", restricted=True), REF, 2)
    goes()
    letters = {m["To"].addresses[0].username: m for m in map(read, post.accepted)}
    assert letters["pr1"]["Subject"] == "Tue 24 Mar 10:20: joint review of 45/SECRET"
    officers = letters["of1"]
    assert "1 restricted case" in officers["Subject"]
    assert "SECRET" not in "".join(str(part.get_content()) for part in officers.walk() if not part.is_multipart())
    assert opened(officers)[1].summary.value == "Joint review of 1 restricted case"
    said = officers.get_body(("plain",)).get_content()
    assert (
        "  Case:      10:20 to 10:30: 1 restricted case: ask a SPOC of your force who may read it." in said.splitlines()
    )


def test_a_case_that_becomes_restricted_is_taken_out_of_the_calendars_that_name_it(world, post):
    calendars = Calendars(post)
    world.convene(world.case("1"), REF, 2)
    goes()
    calendars.new()
    world.say("update cases set restricted = true")
    goes(1)
    assert calendars.new() == [("of1", "REQUEST", 1), ("pr1", "REQUEST", 1)]
    assert "45/1" not in post.accepted[-1].decode()


def test_a_case_that_becomes_restricted_before_its_invitation_leaves_is_not_named(world, post):
    world.convene(world.case("1"), REF, 2)
    invite(configured(), TODAY, SIX)
    world.say("update cases set restricted = true")
    deliver(configured(), NINE)
    officers = next(letter for letter in map(read, post.accepted) if "of1@" in letter["To"])
    assert opened(officers)[1].summary.value == "Joint review of 1 restricted case"
    assert "45/1" not in "".join(str(part.get_content()) for part in officers.walk() if not part.is_multipart())


def test_a_message_is_held_against_its_sitting_as_it_leaves(world, post):
    world.convene(world.case("1"), REF, 2)
    invite(configured(), TODAY, SIX)
    world.move(REF, MOVED)
    assert deliver(configured(), NINE).counts == {State.SILENT: 5}
    assert post.accepted == []
    goes(1)
    calendars = Calendars(post)
    assert calendars.new() == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert calendars.at("chair") == [(london(MOVED, 10, 20), london(MOVED, 10, 30))]


def test_what_was_found_untrue_as_it_left_and_is_true_again_is_told_after_all(world, post):
    world.convene(world.case("1"), REF, 2)
    invite(configured(), TODAY, SIX)
    world.move(REF, MOVED)
    deliver(configured(), NINE)
    world.move(REF, SITS)
    goes(1)
    assert Calendars(post).new() == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]


def test_what_waited_until_the_sitting_began_is_not_said(world, post):
    world.convene(world.case("1"), REF, 2)
    invite(configured(), TODAY, SIX)
    deliver(configured(), london(SITS, 10, 25))
    assert world.ask("select distinct reason from messages where state = 'silent'") == ["the sitting has begun"]


def test_who_has_left_is_not_written_to_and_nobody_is_troubled(world, post):
    world.convene(world.case("1"), REF, 2)
    goes()
    world.say("update contacts set active_to = '2026-03-16' where contact_ref = 'of1'")
    world.say("update cases set oic_ref = 'of2'")
    goes(1)
    assert world.ask("select state, reason from messages where contact_ref = 'of1' and day = '2026-03-17'") == [
        ("silent", "its reader has left")
    ]


@pytest.mark.parametrize("springs", [date(2026, 3, 31), date(2026, 10, 27)])
def test_an_event_keeps_its_london_time_across_a_change_of_the_clocks(world, post, springs):
    """Clocks change on Sun 29 Mar and Sun 25 Oct 2026; a weekly panel sits at ten before and after."""
    before = springs - timedelta(days=7)
    for day in (before, springs):
        ref = f"45-south-east-{day}" if day == SITS else world.sitting(day)
        world.convene(world.case(f"of-{day}"), ref, 3)
    calendars = Calendars(post)
    goes()
    calendars.new()
    local = [starts.strftime("%d %H:%M") for starts, _ in calendars.at("of1")]
    assert local == [before.strftime("%d 10:25"), springs.strftime("%d 10:25")]
    utc = [starts.astimezone(UTC).hour for starts, _ in calendars.at("of1")]
    assert sorted(utc) == [9, 10]


@pytest.fixture(scope="module")
def smtpd():
    if not HERE:
        pytest.skip(WHY_NOT)
    with open_smtpd() as running:
        yield running


def test_an_invitation_comes_out_of_a_real_mailbox_as_it_was_written_then_moves_and_goes(
    world, smtpd: OpenSmtpd, monkeypatch: pytest.MonkeyPatch
):
    mail_by(smtpd, monkeypatch)
    place = "Ystafell Ŵy, Tŷ Heddlu y Gogledd; or the usual link, " + "https://meet.example.police.uk/" + "x" * 90
    world.say("update sittings set place = :place", place=place)
    case = world.case("1")
    world.convene(case, REF, 2)
    goes()
    world.move(REF, MOVED)
    goes(1)
    world.unconvene(case)
    goes(2)
    raw = smtpd.letters("of1@surrey.police.uk", 3)
    for each in raw:
        each.decode("ascii")
        assert max(map(len, each.splitlines())) <= 998
    found = sorted((opened(read(each)) for each in raw), key=lambda one: int(one[1].sequence.value))
    assert [(method, event.sequence.value) for method, event in found] == [
        ("REQUEST", "0"), ("REQUEST", "1"), ("CANCEL", "2"),
    ]  # fmt: skip
    assert len({event.uid.value for _, event in found}) == 1
    assert {event.location.value for _, event in found} == {place}
    assert [event.dtstart.value for _, event in found] == [london(day, 10, 15) for day in (SITS, MOVED, MOVED)]


def test_two_at_once_write_each_event_once(world):
    for number in range(12):
        world.convene(world.case(str(number)), REF, number)
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.append(invite(configured(), TODAY, SIX))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(made) == [0, 0, 0, 5]
    assert len(world.messages()) == 5


@pytest.mark.parametrize("table", ["invitations", "messages", "audit"])
def test_a_death_while_inviting_has_invited_nobody_and_the_next_round_everybody_once(world, post, table):
    """The server process of the round is killed while it writes the last invitee's row."""
    owner = owner_engine()
    with owner.begin() as connection:
        connection.execute(
            text(f"""create function dies() returns trigger language plpgsql as $$ begin
                     if new.{"to_ref" if table == "audit" else "contact_ref"} = 'sp1'
                     then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$""")
        )
        connection.execute(text(f"create trigger dies after insert on {table} for each row execute function dies()"))
    world.convene(world.case("1"), REF, 2)
    with pytest.raises(DBAPIError):
        invite(configured(), TODAY, SIX)
    assert world.messages() == []
    assert world.ask("select * from invitations") == []
    with owner.begin() as connection:
        connection.execute(text(f"drop trigger dies on {table}"))
    owner.dispose()
    goes()
    goes()
    assert Calendars(post).new() == [(ref, "REQUEST", 0) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]


def test_a_worker_that_dies_with_invitations_in_hand_sends_each_once(world, post):
    """Another worker sends messages that were claimed and not yet sent, and replaces those whose plan changed."""
    case = world.case("1")
    world.convene(case, REF, 2)
    invite(configured(), TODAY, SIX)
    with world.engine.begin() as connection:
        held = outbox.claim(connection, uuid4(), ClaimTerms(Channel.EMAIL, NINE), 50)
    assert len(held) == 5
    world.convene(case, REF, 3)
    invite(configured(), TODAY, SIX)
    goes()
    found = Calendars(post).new()
    assert found == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]


def test_an_answer_that_was_lost_is_asked_once_more_under_the_same_name_and_sequence(
    world, post, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tasks.outbox.sending.wait_seconds", lambda _: 0)
    world.convene(world.case("1"), REF, 2)
    invite(configured(), TODAY, SIX)
    post.at, post.what, post.times = "after", "drop", 1
    deliver(configured(), NINE)
    deliver(configured(), NINE)
    letters = [read(raw) for raw in post.accepted]
    repeated = next(m for m in letters if m["Subject"].startswith("[May be a repeat] "))
    first = next(m for m in letters if m["Message-ID"] == repeated["Message-ID"])
    (_, one), (_, again) = opened(first), opened(repeated)
    assert (one.uid.value, one.sequence.value) == (again.uid.value, again.sequence.value)
    assert one.summary.value == again.summary.value


def test_what_was_only_shown_is_said_when_there_is_a_mail_server(world, monkeypatch: pytest.MonkeyPatch):
    world.convene(world.case("1"), REF, 2)
    goes()
    assert world.messages() == [(ref, 0, "shown") for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
    assert invite(configured(), *day_of(1)) == 0
    with RawServer() as post:
        mail_by(post, monkeypatch)
        goes(1)
        assert Calendars(post).new() == [(ref, "REQUEST", 1) for ref in ("chair", "cs1", "of1", "pr1", "sp1")]
        assert not any(" changed" in read(raw)["Subject"] for raw in post.accepted)
        assert invite(configured(), *day_of(1)) == 0


def test_a_round_asks_the_database_no_more_often_for_many_people_than_for_few(world, database):
    refs, ids = [REF, *(world.sitting(SITS + timedelta(weeks=week)) for week in (1, 2, 3))], count(1)
    for ref in refs:
        world.convene(world.case(str(next(ids))), ref, 0)
    few = _statements(database, lambda: invite(configured(), TODAY, SIX))
    for ref in refs:
        for slot in range(1, 4):
            world.convene(world.case(str(next(ids)), oic="of2" if slot % 2 else "of1"), ref, slot)
    assert (
        _statements(database, lambda: invite(configured(), TODAY, SIX)) == few + 1
    )  # all unsent messages are replaced at once


def _statements(database: Engine, call) -> int:
    """Count the statements that a call sends to the database."""
    sent: list[str] = []

    class Counting(psycopg2.extensions.cursor):
        def execute(self, statement, parameters=None):
            sent.append(str(statement))
            return super().execute(statement, parameters)

    def choose(raw, _record, _proxy) -> None:
        raw.cursor_factory = Counting

    event.listen(database, "checkout", choose)
    try:
        call()
    finally:
        event.remove(database, "checkout", choose)
        database.dispose()
    return len(sent)
