"""Sittings, convenings, outcomes and reviews, written directly into the tables for tests of one statement."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select, text, update

from models.acts import ActRow
from models.audit import AuditRow, AuditSeal
from models.cases import ActionRow, Case, CpsCase, IncidentRow, ReviewRow
from models.intake import CaseKey, Source
from models.outbox import Message
from models.people import Absence
from models.rounds import Switch, Undoing
from models.sittings import AgendaRow, Convening, OutcomeRow, SittingRow
from tests.worlds.rows import AT_NINE, TUESDAY, World


class ReviewRows(World):
    """A world whose sittings are of Surrey and CPS South East, at ten, unless another pair or hour is given.

    PostgreSQL reads its tables row by row, and groups by hashes: neither an index nor a sort of its own gives an order
    that a statement does not ask for. The connection is closed with its plans.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        connection.detach()
        for way in ("indexscan", "indexonlyscan", "bitmapscan", "sort"):
            connection.execute(text(f"set local enable_{way} = off"))

    at = AT_NINE

    def case_of(self, case_ref: str, force: str = "45", area: str = "South East", **given: Any) -> int:
        """Add a high-risk case of a pair; by its id, its keys and its rows can be named."""
        key_id = self._put(CaseKey, force_code=force, case_ref=case_ref)
        ordinary = {
            "cps_area": area, "opened_on": date(2026, 1, 5), "offence_codes": ["PH97011"], "classification": "stalking",
            "risk": "high", "oic_ref": "of1", "source_id": self.source_id,
        }  # fmt: skip
        return self._put(Case, **ordinary | {"id": key_id, "force_code": force, "case_ref": case_ref} | given)

    def say_of(self, case_id: int, **given: Any) -> None:
        """Change columns of a case."""
        self.connection.execute(update(Case).where(Case.id == case_id).values(**given))

    def urn(self, root: str) -> int:
        return self._put(CaseKey, urn_root=root)

    def owes(self, case_id: int | None, due_on: date, force: str | None = "45", **given: Any) -> int:
        """Add a joint review that falls due on a day and escalates on it."""
        days = {"due_on": due_on, "escalate_on": due_on, "remind_on": due_on, "last_step": 0}
        return self.obligation(case_id, **days | {"force_code": force} | given)

    def sitting(self, ref: str, day: date, force: str = "45", area: str = "South East", **given: Any) -> int:
        ordinary = {
            "starts_at": datetime.combine(day, time(10), UTC), "places": 2, "minutes_per_case": 10,
            "chair_ref": "chair", "place": "Room 2",
        }  # fmt: skip
        return self._put(
            SittingRow, **ordinary | {"ref": ref, "day": day, "force_code": force, "cps_area": area} | given
        )

    def absence(self, ref: str, from_on: date, to_on: date, **given: Any) -> None:
        self._add(Absence, contact_ref=ref, from_on=from_on, to_on=to_on, source_id=self.source_id, **given)

    def add(self, table: Any, **values: Any) -> None:
        """Add a row of a table that these methods do not know."""
        self._add(table, **values)

    def put(self, table: Any, **values: Any) -> int:
        """Add such a row, and return its id."""
        return self._put(table, **values)

    def switch(self, name: str, value: str = "yes", by: str = "sp1") -> None:
        self._add(Switch, name=name, value=value, set_at=AT_NINE, set_by=by)

    def switches(self) -> list[str]:
        return list(self.connection.scalars(select(Switch.name).order_by(Switch.name)))

    def texts(self) -> dict[str, str]:
        """The texts of messages that have one, by their key."""
        return dict(self.found(select(Message.key, Message.text).where(Message.text.is_not(None))))

    def release(self, message_ids: list[int]) -> None:
        """Let claimed messages wait again."""
        self.connection.execute(update(Message).where(Message.id.in_(message_ids)).values(state="queued"))

    def move_back(self, table: Any, id_: int) -> None:
        """Write a row again, so that PostgreSQL finds it last where a statement names no order."""
        self.connection.execute(update(table).where(table.id == id_).values(id=id_))

    def convening(self, case_id: int, sitting_id: int, **given: Any) -> int:
        ordinary = {
            "slot": 0, "due_on": TUESDAY, "deadline_on": TUESDAY, "because": "due", "convened_on": date(2026, 3, 2),
        }  # fmt: skip
        return self._put(Convening, **ordinary | {"case_id": case_id, "sitting_id": sitting_id} | given)

    def slots(self) -> dict[int, int]:
        return dict(self.found(select(Convening.id, Convening.slot)))

    def days_of(self, convening_id: int) -> tuple[date, date]:
        """The due day and the deadline of a convening."""
        statement = select(Convening.due_on, Convening.deadline_on).where(Convening.id == convening_id)
        (found,) = self.found(statement)
        return found

    def outcome(
        self, convening_id: int, *, held: bool = True, police: bool = True, cps: bool = True, **given: Any
    ) -> int:
        ordinary = {"by_ref": "sp1", "recorded_on": TUESDAY, "recorded_at": AT_NINE}
        values = {"convening_id": convening_id, "held": held, "police_attended": police, "cps_attended": cps}
        return self._put(OutcomeRow, **ordinary | values | given)

    def say_outcome(self, convening_id: int, **given: Any) -> None:
        """Change columns of a convening's outcomes."""
        self.connection.execute(update(OutcomeRow).where(OutcomeRow.convening_id == convening_id).values(**given))

    def review(self, ref: str, key_id: int, held_on: date, *, cps: bool = True, **given: Any) -> None:
        ordinary = {"kind": "joint", "police_attended": True, "source_id": self.source_id}
        values = {"review_ref": ref, "key_id": key_id, "held_on": held_on, "cps_attended": cps}
        self._add(ReviewRow, **ordinary | values | given)

    def incident(self, ref: str, key_id: int, reported_on: date, **given: Any) -> None:
        ordinary = {"occurred_on": reported_on, "breach": True, "source_id": self.source_id}
        self._add(IncidentRow, **ordinary | {"incident_ref": ref, "key_id": key_id, "reported_on": reported_on} | given)

    def action(self, ref: str, key_id: int, **given: Any) -> None:
        ordinary = {
            "kind": "WITNESS_STATEMENT", "source": "joint_review", "owner_agency": "police", "status": "pending",
            "raised_on": date(2026, 3, 2), "source_id": self.source_id,
        }  # fmt: skip
        self._add(ActionRow, **ordinary | {"action_ref": ref, "key_id": key_id} | given)

    def prosecuted(self, key_id: int, prosecutor_ref: str, **given: Any) -> None:
        self._add(CpsCase, key_id=key_id, prosecutor_ref=prosecutor_ref, source_id=self.source_id, **given)

    def agenda(self, sitting_id: int, day: date, *, made_on: date, **given: Any) -> int:
        ordinary = {"occasion": "before", "digest": "digest", "seen": {}}
        return self._put(AgendaRow, **ordinary | {"sitting_id": sitting_id, "day": day, "made_on": made_on} | given)

    def undoing(self) -> int:
        """Add the undoing of some rounds; its id."""
        return self._put(Undoing, after_on=TUESDAY, by_ref="sp1", undone_on=TUESDAY, undone_at=AT_NINE, account={})

    def source(self, name: str, agency: str | None) -> int:
        """Add one more source; without an agency it is Casebeat itself."""
        return self._put(
            Source, name=name, agency=agency, covers=[], first_loaded_at=AT_NINE, last_extracted_at=AT_NINE
        )

    def standing(self) -> set[int]:
        return set(self.connection.scalars(select(OutcomeRow.id).where(OutcomeRow.stands)))

    def ends(self) -> dict[int, tuple[str | None, date | None]]:
        """How and when each convening ended."""
        found = self.found(select(Convening.id, Convening.end, Convening.ended_on))
        return {id_: (end, on) for id_, end, on in found}

    def found(self, statement: Select[Any]) -> list[Any]:
        """The rows of a statement, each a tuple."""
        return [tuple(row) for row in self.connection.execute(statement)]

    def act(self, case_id: int, *, undoes: bool = False, **given: Any) -> int:
        """Add an act of sp1 about one row: `outcome_id` or `convening_id`."""
        ordinary = {"made_at": AT_NINE, "made_on": TUESDAY, "by_ref": "sp1", "door": "command", "through_ref": "root"}
        return self._put(ActRow, **ordinary | {"case_id": case_id, "undoes": undoes} | given)


class SealRows(ReviewRows):
    """Rows about extracts, and seals of which each has its own digest."""

    def logged(self, *ids: int) -> None:
        for id_ in ids:
            self.log("extract", f"X{id_}", id=id_)

    def log(self, about: str, ref: str, **given: Any) -> None:
        ordinary = {"verb": "alteration", "by": "casebeat", "at": AT_NINE, "reason": f"{about} {ref}"}
        self._add(AuditRow, about=about, ref=ref, **ordinary | given)

    def seal(self, number: int, hours: int, *ids: int, reach: int | None = None, marks: bytes = b"") -> None:
        """Add a seal that was made so many hours ago."""
        covered = ",".join(f"[{id_},{id_}]" for id_ in ids)
        self._add(
            AuditSeal, number=number, sealed_at=func.now() - timedelta(hours=hours), row_count=len(ids), marks=marks,
            ids=text(f"'{{{covered}}}'::int8multirange"), reach=reach or max(ids), digest=f"digest-{number}".encode(),
        )  # fmt: skip

    def sealed(self, number: int) -> tuple[list[int], int, int]:
        """The rows that a seal covers, its count and its reach."""
        ((count, reach),) = self.found(select(AuditSeal.row_count, AuditSeal.reach).where(AuditSeal.number == number))
        covered = "select a.id from audit a join audit_seals s on s.ids @> a.id where s.number = :number order by 1"
        return list(self.connection.scalars(text(covered), {"number": number})), count, reach
