"""A force and a CPS Area that review together, in a real book: panels as an installation writes them, and sittings."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TUESDAYS = {
    "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "starts": "10:00", "cases": 2, "minutes_per_case": 10, "chair": "SP1", "place": "Room 2", "horizon": "21d",
}  # fmt: skip
MONDAY, FRIDAY = "Mon 16 Mar 2026", "Fri 20 Mar 2026"
WRONG = "Mon 1 Mar 2027"


class PanelWorld(OneCase):
    """One case, and panels that may be changed from day to day."""

    def __init__(self, engine: Any, run_cli: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, **facts: Any) -> None:
        self.folder, self.monkeypatch, self.files = folder, monkeypatch, 0
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        super().__init__(engine, run_cli, **facts)

    def panels(self, *panels: dict[str, Any]) -> None:
        """Write the panels' file that is used from now on."""
        self.files += 1  # a process reads a file once
        path = self.folder / f"panels{self.files}.yaml"
        path.write_text(yaml.safe_dump({"panels": list(panels)}))
        self.monkeypatch.setenv("CASEBEAT_PANELS", str(path))

    def several(self, count: int, risk: str = "standard", **facts: Any) -> None:
        """Add cases of a risk: S0, S1 and so on, named for its first letter."""
        for number in range(count):
            self.case(f"{risk[0].upper()}{number}", risk=risk, **facts)

    def sittings(self) -> list[Any]:
        return self.ask("select ref from sittings where cancelled_on is null order by starts_at, ref")

    def where(self) -> dict[str, str]:
        """Each convened case's sitting, by the day in its reference."""
        return dict(
            self.ask(
                """select k.case_ref, right(s.ref, 5) from convenings v join case_keys k on k.id = v.case_id
                   join sittings s on s.id = v.sitting_id where v.ended_on is null order by s.starts_at, v.slot"""
            )
        )

    def history(self, case_ref: str) -> list[Any]:
        """A case's convenings in order: sitting, reason, and end."""
        return self.ask(
            f"""select right(s.ref, 5), v.because, v."end" from convenings v join case_keys k on k.id = v.case_id
                join sittings s on s.id = v.sitting_id where k.case_ref = '{case_ref}' order by v.id"""
        )

    def told_sittings(self, on: str, *more: str) -> list[dict[str, Any]]:
        ran = self.cli("sittings", "--json", "--as-of", on, *more)
        assert ran.code == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]


class WrongDay(PanelWorld):
    """A case with its rounds up to Mon 16 Mar 2026, and the means to run a round of a wrong day and to undo it."""

    def whole(self, on: str) -> None:
        made = whole_round(configured(), day(on), at_london(day(on)))
        assert not faults(made)

    def undo(self, on: str = MONDAY, after: str = MONDAY, by: str = "L1", *more: str):
        given = ("--after", day(after).isoformat(), "--by", by, "--as-of", day(on).isoformat(), *more)
        return self.cli("undo-rounds", *given)

    def undone(self, on: str = MONDAY, after: str = MONDAY) -> str:
        ran = self.undo(on, after)
        assert ran.code == 0, ran.err
        return ran.out

    def state(self) -> list[list[object]]:
        """All that a ladder knows, and what was said of it, without what is void."""
        return [
            self.ask(statement)
            for statement in (
                """select case_id, rule, subject, version, due_on, ended_on, end_reason, last_step, taken_on::text
                   from obligations where end_reason is distinct from 'void' order by 1, 2, 3, 4""",
                """select o.case_id, o.rule, o.subject, s.step, s.outcome, s.on_day from steps s
                   join obligations o on o.id = s.obligation_id where s.outcome <> 'void' order by 1, 2, 3, 4, 5""",
                """select o.case_id, o.rule, n.step, n.occasion, n.day, n.contact_ref from notifications n
                   join obligations o on o.id = n.obligation_id where n.state <> 'void' order by 1, 2, 3, 4, 5, 6""",
                """select k.case_ref, s.ref, v.slot, v.because, v.convened_on from convenings v
                   join case_keys k on k.id = v.case_id join sittings s on s.id = v.sitting_id
                   where v.ended_on is null order by 1""",
                "select ref, day from sittings where cancelled_on is null order by 1",
            )
        ]
