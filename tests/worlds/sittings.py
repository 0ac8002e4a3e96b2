"""Sittings of a case: rows as planning and convening write them, recorded outcomes, and a panel with its people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, text

from config.days.london import LONDON
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.rows import World

HELD = ("--held", "--police", "--cps", "--decision", "continue")
ALONE = ("--held", "--police", "--no-cps", "--decision", "continue")
NOT_REACHED = ("--not-held", "--decision", "not_reached")
TODAY = date(2026, 3, 16)
SITS = date(2026, 3, 24)


def sitting(book: OneCase, on: str, *, chair: str = "SP1") -> str:
    """Add a sitting of Surrey with CPS South East on a day, at ten; return its reference."""
    ref = f"45-south-east-{day(on).isoformat()}"
    book.say(
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           values (:ref, '45', 'South East', :day, cast(:day as date) + time '10:00', 12, 10, :chair, 'Room 2')""",
        ref=ref,
        day=day(on),
        chair=chair,
    )
    return ref


def convene(book: OneCase, ref: str, case_ref: str = "45/1234") -> None:
    """Convene the case to a sitting, a week ahead of it, and mark the case as changed."""
    book.say(
        """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
           select k.id, s.id, (select count(*) from convenings v where v.sitting_id = s.id), s.day, s.day, 'due',
                  s.day - 7
           from case_keys k, sittings s where k.case_ref = :case_ref and s.ref = :ref""",
        ref=ref,
        case_ref=case_ref,
    )
    book.changed()


def sits(book: OneCase, on: str, *, case_ref: str = "45/1234", **more: Any) -> str:
    """Add a sitting to which the case is convened; return its reference."""
    ref = sitting(book, on, **more)
    convene(book, ref, case_ref)
    return ref


def record(book: OneCase, ref: str, *said: str, by: str = "SP1", as_of: str, case: str = CASE) -> Any:
    """Run `casebeat record-review` as somebody would type it."""
    return book.cli("record-review", ref, case, "--by", by, *said, "--as-of", day(as_of).isoformat())


def owed(book: OneCase, rule: str = "joint-review") -> list[Any]:
    """The due day and version of the live obligation under a rule."""
    return book.ask(f"select due_on, version from obligations where rule = '{rule}' and ended_on is null order by id")


def london(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


class SittingsWorld:
    """Surrey and CPS South East, each with its SPOC; a chair; officers of1 and of2; prosecutor pr1."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with engine.begin() as connection:
            world = World(connection)
            for ref, roles in (("of1", "officer"), ("of2", "officer"), ("sp1", "spoc"), ("chair", "lead")):
                world.contact(ref, roles=(roles,))
            for ref, roles in (("pr1", "prosecutor"), ("cs1", "spoc")):
                world.contact(
                    ref, roles=(roles,), agency="cps", email=f"{ref}@cps.gov.uk", force_codes=[],
                    cps_areas=["South East"],
                )  # fmt: skip

    def say(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def ask(self, statement: str, **values: Any) -> list[Any]:
        with self.engine.begin() as connection:
            return [tuple(row) if len(row) > 1 else row[0] for row in connection.execute(text(statement), values)]

    def spoc(self, ref: str) -> None:
        """Add another SPOC of Surrey."""
        with self.engine.begin() as connection:
            World(connection).contact(ref, roles=("spoc",))

    def case(
        self,
        case_ref: str,
        *,
        oic: str = "of1",
        prosecutor: str = "pr1",
        restricted: bool = False,
        spoc: str | None = None,
    ) -> int:
        with self.engine.begin() as connection:
            world = World(connection)
            case_id = world.case(case_ref, restricted=restricted)
        self.say("update cases set oic_ref = :oic, spoc_ref = :spoc where id = :id", oic=oic, spoc=spoc, id=case_id)
        self.say(
            "insert into cps_cases (key_id, source_id, prosecutor_ref) select id, source_id, :ref from cases "
            "where id = :id",
            ref=prosecutor,
            id=case_id,
        )
        return case_id

    def sitting(self, day: date = SITS, *, hour: int = 10, **given: Any) -> str:
        ref = f"45-south-east-{day}"
        values = {"places": 12, "minutes_per_case": 10, "chair_ref": "chair", "place": "Room 2", **given}
        self.say(
            f"""insert into sittings (ref, force_code, cps_area, day, starts_at, {", ".join(values)})
                values (:ref, '45', 'South East', :day, :starts_at, {", ".join(f":{name}" for name in values)})""",
            ref=ref,
            day=day,
            starts_at=london(day, hour),
            **values,
        )
        return ref

    def convene(self, case_id: int, ref: str, slot: int, *, because: str = "due", on: date = TODAY) -> None:
        """Give a case its place; its former place ends as moved."""
        self.unconvene(case_id, end="moved", on=on)
        self.say(
            """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
               select :case_id, id, :slot, day + 1, day, :because, :on from sittings where ref = :ref""",
            case_id=case_id,
            ref=ref,
            slot=slot,
            because=because,
            on=on,
        )

    def unconvene(self, case_id: int, *, end: str = "not_owed", on: date = TODAY) -> None:
        self.say(
            """update convenings set ended_on = :on, "end" = :end where case_id = :case_id and ended_on is null""",
            case_id=case_id,
            end=end,
            on=on,
        )

    def move(self, ref: str, day: date, *, hour: int = 10) -> None:
        self.say(
            "update sittings set day = :day, starts_at = :at where ref = :ref", ref=ref, day=day, at=london(day, hour)
        )

    def cancel(self, ref: str) -> None:
        self.say("update sittings set cancelled_on = :on where ref = :ref", ref=ref, on=TODAY)

    def messages(self) -> list[Any]:
        """Each invitation's reader, sequence and state."""
        return self.ask(
            """select contact_ref, split_part(key, ':', -1)::integer, state from messages
               where kind = 'invitation' order by about, contact_ref, id"""
        )
