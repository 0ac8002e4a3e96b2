"""The way back from a round of a day that had not come, where a force's first day lies between, or is today."""

from pathlib import Path
from typing import Any

import pytest

from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, WRONG, WrongDay
from tests.worlds.starting import force_starts

FRIDAY, MONDAY, THURSDAY = "Fri 13 Mar 2026", "Mon 16 Mar 2026", "Thu 19 Mar 2026"
BEFORE = {("13", "two-weeks", "CS1"), ("13", "two-weeks", "SP1")}  # of the bail that ends


class Starts(WrongDay):
    """A force with a first day, a bail that ends two weeks from Fri 13 Mar, and the rounds up to Mon 16 Mar."""

    def __init__(self, first: str, folder: Path, monkeypatch: pytest.MonkeyPatch, engine: Any, run_cli: Any) -> None:
        force_starts(monkeypatch, folder, {"45": day(first)})
        super().__init__(engine, run_cli, folder, monkeypatch)
        self.panels(TUESDAYS)
        self.case("B1", risk="high", suspect_status="bail", bail_ends_on="2026-03-27")
        self.whole(FRIDAY)
        self.whole(MONDAY)

    def heard(self, rule: str, case_ref: str = "B1") -> set[tuple[str, str, str]]:
        """What is not void: the day of March, the step, and who."""
        return set(
            self.ask(
                f"""select to_char(n.day, 'DD'), n.step_name, coalesce(n.contact_ref, 'operations')
                    from notifications n join obligations o on o.id = n.obligation_id
                    join case_keys k on k.id = o.case_id
                    where o.rule = '{rule}' and k.case_ref = '{case_ref}' and n.state <> 'void'"""
            )
        )


@pytest.fixture
def starting(database: Any, run_cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda first: Starts(first, tmp_path, monkeypatch, database, run_cli)


@pytest.mark.parametrize("wrong", [THURSDAY, "Mon 23 Mar 2026", WRONG], ids=["that day", "a week on", "a year on"])
def test_a_round_on_or_past_the_first_day_is_undone_before_it_and_the_day_comes_as_it_would(
    starting: Any, wrong: str
) -> None:
    world = starting(THURSDAY)
    before = world.state()
    assert (world.heard("bail-end"), world.sittings()) == (BEFORE, [])
    world.whole(wrong)
    assert world.heard("action", "45/1234")
    assert world.sittings()
    world.undone()
    assert world.state() == before
    world.whole("Tue 17 Mar 2026")
    assert (world.heard("bail-end"), world.heard("action", "45/1234"), world.sittings()) == (BEFORE, set(), [])
    world.whole(THURSDAY)
    assert world.heard("bail-end") - BEFORE == {("19", "two-weeks", "P1"), ("19", "two-weeks", "S1")}
    assert world.heard("action", "45/1234") == {("19", "reminder", "P1")}
    assert world.sittings() == [f"45-south-east-2026-{on}" for on in ("03-24", "03-31", "04-07")]


def test_a_round_undone_on_the_first_day_leaves_what_that_day_said_and_nobody_hears_it_twice(starting: Any) -> None:
    world = starting(MONDAY)
    before = world.state()
    today = BEFORE | {("16", "two-weeks", "P1"), ("16", "two-weeks", "S1")}
    assert world.heard("bail-end") == today
    world.whole(WRONG)
    world.undone()
    assert world.state() == before
    world.whole("Tue 17 Mar 2026")
    assert world.heard("bail-end") == today


def test_where_the_first_day_is_still_to_come_in_the_wrong_round_it_waits_as_before(starting: Any) -> None:
    world = starting("Tue 12 May 2026")
    before = world.state()
    world.whole("Mon 11 May 2026")
    assert world.heard("bail-end") - BEFORE
    world.undone()
    assert world.state() == before
    world.whole("Tue 17 Mar 2026")
    assert world.state() == before
