"""A book of two forces and a CPS Area whose Monday has one of every kind of message."""

from datetime import date, timedelta
from pathlib import Path

from tests.worlds.extracts import a_case, a_contact, an_action, write

BEFORE = (date(2026, 3, 2), date(2026, 3, 11), date(2026, 3, 18), date(2026, 3, 20))  # rounds without a fault
MONDAY = date(2026, 3, 23)  # the first working day of its week
IN_SLACK = {"P1": "U0P1", "SP1": "U0SP1", "SP2": "U0SP2"}
AREA = "South East"


def _contacts() -> list[dict[str, str]]:
    who = {
        "P1": ("officer", "45"), "P2": ("officer", "45"), "P3": ("officer", "46"), "S1": ("supervisor", "45;46"),
        "SP1": ("spoc", "45"), "SP2": ("spoc", "46"), "L1": ("lead", "45;46"),
    }  # fmt: skip
    return [
        a_contact(ref, roles=roles, force_code=forces, slack_user_id=IN_SLACK.get(ref, ""))
        for ref, (roles, forces) in who.items()
    ]


def _lawyers() -> list[dict[str, str]]:
    roles = {"C1": "prosecutor", "M1": "legal_manager", "CS1": "spoc", "CL1": "lead"}
    return [
        {"contact_ref": ref, "agency": "cps", "name": "Pat Example", "email": f"{ref.lower()}@cps.gov.uk",
         "roles": role, "cps_area": AREA}
        for ref, role in roles.items()
    ]  # fmt: skip


def _cases(*, monday: bool) -> list[dict[str, str]]:
    usual = {
        "opened_on": "2026-03-02", "supervisor_ref": "S1", "risk": "high", "offence_codes": "PH97010", "cps_area": AREA,
        "victim_contacted_on": "2026-03-02", "risk_assessed_on": "2026-03-02",
    }  # fmt: skip
    given: dict[str, dict[str, str]] = {
        "K1": {},  # its action has waited longest
        "K2": {"oic_ref": "P2"},  # its action is done on the Monday
        "K3": {"force_code": "46", "oic_ref": "P3"},
        "K4": {"offence_codes": "PH97006", "last_act_on": "2025-09-29", "opened_on": "2025-11-02"},  # a time limit ends
        "K5": {"force_code": "46", "oic_ref": "P3", "restricted": "yes"},
        "K6": {"oic_ref": "P2" if monday else "P1"},  # it gets another officer
    }
    if monday:
        given["K7"] = {"opened_on": "2026-03-22", "risk": ""}
        given["K8"] = {"risk": "very", "classification": "harassment", "offence_codes": "PH97004"}  # rejected
    return [a_case(ref, **{**usual, **more}) for ref, more in given.items()]


def _actions(*, monday: bool) -> list[dict[str, str]]:
    done = {"status": "done", "closed_on": "2026-03-21"} if monday else {}
    return [
        an_action("A1", "K1", raised_on="2026-03-02", due_on="2026-03-10"),
        an_action("A2", "K2", raised_on="2026-03-02", due_on="2026-03-12", **done),
        an_action("A3", "K3", raised_on="2026-03-02", due_on="2026-03-20", force_code="46"),
        an_action("A5", "K5", raised_on="2026-03-02", due_on="2026-03-19", force_code="46"),
        an_action("A6", "K6", raised_on="2026-03-02", due_on="2026-03-13"),
    ]


def _raised_since(day: date) -> list[dict[str, str]]:
    """An action raised on each day after the Monday; those with even numbers are done after a while."""
    found = []
    for number in range((day - MONDAY).days):
        raised = MONDAY + timedelta(days=number)
        closed = raised + timedelta(days=12)
        done = {"status": "done", "closed_on": str(closed)} if number % 2 == 0 and closed < day else {}
        case = ("K1", "K3", "K4", "K6", "K7")[number % 5]
        force = "46" if case == "K3" else "45"
        dates = {"raised_on": str(raised), "due_on": str(raised + timedelta(days=4))}
        found.append(an_action(f"B{number}", case, force_code=force, **dates, **done))
    return found


def extracts(folder: Path, day: date) -> list[Path]:
    """The extracts of both systems in the night before a day."""
    monday, number = day >= MONDAY, day.toordinal()
    sent = f"{day.isoformat()}T05:10:00+00:00"
    police = {
        "contacts.csv": _contacts(),
        "cases.csv": _cases(monday=monday),
        "actions.csv": [*_actions(monday=monday), *_raised_since(day)],
    }  # fmt: skip
    return [
        write(folder / f"niche-{day}", police, number=number, extracted_at=sent, covers=["45", "46"]),
        write(
            folder / f"cms-{day}", {"contacts.csv": _lawyers()}, number=number, extracted_at=sent, agency="cps",
            source="cms-se", covers=["45", "46"],
        ),
    ]  # fmt: skip
