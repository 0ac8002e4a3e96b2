"""The order in which sittings and agendas are read: whatever order their rows were written in."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.queries.reviews import agenda
from tasks.reviews.sitting_list import from_today
from tests.worlds.sittings import SITS, TODAY, SittingsWorld, london


@pytest.fixture
def world(database: Any) -> SittingsWorld:
    return SittingsWorld(database)


@pytest.mark.parametrize("hours", [(9, 11, 14), (14, 11, 9), (11, 14, 9)])
def test_sittings_are_listed_the_earliest_first(world: SittingsWorld, hours: tuple[int, ...]) -> None:
    world.sitting(SITS + timedelta(days=7))
    for hour in hours:
        world.say("update sittings set ref = ref || '-' || :hour where day = :day", hour=hour, day=SITS)
        world.sitting(SITS, hour=hour)
    with world.engine.begin() as connection:
        listed = from_today(connection, "45", TODAY)
    assert [one.starts_at for one in listed] == [
        *(london(SITS, hour) for hour in (9, 11, 14)),
        london(SITS + timedelta(days=7)),
    ]


def _agenda(world: SittingsWorld, ref: str, made_on: date, case_id: int, seen: str) -> None:
    world.say(
        """insert into agendas (sitting_id, occasion, day, made_on, digest, seen)
           select id, :occasion, day, :made_on, '', jsonb_build_object(:case ::text, jsonb_build_array(:seen ::text))
           from sittings where ref = :ref""",
        occasion="before" if made_on < TODAY else "morning", made_on=made_on, case=str(case_id), seen=seen, ref=ref,
    )  # fmt: skip


@pytest.mark.parametrize("latest_first", [False, True])
def test_the_last_agenda_of_a_case_is_the_latest_whichever_was_written_first(
    world: SittingsWorld, *, latest_first: bool
) -> None:
    case_id, ref = world.case("1"), world.sitting()
    world.convene(case_id, ref, 0)
    made = [(TODAY - timedelta(days=3), "early"), (TODAY, "late")]
    for made_on, seen in reversed(made) if latest_first else made:
        _agenda(world, ref, made_on, case_id, seen)
    (sitting_id,) = world.ask("select id from sittings")
    with world.engine.begin() as connection:
        found = agenda.last_agendas(connection, [case_id], sitting_id, TODAY + timedelta(days=1))
    assert list(found[case_id].keys) == ["late"]
