"""Every calendar, kept from the files sent through days of changes, shows what the database has.

Cases come and go, people are away, meetings move to another day or room and are called off.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
import yaml
from sqlalchemy import Engine

from config.days.duration import Duration, Unit
from config.days.london import LONDON
from flows.configured import configured
from tasks.messages.invitation.send_invitations import invite
from tasks.outbox.delivery import deliver
from tasks.reviews.plan_sittings import plan_sittings
from tests.support.calendars import Calendars
from tests.support.post import RawServer
from tests.worlds.rows import World
from tests.worlds.sittings import SittingsWorld

MONDAY = date(2026, 3, 16)
PLACES, AROUND = 12, timedelta(minutes=5)
PANEL = {
    "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU,TH",
    "starts": "10:00", "cases": PLACES, "minutes_per_case": 10, "chair": "chair", "place": "Room 2", "horizon": "28d",
    "spocs": {"police": "sp1", "cps": "cs1"},
}  # fmt: skip
OTHERWISE = (  # what a panel's file says later: a day and a room move, and a day goes
    {"rrule": "FREQ=WEEKLY;BYDAY=TU,FR"}, {"place": "Room 3"}, {"rrule": "FREQ=WEEKLY;BYDAY=TU"}, {},
)  # fmt: skip
DEPUTIES = {"of1": "of2", "of2": "of1", "pr1": "pr2", "pr2": "pr1", "chair": "dep", "sp1": "sp2"}
SEATS = """select s.day, s.starts_at, v.slot, c.oic_ref, k.prosecutor_ref, coalesce(c.spoc_ref, '')
           from sittings s join convenings v on v.sitting_id = s.id and v.ended_on is null
           join cases c on c.id = v.case_id join cps_cases k on k.key_id = c.id
           where s.cancelled_on is null and s.day > :after and s.day <= :last"""


class Due(NamedTuple):
    """A meeting that a person is to have on a day: exactly from the first of their own cases, or around all cases."""

    first: datetime
    last: datetime
    own: bool

    def shown_by(self, starts: datetime, ends: datetime) -> bool:
        if self.own:
            return starts == self.first - AROUND and ends >= self.last + AROUND
        return self.last - self.first < timedelta(hours=2) and starts <= self.first and self.last <= ends


class Weeks(SittingsWorld):
    """A pair that sits twice a week, whose cases come and go, and whose people are away."""

    def __init__(self, engine: Engine, rng: Random, folder: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(engine)
        self.rng, self.cases, self.today = rng, dict[int, str](), MONDAY
        self._folder, self._patch = folder, patch
        with engine.begin() as connection:
            world = World(connection)
            for ref, role in (("sp2", "spoc"), ("dep", "lead")):
                world.contact(ref, roles=(role,))
            world.contact(
                "pr2",
                roles=("prosecutor",),
                agency="cps",
                email="pr2@cps.gov.uk",
                force_codes=[],
                cps_areas=["South East"],
            )
        for ref, deputy in DEPUTIES.items():
            self.say("update contacts set deputy_ref = :deputy where contact_ref = :ref", ref=ref, deputy=deputy)

    def panel(self, number: int, **other: str) -> None:
        path = self._folder / f"panels{number}.yaml"
        path.write_text(yaml.safe_dump({"panels": [PANEL | other]}))
        self._patch.setenv("CASEBEAT_PANELS", str(path))

    def night(self) -> None:
        """Plan, invite at six and deliver at nine; the next day is a working day. Cases of what went are out."""
        at = datetime(self.today.year, self.today.month, self.today.day, 6, tzinfo=UTC)
        plan_sittings(configured(), "45", self.today)
        placed = set(self.ask("select case_id from convenings where ended_on is null"))
        self.cases = {case: ref for case, ref in self.cases.items() if case in placed}
        invite(configured(), self.today, at)
        deliver(configured(), at + timedelta(hours=3))
        self.today = configured().calendar.plus(self.today, Duration(1, Unit.WORKING_DAYS))

    def changes(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            self.comes()
        if self.cases and self.rng.random() < 0.6:
            gone = self.rng.choice(sorted(self.cases))
            self.unconvene(gone, on=self.today)
            del self.cases[gone]
        if self.cases and self.rng.random() < 0.4:
            oic, case = self.rng.choice(("of1", "of2")), self.rng.choice(sorted(self.cases))
            self.say("update cases set oic_ref = :oic where id = :id", oic=oic, id=case)
        if self.rng.random() < 0.5:
            self.leaves()

    def comes(self) -> None:
        """Convene a case to a sitting ahead: its slot is the lowest that is free."""
        refs = self.ask("select ref from sittings where day > :on and cancelled_on is null", on=self.today)
        ref, number = self.rng.choice(sorted(refs)[:5]), len(self.ask("select id from cases"))
        taken = self.ask(
            """select slot from convenings v join sittings s on s.id = v.sitting_id
               where s.ref = :ref and v.ended_on is null""",
            ref=ref,
        )
        free = [slot for slot in range(PLACES) if slot not in taken]
        oic, prosecutor = self.rng.choice(("of1", "of2")), self.rng.choice(("pr1", "pr2"))
        case = self.case(str(number), oic=oic, prosecutor=prosecutor, spoc=self.rng.choice(("sp2", None)))
        self.convene(case, ref, free[0], on=self.today)
        self.cases[case] = ref

    def leaves(self) -> None:
        """Somebody goes on leave, unless who stands in for them is away at all."""
        ref = self.rng.choice(sorted(DEPUTIES))
        first = self.today + timedelta(days=self.rng.randint(0, 6))
        if not self.ask("select 1 from absences where contact_ref in (:ref, :deputy)", ref=ref, deputy=DEPUTIES[ref]):
            self.say(
                """insert into absences (contact_ref, source_id, from_on, to_on)
                   select contact_ref, source_id, :first, :last from contacts where contact_ref = :ref""",
                ref=ref,
                first=first,
                last=first + timedelta(days=self.rng.randint(0, 5)),
            )

    def due(self, last: date) -> dict[tuple[str, date], Due]:
        """Each person's meetings after yesterday up to a day, by the rows alone."""
        away = self.ask("select contact_ref, from_on, to_on from absences")
        seats: dict[tuple[str, date, bool], list[datetime]] = {}
        for day, starts_at, slot, *own in self.ask(SEATS, after=self.today - timedelta(days=1), last=last):
            at = starts_at + timedelta(minutes=10 * slot)
            for ref, whole in ((ref, ref in {"chair", "sp1", "cs1"}) for ref in ("chair", "sp1", "cs1", *own) if ref):
                absent = any(ref == who and first <= day <= until for who, first, until in away)
                seats.setdefault((DEPUTIES[ref] if absent else ref, day, not whole), []).append(at)
        found = {}
        for (ref, day, own), times in sorted(seats.items(), key=lambda seat: seat[0][2], reverse=True):
            found[ref, day] = Due(min(times), max(times) + timedelta(minutes=10), own and ref != "sp2")
        return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_calendar_kept_from_the_files_sent_shows_each_persons_meetings_and_no_others(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    with RawServer() as post:
        for name, value in (("HOST", "localhost"), ("PORT", str(post.port)), ("OPERATIONS", "ops@surrey.police.uk")):
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
        weeks = Weeks(database, Random(seed), tmp_path, monkeypatch)  # noqa: S311
        calendars, compared = Calendars(post), 0
        weeks.panel(0)
        weeks.night()
        for number, otherwise in enumerate(({}, *OTHERWISE), 1):
            weeks.panel(number, **otherwise)
            for acts in (True, True, False):
                if acts:
                    weeks.changes()
                weeks.night()
                calendars.new()
                compared += _compared(weeks, calendars)
        assert compared > 12


def _compared(weeks: Weeks, calendars: Calendars) -> int:
    """Hold everybody's calendar of the next working day against the rows; return how many meetings were compared."""
    due, number = weeks.due(weeks.today), 0
    for ref in sorted({*calendars.held, *(ref for ref, _ in due)}):
        shown = _shown(calendars, ref, weeks.today, weeks.today)
        assert set(shown) == {day for who, day in due if who == ref}, (ref, weeks.today)
        for day, (starts, ends) in shown.items():
            assert due[ref, day].shown_by(starts, ends), (ref, day, starts, ends, due[ref, day])
            number += 1
    return number


def _shown(calendars: Calendars, ref: str, first: date, last: date) -> dict[date, tuple[datetime, datetime]]:
    until = datetime(last.year, last.month, last.day, 23, tzinfo=LONDON)
    return {starts.date(): (starts, ends) for starts, ends in calendars.at(ref, until) if starts.date() >= first}
