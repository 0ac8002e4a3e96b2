"""A month of a force whose panel has too few places: the late cases, its SPOCs' messages, and the remedy."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.round_steps import whole_round
from tests.house.source import ROOT
from tests.support.verdicts import faults
from tests.worlds.days import day
from tests.worlds.panels import TUESDAYS, PanelWorld

FIRST, LAST = "Mon 2 Mar 2026", "Mon 30 Mar 2026"
PANEL = {**TUESDAYS, "horizon": "28d"}
ADDED = {**PANEL, "rrule": "FREQ=DAILY;COUNT=1"}  # one more sitting, on a day
BOTH = {"sp1@surrey.police.uk", "cs1@cps.gov.uk"}


class Month(PanelWorld):
    """Days of whole rounds; the next day's extract brings the outcomes of each sitting."""

    def live(self, first: str, last: str) -> None:
        for n in range((day(last) - day(first)).days + 1):
            today = day(first) + timedelta(n)
            made = whole_round(configured(), today, at_london(today).replace(hour=9))
            assert not faults(made)
            for case_ref in self.ask(
                f"""select k.case_ref from convenings v join case_keys k on k.id = v.case_id
                    join sittings s on s.id = v.sitting_id where s.day = '{today}' and v.ended_on is null"""
            ):
                self.belongs("reviews", case_ref, review_ref=f"{case_ref}:{today}", kind="joint", held_on=today,
                             police_attended=True, cps_attended=True)  # fmt: skip

    def held(self) -> dict[str, list[str]]:
        """The cases reviewed on each day."""
        found: dict[str, list[str]] = {}
        for on, case_ref in self.ask(
            "select to_char(held_on, 'DD Mon'), split_part(review_ref, ':', 1) from reviews order by held_on, 2"
        ):
            found.setdefault(on, []).append(case_ref)
        return found

    def late(self, on: str) -> set[str]:
        return {one["case_ref"] for one in self.told_sittings(day(on).isoformat()) if one["late"]}

    def said(self) -> list[tuple[str, str]]:
        """What the letters to SPOCs say of places, in the order in which they were written."""
        found = [
            message_from_bytes(each.read_bytes(), policy=policy.default)
            for each in (settings().home / "mail").glob("new/*")
        ]
        return [
            (str(one["To"].addresses[0].addr_spec), line.removeprefix("* "))
            for one in sorted(found, key=lambda one: one["Date"].datetime)
            for line in one.get_body(("plain",)).get_content().splitlines()
            if line.startswith("* ") and "joint review" in line and " of Surrey (45) and CPS South East" in line
        ]


@pytest.fixture
def month(database, run_cli, tmp_path, monkeypatch) -> Month:
    """Two places every Tuesday. Eight reviews are due on Tue 10 Mar, for which there are four places, and two on the
    24th, when the three of high risk are due again.
    """
    made = Month(database, run_cli, tmp_path, monkeypatch, opened_on=day("Tue 24 Feb 2026"))
    made.say("update contacts set email = lower(contact_ref) || case agency when 'cps' then '@cps.gov.uk' "
             "else '@surrey.police.uk' end")  # fmt: skip
    made.say("update cases set case_ref = 'H0'")
    made.say("update case_keys set case_ref = 'H0'")
    for case_ref in ("H1", "H2"):
        made.case(case_ref, opened_on=day("Tue 24 Feb 2026"))
    for case_ref in ("M1", "M2", "M3"):
        made.case(case_ref, risk="medium", opened_on=day("Tue 10 Feb 2026"))
    for case_ref in ("S1", "S2"):
        made.case(case_ref, risk="standard", opened_on=day("Tue 13 Jan 2026"))
    for case_ref in ("T1", "T2"):
        made.case(case_ref, risk="standard", opened_on=day("Tue 27 Jan 2026"))
    made.panels(PANEL)
    return made


def test_the_least_urgent_are_late_and_both_spocs_read_how_many_places_by_when_would_put_it_right(month):
    month.live(FIRST, FIRST)
    assert month.late(FIRST) == {"M2", "M3", "S1", "S2"}
    said = dict(month.said())
    assert set(said) == BOTH
    assert said["sp1@surrey.police.uk"] == (
        "4 joint reviews of Surrey (45) and CPS South East will be late: 4 more places by Tue 10 Mar 2026, and 1 more "
        "by Tue 24 Mar 2026 would put it right. The most urgent: 45/M2, 45/M3, 45/S1; the attached list has all."
    )
    assert said["sp1@surrey.police.uk"] in " ".join((ROOT / "docs" / "capacity.md").read_text("utf-8").split())


def test_exactly_these_places_leave_nobody_late_and_the_spocs_read_that_too(month):
    month.live(FIRST, FIRST)
    month.panels(
        PANEL,
        {**ADDED, "from": "2026-03-10", "starts": "14:00", "cases": 4},
        {**ADDED, "from": "2026-03-24", "starts": "15:00", "cases": 1},
    )
    month.live("Tue 3 Mar 2026", "Tue 3 Mar 2026")
    assert month.late("Tue 3 Mar 2026") == set()
    placed = (
        "Every joint review of Surrey (45) and CPS South East that falls due by Tue 31 Mar 2026 has a place by its "
        "day, or at the next meeting where it is overdue already."
    )
    assert [line for _, line in month.said()][2:] == [placed] * 2
    month.live("Wed 4 Mar 2026", LAST)
    owed = (
        "select count(*) from obligations where rule = 'joint-review' and due_on between '2026-03-02' and '2026-03-30'"
    )
    assert month.ask(f"{owed} and end_reason = 'met' and ended_on <= due_on + 1") == [13]
    assert month.ask(f"{owed} and (ended_on is null or ended_on > due_on + 1)") == [0]


@pytest.mark.parametrize(("fewer", "by"), [((3, 1), 10), ((4, 0), 24)], ids=["by the 10th", "by the 24th"])
def test_one_place_fewer_leaves_somebody_late(month, fewer, by):
    month.live(FIRST, FIRST)
    added = [
        {**ADDED, "from": f"2026-03-{on}", "starts": "14:00" if on == "10" else "15:00", "cases": places}
        for on, places in zip(("10", "24"), fewer, strict=True)
        if places
    ]
    month.panels(PANEL, *added)
    month.live("Tue 3 Mar 2026", f"Wed {by + 1} Mar 2026")
    assert month.ask(
        f"""select count(*) from obligations where rule = 'joint-review' and due_on between '2026-03-02'
            and '2026-03-{by}' and (ended_on is null or ended_on > due_on + 1)"""
    ) == [1]


def test_over_a_month_urgent_cases_keep_their_days_and_messages_come_on_growth_and_each_monday(month):
    month.live(FIRST, LAST)
    assert month.held() == {
        "03 Mar": ["H2", "M1"],  # the latest places before the 10th that the two more urgent cases leave
        "10 Mar": ["H0", "H1"],
        "17 Mar": ["H2", "M2"],  # H2 is due again, two weeks after it was held
        "24 Mar": ["H0", "H1"],  # T1 and T2, who were due then, gave way
    }
    # Those who never sat are critically overdue by now, and go before H1, which is due on Thu 9 Apr.
    assert month.late(LAST) == {"M3", "S1", "S2", "T1", "T2", "H1"}
    days = month.ask("select distinct to_char(day, 'DD Dy') from messages where kind = 'capacity' order by 1")
    assert [one for one in days if "Mon" in one] == ["02 Mon", "09 Mon", "16 Mon", "23 Mon", "30 Mon"]
    assert [one for one in days if "Mon" not in one] == ["04 Wed", "11 Wed", "25 Wed"]
