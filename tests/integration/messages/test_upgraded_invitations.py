"""Invitations that the version before wrote, some on their way: the series begins, and no event is doubled."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
import vobject
import yaml

from tasks.messages.invitation.send_invitations import invite
from tasks.outbox.delivery import deliver
from tasks.reviews.plan_sittings import plan_sittings
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.calendars import Calendars
from tests.support.older_database import A_SOURCE, OlderDatabase, older_database
from tests.support.post import RawServer
from tests.worlds.room import london

TODAY = date(2026, 3, 16)
TUESDAYS = [TODAY + timedelta(days=1 + 7 * week) for week in range(6)]
WITH_EVENTS = (TUESDAYS[0], TUESDAYS[2])


def _ref(day: date) -> str:
    return f"45-south-east-{day}"


def _sitting(number: int, day: date) -> str:
    at = f"timestamp '{day} 10:00' at time zone 'Europe/London'"
    return f"""insert into sittings (id, ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref,
                                     place) overriding system value
               values ({number}, '{_ref(day)}', '45', 'South East', '{day}', {at}, 12, 10, 'chair', 'Room 2')"""


def _convening(number: int, sitting: int, day: date) -> str:
    return f"""insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
               select id, {sitting}, 0, '{day}', '{day}', 'due', '2026-03-13' from cases where case_ref = 'C{number}'"""


def _invitation(sitting: int, who: str, part: str, state: str = "sent") -> list[str]:
    """An invitation as revision 0012 stored it, with its message."""
    sent = "null" if state == "queued" else "due_at"
    return [
        f"""insert into invitations (sitting_id, contact_ref, sequence, event, told_on)
            select s.id, '{who}', 0, jsonb_build_object(
                       'starts_at', to_json(s.starts_at), 'place', s.place, 'parts', jsonb_build_array('{part}'),
                       'notes', '[]'::jsonb, 'was', null, 'minutes', case '{part}' when 'officer' then 10 else 120 end,
                       'cases', case '{part}' when 'officer' then jsonb_build_array(
                           jsonb_build_array(v.case_id, to_json(s.starts_at), true)) else '[]'::jsonb end), '2026-03-13'
            from sittings s join convenings v on v.sitting_id = s.id where s.id = {sitting}""",
        f"""insert into messages (key, kind, contact_ref, channel, day, about, state, due_at)
            select format('invitation:%s:%s:0', ref, '{who}'), 'invitation', '{who}', 'email', '2026-03-13',
                   ref, '{state}', timestamptz '2026-03-13' from sittings where id = {sitting}""",
        f"update messages set sending_at = {sent}, sent_at = {sent} where state = '{state}'",
    ]


FILLED = (
    A_SOURCE,
    """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                             first_seen_on)
       select v.ref, s.id, v.agency, 'NAME', v.ref || v.domain, array[v.role], v.forces::text[], v.areas::text[],
              date '2026-03-01'
       from sources s, (values ('chair', 'police', '@surrey.police.uk', 'lead', '{45}', '{}'),
                               ('sp1', 'police', '@surrey.police.uk', 'spoc', '{45}', '{}'),
                               ('of1', 'police', '@surrey.police.uk', 'officer', '{45}', '{}'),
                               ('cs1', 'cps', '@cps.gov.uk', 'spoc', '{}', '{"South East"}'))
            v(ref, agency, domain, role, forces, areas)""",
    "insert into case_keys (force_code, case_ref) select '45', 'C' || n from generate_series(1, 2) n",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref)
       select k.id, s.id, '45', k.case_ref, 'South East', '2026-01-05', '{PH97011}', 'stalking', 'high', 'of1'
       from sources s, case_keys k""",
    *(_sitting(number, day) for number, day in enumerate(TUESDAYS, 1)),
    _convening(1, 1, TUESDAYS[0]),
    _convening(2, 3, TUESDAYS[2]),
    *_invitation(1, "chair", "chair"),
    *_invitation(1, "sp1", "spoc"),
    *_invitation(1, "cs1", "spoc"),
    *_invitation(1, "of1", "officer"),
    *_invitation(3, "chair", "chair", "queued"),
    *_invitation(3, "sp1", "spoc"),
    *_invitation(3, "of1", "officer"),
)


@pytest.fixture
def upgraded(server, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[OlderDatabase]:
    """A database of revision 0012: of six sittings two have events, and cs1 has none of the second."""
    panel = {
        "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU",
        "starts": "10:00", "cases": 12, "minutes_per_case": 10, "chair": "chair", "place": "Room 2",
    }  # fmt: skip
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [panel]}))
    with older_database(server, "0012", FILLED) as made:
        migrate.migrate(made.url)
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_PANELS", str(path))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url)
        try:
            yield made
        finally:
            way.close()


@pytest.fixture
def calendars(upgraded: OlderDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calendars]:
    """Everybody's calendar as the letters of the version before left it."""
    with RawServer() as running:
        monkeypatch.setenv("CASEBEAT_MAIL__HOST", "localhost")
        monkeypatch.setenv("CASEBEAT_MAIL__PORT", str(running.port))
        monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "ops@surrey.police.uk")
        made = Calendars(running)
        for day, who in ((day, who) for day in WITH_EVENTS for who in ("chair", "sp1", "cs1", "of1")):
            if day == WITH_EVENTS[0] or who in {"sp1", "of1"}:
                made.held.setdefault(who, {})[_uid(day, who)] = (0, [_event(day, 10 if who == "of1" else 120)])
        yield made


def _uid(day: date, who: str) -> str:
    return sha256(f"invitation:{_ref(day)}:{who}".encode()).hexdigest()[:40] + "@surrey.police.uk"


def _event(day: date, minutes: int):
    event = vobject.newFromBehavior("vevent")
    event.add("dtstart").value = london(day)
    event.add("dtend").value = london(day) + timedelta(minutes=minutes)
    return event


def _day(number: int) -> None:
    day = TODAY + timedelta(days=number)
    plan_sittings("45", day)
    invite(day, datetime(day.year, day.month, day.day, 6, tzinfo=UTC))
    deliver(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _shown(calendars: Calendars, who: str) -> list[date]:
    return [starts.date() for starts, _ in calendars.at(who, london(TUESDAYS[5], 23))]


def test_who_has_events_keeps_them_and_the_series_has_the_other_meetings(upgraded, calendars):
    _day(0)
    assert calendars.new() == [
        ("chair", "REQUEST", 0), ("chair", "REQUEST", 0), ("cs1", "REQUEST", 0), ("sp1", "REQUEST", 0),
    ]  # fmt: skip
    for who in ("chair", "sp1", "cs1"):
        assert _shown(calendars, who) == TUESDAYS
        assert _uid(TUESDAYS[0], who) in calendars.held[who]
    assert _uid(TUESDAYS[2], "chair") in calendars.held["chair"]
    assert len(calendars.held["cs1"]) == 2
    assert _shown(calendars, "of1") == list(WITH_EVENTS)
    assert upgraded.ask("select ref, rule from series") == [
        ("45-south-east-series-2026-03-17", "2026-01-06 10:00 FREQ=WEEKLY;BYDAY=TU")
    ]
    for number in (0, 1, 2):
        _day(number)
        assert calendars.new() == []


def test_an_event_that_was_out_is_moved_and_taken_out_under_its_own_name(upgraded, calendars):
    _day(0)
    calendars.new()
    upgraded.run(f"update sittings set cancelled_on = '2026-03-17' where ref = '{_ref(TUESDAYS[2])}'")
    upgraded.run("update convenings set ended_on = '2026-03-17', \"end\" = 'cancelled' where sitting_id = 3")
    invite(TODAY + timedelta(days=1), datetime(2026, 3, 17, 6, tzinfo=UTC))
    deliver(datetime(2026, 3, 17, 9, tzinfo=UTC))
    assert calendars.new() == [
        ("chair", "CANCEL", 1), ("cs1", "REQUEST", 1), ("of1", "CANCEL", 1), ("sp1", "CANCEL", 1),
    ]  # fmt: skip
    for who in ("chair", "sp1", "cs1"):
        assert _shown(calendars, who) == [day for day in TUESDAYS if day != TUESDAYS[2]]


def test_the_rest_of_the_tables_is_as_it_was(upgraded):
    assert upgraded.ask("select count(*), count(rule), count(ruled_on) from sittings") == [(6, 0, 0)]
    assert upgraded.ask("select count(*), count(series_id) from invitations") == [(7, 0)]
    assert upgraded.ask("select state, count(*) from messages group by 1 order by 1") == [("queued", 1), ("sent", 6)]
