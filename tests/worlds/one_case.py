"""One case in a real book, day by day: write its facts as an extract would, run its rounds, call its commands."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, text

from config.days.london import at_london
from flows.configured import configured
from flows.round_result import RoundResult
from flows.round_steps import force_round, whole_round
from tests.worlds.days import day
from tests.worlds.extracts import send_every_column

PEOPLE = {
    "P1": ("police", ["officer"]),
    "S1": ("police", ["supervisor"]),
    "SP1": ("police", ["spoc"]),
    "L1": ("police", ["lead"]),
    "C1": ("cps", ["prosecutor"]),
    "M1": ("cps", ["legal_manager"]),
    "CS1": ("cps", ["spoc"]),
}
CASE = "45/45/1234"


class OneCase:
    """A high-risk stalking case of Mon 2 Mar 2026, with the action A1, which falls due on Mon 16 Mar 2026."""

    def __init__(self, engine: Engine, run_cli: Callable[..., Any], **facts: Any) -> None:
        self.engine, self.cli = engine, run_cli
        self.say(
            """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
               values ('niche-45', 'police', '{45}', '2026-03-02T05:00Z', '2026-03-02T05:00Z')"""
        )
        with engine.begin() as connection:
            send_every_column(connection)
        for ref, (agency, roles) in PEOPLE.items():
            self.say(
                """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                         first_seen_on)
                   select :ref, id, :agency, 'Robin Example', 'robin@surrey.police.uk', :roles, :forces, :areas,
                          '2026-03-02' from sources""",
                ref=ref,
                agency=agency,
                roles=roles,
                forces=["45"] if agency == "police" else [],
                areas=["South East"] if agency == "cps" else [],
            )
        self.case("45/1234", **facts)
        self.action("A1")

    def case(self, case_ref: str, **facts: Any) -> None:
        values = {
            "cps_area": "South East", "opened_on": "2026-03-02", "offence_codes": ["PH97011"],
            "classification": "stalking", "risk": "high", "oic_ref": "P1", "supervisor_ref": "S1", **facts,
        }  # fmt: skip
        self.say("insert into case_keys (force_code, case_ref) values ('45', :ref)", ref=case_ref)
        self.say(
            f"""insert into cases (id, source_id, force_code, case_ref, {", ".join(values)})
                select k.id, s.id, k.force_code, k.case_ref, {", ".join(f":{name}" for name in values)}
                from case_keys k, sources s where k.case_ref = :ref and s.agency is not null""",
            ref=case_ref,
            **values,
        )

    def action(self, ref: str, **facts: Any) -> None:
        values = {
            "kind": "WITNESS_STATEMENT", "source": "investigation", "owner_agency": "police", "status": "pending",
            "raised_on": "2026-03-02", **facts,
        }  # fmt: skip
        self.belongs("actions", action_ref=ref, **values)

    def belongs(self, table: str, case_ref: str = "45/1234", **values: Any) -> None:
        """Add a row of the case."""
        self.say(
            f"""insert into {table} (key_id, source_id, {", ".join(values)})
                select k.id, s.id, {", ".join(f":{name}" for name in values)} from case_keys k, sources s
                where k.case_ref = :case_ref_ and s.agency is not null""",
            case_ref_=case_ref,
            **values,
        )
        self.changed()

    def restrict(self, *, by_link: bool) -> None:
        """Mark every case as restricted; or one that is over, with which all the others are then linked."""
        if not by_link:
            self.say("update cases set restricted = true")
            return
        self.case("45/LINK", restricted=True, finalised_on="2026-03-03", finalised_reason="nfa_police")
        self.say("insert into case_keys (urn_root) values ('45ZZ0000126')")
        self.say("update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000126')")

    def changed(self) -> None:
        self.say("update cases set projection = 'changed'")

    def say(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def ask(self, statement: str) -> list[Any]:
        with self.engine.begin() as connection:
            return [row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text(statement))]

    def round(self, on: str | date) -> None:
        today = day(on) if isinstance(on, str) else on
        made = force_round(configured(), "45", today, at_london(today))
        assert not made.degraded, made.failure

    def rounds(self, first: str, last: str) -> None:
        """Run a round on every day, first and last included."""
        for n in range((day(last) - day(first)).days + 1):
            self.round(day(first) + timedelta(days=n))

    def acknowledge(self, on: str, until: str, *more: str, by: str = "P1", what: str = "action") -> Any:
        return self.cli(
            "acknowledge", CASE, what, "--by", by, "--until", day(until).isoformat(),
            "--reason", "Secret Words of hers", "--as-of", day(on).isoformat(), *more,
        )  # fmt: skip

    def explain(self, on: str, *more: str) -> Any:
        return self.cli("explain", CASE, "--as-of", day(on).isoformat(), *more)

    def steps(self, rule: str = "action") -> list[Any]:
        return self.ask(
            f"""select s.on_day, s.name, s.outcome, s.reason from steps s join obligations o on o.id = s.obligation_id
                where o.rule = '{rule}' and s.outcome <> 'superseded' order by s.id"""
        )

    def told(self, rule: str = "action") -> list[Any]:
        """The events and messages of each day: one line for each, however many people got it."""
        return self.ask(
            f"""select distinct n.day, n.happening, n.step_name from notifications n
                join obligations o on o.id = n.obligation_id where o.rule = '{rule}' order by n.day"""
        )

    def promises(self) -> list[Any]:
        return self.ask('select by_ref, until_on, renewals, type, "end", ended_on from promises order by id')


def contact(book, ref, *roles, **more):
    agency = more.pop("agency", "police")
    values = {"active_from": None, "deputy_ref": None, **more}
    book.say(
        f"""insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                                  first_seen_on, {", ".join(values)})
            select :ref, id, :agency, 'Sam Example', lower(:ref) || '@surrey.police.uk', :roles, :forces, :areas,
                   '2026-03-02', {", ".join(f":{name}" for name in values)} from sources""",
        ref=ref, agency=agency, roles=list(roles), forces=["45"] if agency == "police" else [],
        areas=["South East"] if agency == "cps" else [], **values,
    )  # fmt: skip


def away(book, ref, first="2026-03-16", last="2026-03-27"):
    book.say(
        "insert into absences (contact_ref, from_on, to_on, source_id) select :ref, :first, :last, id from sources",
        ref=ref, first=first, last=last,
    )  # fmt: skip


def left(book, ref, on="2026-03-16"):
    book.say("update contacts set active_to = :on where contact_ref = :ref", ref=ref, on=on)


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
        return whole_round(configured(), day(on), at_london(day(on)), only=only)

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
