"""A book for the rules without a case: one stalking case, its people, and the rows of their training."""

from typing import Any

from config.days.london import at_london
from flows.round_result import RoundResult
from flows.round_steps import whole_round
from tests.worlds.days import day
from tests.worlds.one_case import OneCase


class WholeBook(OneCase):
    """`OneCase` with C1 as its prosecutor, named by the case's own reference, and both SPOCs trained without expiry."""

    def __init__(self, *given: Any, **facts: Any) -> None:
        super().__init__(*given, **facts)
        self.belongs("cps_cases", prosecutor_ref="C1")
        for ref in ("SP1", "CS1"):
            self.trained(ref, "spoc_role")

    def trained(self, ref: str, course: str, **facts: Any) -> None:
        """Add a row of training, completed on Mon 2 Mar 2026 unless another day is given."""
        values = {"contact_ref": ref, "course": course, "completed_on": "2026-03-02", **facts}
        self.say(
            f"""insert into training (source_id, {", ".join(values)})
                select id, {", ".join(f":{name}" for name in values)} from sources limit 1""",
            **values,
        )

    def contact(self, ref: str, agency: str, roles: list[str], places: list[str], **facts: Any) -> None:
        """Add a person, first seen on Mon 2 Mar 2026."""
        values = {
            "contact_ref": ref, "agency": agency, "name": "Robin Example", "email": "robin@surrey.police.uk",
            "roles": roles, "force_codes": places if agency == "police" else [],
            "cps_areas": places if agency == "cps" else [], "first_seen_on": "2026-03-02", **facts,
        }  # fmt: skip
        self.say(
            f"""insert into contacts (source_id, {", ".join(values)})
                select id, {", ".join(f":{name}" for name in values)} from sources limit 1""",
            **values,
        )

    def whole_round(self, on: str, only: str | None = None) -> RoundResult:
        """Run a whole round of that day."""
        return whole_round(day(on), at_london(day(on)), only=only)

    def lives(self) -> list[Any]:
        """Every version without a case, except the sources': rule, subject, version, due day, end."""
        return self.ask(
            """select rule, subject, version, due_on, end_reason from obligations
               where case_id is null and rule <> 'feed-stale' order by rule, subject, version"""
        )

    def heard(self, rule: str) -> list[Any]:
        """The notifications decided under a rule: day, subject, step, the ladder's addressee, reader, reason."""
        return self.ask(
            f"""select n.day, o.subject, n.step_name, n.addressee, n.contact_ref, n.note
                from notifications n join obligations o on o.id = n.obligation_id
                where o.rule = '{rule}' and n.channel = 'email' order by n.id"""
        )
