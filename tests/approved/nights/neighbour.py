"""The force next door, which has a case that came from the first, and whose extracts have faults."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from config.days.london import at_london
from flows.configured import configured
from flows.demo import NOON
from tasks.intake.load import load_folders
from tasks.intake.options import Allowed
from tests.approved.nights.book import Force
from tests.approved.nights.house import House
from tests.worlds.extracts import Rows, a_case, a_contact, an_action, write

FORCE, SOURCE = "46", "athena-46"
_TAKEN = time(4, 20, tzinfo=UTC)
_PEOPLE = (("P46-1", "officer"), ("P46-2", "officer"), ("S46", "supervisor"), ("SP46", "spoc"), ("L46", "lead"))
_PANEL = """\
  - {force_code: "46", cps_area: South East, from: 2026-03-31, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "11:00",
     cases: 2, minutes_per_case: 15, chair: SP46, place: "Room 46", horizon: 28d}
"""


def begins(house: House, force: Force, day: date) -> list[str]:
    """Send a first snapshot: a case that the first force transferred, one beside it, and an action of each."""
    house.agree(house.panels + _PANEL)
    first, second = _cases(house)
    incidents = [_incident("N1", "K1", "2026-03-20")]
    cases = [first, {**second, "risk": "medium"}]
    files = {**_people(), "cases.csv": cases, "actions.csv": _actions("pending"), "incidents.csv": incidents}
    _send(house, day, 1, files)
    return []


def goes_on(house: House, force: Force, day: date) -> list[str]:
    """Send a delta: an action is done, an incident is new, and the officer of a case is another."""
    _, second = _cases(house)
    incidents = [_incident("N2", "K2", "2026-03-30")]
    files = {
        "cases.csv": [{**second, "oic_ref": "P46-1"}],
        "actions.csv": _actions("done")[:1],
        "incidents.csv": incidents,
    }
    _send(house, day, 2, files, mode="delta")
    return []


def loses_columns(house: House, force: Force, day: date) -> list[str]:
    """Send a snapshot without columns that were there, which is refused."""
    _send(house, day, 3, _whole(house), lacking={"cases.csv": ("risk", "victim_contacted_on")})
    return []


def is_taken(house: House, force: Force, day: date) -> list[str]:
    """Load it all the same."""
    (folder,) = (house.home / "kept").glob(f"*-{day:%Y%m%d}")
    made = load_folders(configured(), [folder], at_london(day, NOON), allowed=Allowed(fewer_columns=True))
    return [f"{one.extract_id}: {one.fate.value}, {one.cases_changed} cases changed" for one in made]


def shrinks(house: House, force: Force, day: date) -> list[str]:
    """Send a snapshot that lacks most of its rows."""
    few = {name: rows[:1] for name, rows in _whole(house).items()}
    _send(house, day, 4, few, lacking={"cases.csv": ("risk", "victim_contacted_on")})
    return []


def _whole(house: House) -> Mapping[str, Rows]:
    first, second = _cases(house)
    incidents = [_incident("N1", "K1", "2026-03-20"), _incident("N2", "K2", "2026-03-30")]
    cases = [first, {**second, "oic_ref": "P46-1"}]
    return {**_people(), "cases.csv": cases, "actions.csv": _actions("done"), "incidents.csv": incidents}


def _send(house: House, day: date, number: int, files: Mapping[str, Rows], **given: object) -> None:
    """Put an extract into the drop folder, and keep a copy of it."""
    given = {"extracted_at": datetime.combine(day, _TAKEN).isoformat(), "source": SOURCE, "covers": [FORCE], **given}
    for into in ("drop", "kept"):
        write(Path(house.home, into, f"{SOURCE}-{day:%Y%m%d}"), files, number=number, **given)


def _people() -> dict[str, Rows]:
    people = [
        a_contact(ref, roles=role, force_code=FORCE, email=f"{ref.lower()}@demo.police.uk") for ref, role in _PEOPLE
    ]
    return {"contacts.csv": people}


def _cases(house: House) -> list[dict[str, str]]:
    """Return the case that the first force transferred, and one with a suffix, from which an officer is barred."""
    ((urn,), *_) = house.ask(
        """select k.urn_root from cases c join case_keys k on k.id = c.urn_key_id
           where c.finalised_reason = 'transferred' and c.force_code = '45' order by 1"""
    )
    ordinary = {
        "force_code": FORCE, "cps_area": "South East", "classification": "stalking", "risk": "high", "oic_ref": "P46-1",
        "supervisor_ref": "S46", "opened_on": "2026-03-09", "suspect_status": "at_large",
    }  # fmt: skip
    second = {"oic_ref": "P46-2", "barred_refs": "P46-1"}
    return [a_case("K1", **ordinary, urn=urn), a_case("K2", **{**ordinary, **second, "urn": f"{urn}/2"})]


def _actions(status: str) -> list[dict[str, str]]:
    closed = {"closed_on": "2026-03-30"} if status == "done" else {}
    return [
        an_action("46A1", "K1", force_code=FORCE, owner_ref="P46-1", raised_on="2026-03-12", status=status, **closed),
        an_action("46A2", "K2", force_code=FORCE, owner_ref="P46-2", raised_on="2026-03-19"),
    ]


def _incident(ref: str, case: str, day: str) -> dict[str, str]:
    return {
        "force_code": FORCE, "case_ref": case, "incident_ref": ref, "occurred_on": day, "reported_on": day,
        "kind": "calls",
    }  # fmt: skip
