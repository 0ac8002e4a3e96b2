"""A case with a value in each of its columns: each day is another one, so that it shows where it is read."""

from datetime import date, timedelta

from sqlalchemy import Date

from config.access.case_fields import TABLES
from models import Base
from models.rules.arithmetic import format_day
from tests.worlds.one_case import OneCase

URN = "45AB0001234"
CANARY = "Canary"
OTHERS = {
    "cases": {
        "relationship": "ex_partner", "suspect_status": "bail", "finalised_reason": "nfa_cps",
        "victim_contact_days": 4711, "victim_key": f"{CANARY}-victim", "suspect_key": f"{CANARY}-suspect",
        "spoc_ref": "SP1",
    },
    "suspects": {
        "suspect_ref": f"{CANARY}-suspect", "suspect_status": "bail", "suspect_key": f"{CANARY}-suspect",
    },
    "cps_cases": {"prosecutor_ref": "C1", "spoc_ref": "CS1", "charged_codes": ["PH97006"], "in_custody": False},
    "defendants": {"defendant_ref": f"{CANARY}-defendant", "in_custody": True},
    "incidents": {"incident_ref": "I_1", "breach": True},
    "actions": {
        "action_ref": f"{CANARY}-action", "kind": f"{CANARY}_KIND", "source": "investigation",
        "owner_agency": "police", "status": "done", "owner_ref": "P1",
    },
    "reviews": {"review_ref": f"{CANARY}-review", "kind": "joint", "police_attended": True, "cps_attended": False},
    "referrals": {"referral_ref": f"{CANARY}-referral", "decision": "further_work", "checklist_missing": ["C03"]},
    "orders": {"order_ref": f"{CANARY}-order", "kind": "interim_spo"},
    "pleas": {"plea_ref": f"{CANARY}-plea", "charged_code": "PH97011", "plea_code": "PH97009"},
}  # fmt: skip


class FullCase(OneCase):
    """The case of `OneCase`, with every column filled and one row in every table of its own."""

    def fill(self) -> dict[tuple[str, str], str]:
        """Fill it; return each day as it is shown, by table and column."""
        self.say("delete from actions")
        self.say("insert into case_keys (urn_root) values (:urn)", urn=URN)
        self.say("update cases set urn_key_id = (select id from case_keys where urn_root = :urn)", urn=URN)
        days, shown = iter(date(2025, 1, 1) + timedelta(days=n) for n in range(200)), {}
        for table in TABLES:
            columns = Base.metadata.tables[table.name].columns
            dated = {field.column: next(days) for field in table.fields if isinstance(columns[field.column].type, Date)}
            shown |= {(table.name, name): format_day(day) for name, day in dated.items()}
            values = {**OTHERS[table.name], **dated}
            if table.name == "cases":
                given = ", ".join(f"{name} = :{name}" for name in values)
                self.say(f"update cases set {given}, status_seen_on = '2024-12-31'", **values)
            else:
                self.belongs(table.name, **values)
        return shown
