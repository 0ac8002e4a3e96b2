"""Panels' series in calendars: from panels.yaml by planning, inviting and delivery to what each calendar shows."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from flows.configured import configured
from tasks.messages.invitation.send_invitations import invite
from tasks.outbox.delivery import deliver
from tasks.reviews.plan_sittings import plan_sittings
from tasks.servers.database import owner_engine
from tests.support.calendars import Calendars, read
from tests.support.post import RawServer
from tests.worlds.sittings import SittingsWorld, london

MONDAY = date(2026, 3, 16)
LEADS = ("chair", "cs1", "sp1")
TUESDAYS: dict[str, Any] = {
    "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "starts": "10:00", "cases": 12, "minutes_per_case": 10, "chair": "chair", "place": "Room 2",
}  # fmt: skip


class Room(SittingsWorld):
    """A pair whose panels are a file, and whose days are run one by one. Each sitting of the horizon has a case."""

    def __init__(self, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(engine)
        self._folder, self._monkeypatch, self._files, self._cases = folder, monkeypatch, 0, 0

    def panels(self, *panels: dict[str, Any]) -> None:
        self._files += 1
        path = self._folder / f"panels{self._files}.yaml"
        path.write_text(yaml.safe_dump({"panels": list(panels)}))
        self._monkeypatch.setenv("CASEBEAT_PANELS", str(path))

    def fill(self, *but: str) -> None:
        """Convene cases, of nobody in particular, to the first and the last place of each sitting that has none."""
        for ref in self.ask(
            """select ref from sittings s where cancelled_on is null and not exists (
                   select from convenings v where v.sitting_id = s.id and v.ended_on is null) order by ref"""
        ):
            for slot in () if ref in but else (0, 11):
                self._cases += 1
                self.convene(self.case(f"F{self._cases}", oic="of2"), ref, slot)

    def runs(self, on: date, *but: str, fill: bool = True) -> int:
        """Run a day: planning, a case for each sitting but some, invitations at six, delivery at nine."""
        plan_sittings(configured(), "45", on)
        if fill:
            self.fill(*but)
        made = invite(configured(), on, at(on, 6))
        deliver(configured(), at(on, 9))
        return made


def at(on: date, hour: int) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def ref(on: date) -> str:
    return f"45-south-east-{on}"


def ten_to_twelve(*days: date, hour: int = 10) -> list[tuple[datetime, datetime]]:
    return [(london(on, hour), london(on, hour + 2)) for on in days]


def weekly(first: date, number: int) -> list[date]:
    return [first + timedelta(weeks=week) for week in range(number)]


@pytest.fixture
def room(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    made = Room(database, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch):
    with RawServer() as running:
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "localhost")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(running.port))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        yield running


@pytest.fixture
def calendars(post: RawServer) -> Calendars:
    return Calendars(post)


def of_leads(found: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    return [one for one in found if one[0] in LEADS]


def series_of(calendars: Calendars, who: str) -> list[Any]:
    (events,) = (events for _, events in calendars.held[who].values() if hasattr(events[0], "rrule"))
    return events


def plain(letter: bytes) -> str:
    body = read(letter).get_body(("plain",))
    assert body
    return str(body.get_content())


def test_chair_and_spocs_have_one_event_that_recurs_and_a_day_later_nothing_is_sent(room, post, calendars):
    room.runs(MONDAY)
    assert of_leads(calendars.new()) == [(who, "REQUEST", 0) for who in LEADS]
    days = weekly(date(2026, 3, 17), 80)  # the sitting of the next day too
    for who in LEADS:
        assert calendars.at(who, london(days[-1], 23)) == ten_to_twelve(*days)
    (letter,) = (raw for raw in post.accepted if "chair@" in read(raw)["To"])
    assert read(letter)["Subject"] == "Tue 17 Mar 10:00 and on: joint reviews, Surrey (45)"
    assert "RRULE:FREQ=WEEKLY;BYDAY=TU" in letter.decode()
    for day in (1, 2, 3):
        room.runs(MONDAY + timedelta(days=day))
        assert of_leads(calendars.new()) == []


def test_a_sitting_that_moves_off_a_holiday_is_an_exception_and_a_skipped_one_a_day_off(room, post, calendars):
    mondays = {**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=MO", "from": "2026-01-05"}
    room.panels(mondays)
    room.runs(MONDAY)
    calendars.new()
    days = [day if day != date(2026, 4, 6) else date(2026, 4, 7) for day in weekly(date(2026, 3, 23), 6)]
    assert calendars.at("chair", london(date(2026, 4, 30))) == ten_to_twelve(*days)
    exceptions = [event for event in series_of(calendars, "chair") if hasattr(event, "recurrence_id")]
    assert exceptions[0].recurrence_id.value == london(date(2026, 4, 6))
    holiday = date(2026, 5, 4)  # not planned yet, and told with the series
    assert ten_to_twelve(date(2026, 5, 5))[0] in calendars.at("chair", london(date(2026, 6, 30)))
    room.panels({**mondays, "non_working_day": "skip"})
    room.runs(MONDAY + timedelta(days=1))
    calendars.new()
    shown = [starts.date() for starts, _ in calendars.at("chair", london(date(2026, 6, 30)))]
    assert date(2026, 4, 7) not in shown
    assert date(2026, 4, 6) not in shown
    assert holiday not in shown


def test_an_empty_sitting_is_called_off_on_the_working_day_before_and_comes_back_with_a_case(room, post, calendars):
    empty = ref(date(2026, 3, 24))
    for day in range(5):
        room.runs(MONDAY + timedelta(days=day), empty)
    calendars.new()
    assert ten_to_twelve(date(2026, 3, 24))[0] in calendars.at("chair")
    room.runs(date(2026, 3, 23), empty)
    assert of_leads(calendars.new()) == [(who, "REQUEST", 1) for who in LEADS]
    assert [starts.date() for starts, _ in calendars.at("chair", london(date(2026, 4, 1)))] == [
        date(2026, 3, 17), date(2026, 3, 31),
    ]  # fmt: skip
    said = plain(next(raw for raw in reversed(post.accepted) if "chair@" in read(raw)["To"]))
    assert "Off:       Tue 24 Mar 2026 at 10:00 GMT: no case is listed for it." in said
    invite(configured(), date(2026, 3, 23), at(date(2026, 3, 23), 10))
    room.fill()
    assert room.runs(date(2026, 3, 24)) > 0
    assert of_leads(calendars.new()) == [(who, "REQUEST", 2) for who in LEADS]
    assert ten_to_twelve(date(2026, 3, 24))[0] in calendars.at("chair")


def test_a_sitting_that_is_called_off_by_hand_goes_at_once_and_says_why(room, post, calendars):
    room.runs(MONDAY)
    calendars.new()
    room.say("update convenings set ended_on = '2026-03-17', \"end\" = 'cancelled' where sitting_id = "
             "(select id from sittings where ref = :ref)", ref=ref(date(2026, 3, 24)))  # fmt: skip
    room.say("update sittings set cancelled_on = '2026-03-17' where ref = :ref", ref=ref(date(2026, 3, 24)))
    invite(configured(), MONDAY, at(MONDAY, 10))  # the same day on which the series was told
    deliver(configured(), at(MONDAY, 11))
    assert of_leads(calendars.new()) == [(who, "REQUEST", 1) for who in LEADS]
    assert "Off:       Tue 24 Mar 2026 at 10:00 GMT: the meeting does not take place." in plain(post.accepted[-1])
    assert ten_to_twelve(date(2026, 3, 24))[0] not in calendars.at("sp1")


def test_a_panel_whose_rule_changes_ends_its_series_and_begins_another(room, post, calendars):
    room.runs(MONDAY)
    room.runs(MONDAY + timedelta(days=1))
    calendars.new()
    room.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
    wednesday = MONDAY + timedelta(days=2)
    room.runs(wednesday)
    assert of_leads(calendars.new()) == [one for who in LEADS for one in ((who, "REQUEST", 0), (who, "REQUEST", 1))]
    thursdays = weekly(date(2026, 3, 19), 3)
    assert calendars.at("chair", london(date(2026, 4, 5))) == ten_to_twelve(date(2026, 3, 17), *thursdays)
    ended = next(raw for raw in post.accepted if read(raw)["Subject"].startswith("Tue 24 Mar 10:00 is the last") or
                 "UNTIL=20260317T100000Z" in raw.decode())  # fmt: skip
    assert "these meetings are held at other times from now on, or not at all" in plain(ended).replace("\n", " ")
    room.runs(wednesday + timedelta(days=1))
    assert of_leads(calendars.new()) == []


def test_a_rule_that_comes_back_shows_no_meeting_twice(room, calendars):
    room.runs(MONDAY)
    room.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
    room.runs(date(2026, 3, 17))
    room.panels(TUESDAYS)
    room.runs(date(2026, 3, 18))
    calendars.new()
    assert calendars.at("chair", london(date(2026, 4, 1))) == ten_to_twelve(*weekly(date(2026, 3, 17), 3))


def test_a_panel_that_goes_before_its_first_meeting_takes_its_series_out_of_every_calendar(room, calendars):
    room.runs(MONDAY)
    calendars.new()
    room.panels()
    invite_day = MONDAY
    plan_sittings(configured(), "45", invite_day)
    invite(configured(), invite_day, at(invite_day, 10))
    deliver(configured(), at(invite_day, 11))
    assert of_leads(calendars.new()) == [(who, "CANCEL", 1) for who in LEADS]
    assert [calendars.at(who) for who in LEADS] == [[], [], []]


def test_another_hour_is_another_rule_and_another_place_a_change_of_the_series(room, post, calendars):
    room.runs(MONDAY)
    calendars.new()
    room.panels({**TUESDAYS, "place": "Room 3"})
    room.runs(MONDAY + timedelta(days=1))
    assert of_leads(calendars.new()) == [(who, "REQUEST", 1) for who in LEADS]
    assert {event.location.value for _, events in calendars.held["chair"].values() for event in events} >= {"Room 3"}
    room.panels({**TUESDAYS, "place": "Room 3", "starts": "14:00"})
    room.runs(MONDAY + timedelta(days=2))
    calendars.new()
    shown = calendars.at("chair", london(date(2026, 3, 31), 23))
    assert shown == ten_to_twelve(date(2026, 3, 17)) + ten_to_twelve(*weekly(date(2026, 3, 24), 2), hour=14)


def test_who_is_away_has_the_meeting_off_and_their_deputy_one_event_when_it_is_settled(room, post, calendars):
    room.say("update contacts set deputy_ref = 'of1' where contact_ref = 'chair'")
    room.say(
        "insert into absences (contact_ref, source_id, from_on, to_on) select 'chair', source_id, '2026-03-31', "
        "'2026-03-31' from contacts where contact_ref = 'chair'"
    )
    room.runs(MONDAY)
    calendars.new()
    assert calendars.at("of1") == []
    assert ten_to_twelve(date(2026, 3, 31))[0] not in calendars.at("chair")
    room.runs(date(2026, 3, 23))
    assert ("of1", "REQUEST", 0) not in calendars.new()
    room.runs(date(2026, 3, 24))  # five working days before
    assert ("of1", "REQUEST", 0) in calendars.new()
    assert calendars.at("of1") == ten_to_twelve(date(2026, 3, 31))
    room.say("update absences set withdrawn_on = '2026-03-25'")
    room.runs(date(2026, 3, 25))
    assert [one for one in calendars.new() if one[0] in {"of1", "chair"}] == [
        ("chair", "REQUEST", 1), ("of1", "CANCEL", 1),
    ]  # fmt: skip
    assert ten_to_twelve(date(2026, 3, 31))[0] in calendars.at("chair")


def test_another_chair_has_the_series_from_then_on_and_the_one_before_keeps_what_has_been(room, calendars):
    room.runs(MONDAY)
    room.say("update contacts set active_to = '2026-03-31' where contact_ref = 'chair'")
    room.panels({**TUESDAYS, "chair": "of1"})
    room.runs(date(2026, 3, 18))
    calendars.new()
    assert calendars.at("chair", london(date(2026, 4, 8))) == ten_to_twelve(date(2026, 3, 17))
    assert calendars.at("of1", london(date(2026, 4, 1))) == ten_to_twelve(*weekly(date(2026, 3, 24), 2))


def test_an_officer_is_invited_when_the_sitting_is_settled_and_at_once_where_it_is_nearer(room, calendars):
    plan_sittings(configured(), "45", MONDAY)
    room.convene(room.case("1"), ref(date(2026, 3, 31)), 3)
    room.runs(MONDAY)
    assert "of1" not in {who for who, *_ in calendars.new()}
    room.runs(date(2026, 3, 23))
    assert "of1" not in {who for who, *_ in calendars.new()}
    room.runs(date(2026, 3, 24))
    assert [one for one in calendars.new() if one[0] == "of1"] == [("of1", "REQUEST", 0)]
    room.convene(room.case("2"), ref(date(2026, 3, 31)), 4)
    for day in (25, 26, 27):
        room.runs(date(2026, 3, day))
        assert [one for one in calendars.new() if one[0] == "of1"] == []  # it waits until the working day before
    room.runs(date(2026, 3, 30))
    assert [one for one in calendars.new() if one[0] == "of1"] == [("of1", "REQUEST", 1)]
    assert calendars.at("of1") == [(london(date(2026, 3, 31), 10, 25), london(date(2026, 3, 31), 10, 55))]


def test_a_spoc_who_joins_has_the_series_from_the_next_sitting_without_an_event(room, calendars):
    room.runs(MONDAY)
    calendars.new()
    with room.engine.begin() as connection:
        from tests.worlds.rows import World  # noqa: PLC0415

        World(connection).contact("sp2", roles=("spoc",))
    room.runs(date(2026, 3, 17))
    assert of_leads(found := calendars.new()) == []
    assert ("sp2", "REQUEST", 0) in found
    assert calendars.at("sp2", london(date(2026, 4, 1))) == ten_to_twelve(*weekly(date(2026, 3, 17), 3))


def test_it_keeps_its_london_hour_across_both_changes_of_the_clocks(room, calendars):
    room.runs(MONDAY)
    calendars.new()
    shown = calendars.at("chair", london(date(2026, 11, 10)))
    hours = {starts.date(): starts.astimezone(UTC).hour for starts, _ in shown}
    assert {starts.hour for starts, _ in shown} == {10}
    days = [date(2026, 3, 24), date(2026, 3, 31), date(2026, 10, 20), date(2026, 10, 27)]
    assert [hours[day] for day in days] == [10, 9, 9, 10]


@pytest.mark.parametrize("table", ["series", "invitations", "messages", "audit"])
def test_a_death_while_a_series_is_begun_or_changed_doubles_nothing_and_loses_nothing(room, post, calendars, table):
    """The server process of the round is killed while it writes the last lead's row, once at each change."""
    owner = owner_engine()
    for day in (MONDAY, date(2026, 3, 23), date(2026, 3, 25)):  # it begins, has a day off, and has another rule
        if day == date(2026, 3, 25):
            room.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
        plan_sittings(configured(), "45", day)
        room.fill(ref(date(2026, 3, 24)))
        column = {"audit": "to_ref", "series": "cps_area"}.get(table, "contact_ref")
        with owner.begin() as connection:
            connection.execute(
                text(f"""create or replace function dies() returns trigger language plpgsql as $$ begin
                         if new.{column} in ('sp1', 'South East') then perform pg_terminate_backend(pg_backend_pid());
                         end if; return new; end $$""")
            )
            connection.execute(
                text(f"create trigger dies after insert or update on {table} for each row execute function dies()")
            )
        before = room.ask("select * from invitations order by id")
        if table != "series" or day != date(2026, 3, 23):
            with pytest.raises(DBAPIError):
                invite(configured(), day, at(day, 6))
            assert room.ask("select * from invitations order by id") == before
        with owner.begin() as connection:
            connection.execute(text(f"drop trigger dies on {table}"))
        invite(configured(), day, at(day, 6))
        invite(configured(), day, at(day, 6))
        deliver(configured(), at(day, 9))
        calendars.new()
    owner.dispose()
    thursdays = weekly(date(2026, 3, 26), 2)
    for who in LEADS:
        assert calendars.at(who, london(date(2026, 4, 5))) == ten_to_twelve(date(2026, 3, 17), *thursdays)


def test_a_change_that_was_taken_back_before_it_left_is_told_to_nobody(room, calendars):
    room.runs(MONDAY)
    calendars.new()
    tuesday = MONDAY + timedelta(days=1)
    room.panels({**TUESDAYS, "place": "Room 3"})
    plan_sittings(configured(), "45", tuesday)
    invite(configured(), tuesday, at(tuesday, 6))
    room.panels(TUESDAYS)
    plan_sittings(configured(), "45", tuesday)
    invite(configured(), tuesday, at(tuesday, 7))
    deliver(configured(), at(tuesday, 9))
    assert of_leads(calendars.new()) == []


def test_a_series_is_held_against_its_sittings_as_it_leaves(room, calendars):
    plan_sittings(configured(), "45", MONDAY)
    room.fill()
    invite(configured(), MONDAY, at(MONDAY, 6))
    room.say("update sittings set place = 'Room 9'")
    deliver(configured(), at(MONDAY, 9))
    assert calendars.new() == []
    assert set(room.ask("select reason from messages where about like '%series%'")) == {
        "the sitting is not as it was: what it is now is said next"
    }
    invite(configured(), MONDAY, at(MONDAY, 10))
    deliver(configured(), at(MONDAY, 11))
    assert of_leads(calendars.new()) == [(who, "REQUEST", 1) for who in LEADS]


def test_the_leads_hear_as_a_week_begins_how_long_its_meetings_last_and_the_working_day_before_of_more(room, calendars):
    room.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TH"})
    plan_sittings(configured(), "45", MONDAY)
    thursday = date(2026, 3, 26)
    last = room.case("2")
    for case, slot in ((room.case("1"), 1), (last, 5)):
        room.convene(case, ref(thursday), slot)
    for day in (16, 19, 20):  # it is settled on the 19th
        room.runs(date(2026, 3, day))
        calendars.new()
        assert calendars.at("chair", london(thursday, 23))[-1] == ten_to_twelve(thursday)[0]
    room.runs(date(2026, 3, 23))
    assert of_leads(calendars.new()) == [(who, "REQUEST", 1) for who in LEADS]
    assert calendars.at("chair", london(thursday, 23))[-1] == (london(thursday, 10, 10), london(thursday, 11))
    room.unconvene(last)
    room.convene(room.case("3"), ref(thursday), 6)
    room.runs(date(2026, 3, 24))
    assert of_leads(calendars.new()) == []
    room.runs(date(2026, 3, 25))
    assert of_leads(calendars.new()) == [(who, "REQUEST", 2) for who in LEADS]
    assert calendars.at("chair", london(thursday, 23))[-1] == (london(thursday, 10, 10), london(thursday, 11, 30))


def test_who_comes_to_more_than_three_meetings_within_a_month_is_invited_to_each_with_its_agenda(room, calendars):
    room.panels({**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=TU,TH"})
    plan_sittings(configured(), "45", MONDAY)
    thursday = date(2026, 3, 26)
    for number, day in enumerate((24, 26, 31)):
        room.convene(room.case(f"1{number}", oic="of1", prosecutor="nobody"), ref(date(2026, 3, day)), 1)
    for number, sits in enumerate((thursday, date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 7))):
        room.convene(room.case(f"2{number}", oic="nobody"), ref(sits), 2)
    room.runs(date(2026, 3, 19), fill=False)  # Thursday's meeting is settled
    assert {"of1", "pr1"} & {who for who, *_ in calendars.new()} == {"of1"}
    room.runs(date(2026, 3, 20), fill=False)
    assert [one for one in calendars.new() if one[0] == "pr1"] == []
    room.runs(date(2026, 3, 23), fill=False)  # three working days before
    assert [one for one in calendars.new() if one[0] == "pr1"] == [("pr1", "REQUEST", 0)]
    assert calendars.at("pr1") == [(london(thursday, 10, 15), london(thursday, 10, 35))]


@pytest.mark.parametrize(("cases", "recurs"), [(3, False), (4, True)])
def test_a_spoc_with_more_than_three_cases_of_their_own_within_a_month_has_the_series(room, calendars, cases, recurs):
    room.spoc("sp2")
    room.panels({**TUESDAYS, "spocs": {"police": "sp1", "cps": "cs1"}})
    plan_sittings(configured(), "45", MONDAY)
    for number in range(cases):
        room.convene(room.case(f"{number}", spoc="sp2"), ref(date(2026, 3, 24)), number)
    room.runs(MONDAY)
    assert [one for one in calendars.new() if one[0] == "sp2"] == [("sp2", "REQUEST", 0)] * recurs
    room.runs(date(2026, 3, 23))
    calendars.new()
    own = (london(date(2026, 3, 24), 9, 55), london(date(2026, 3, 24), 10, 10 * cases + 5))
    shown = calendars.at("sp2", london(date(2026, 4, 1)))
    assert own in shown
    assert (ten_to_twelve(date(2026, 3, 31))[0] in shown) is recurs
