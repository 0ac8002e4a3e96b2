"""A small book for messages, written directly into the tables: values that matter to a message are keywords."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert, text

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import Addressee, Duty, Happening, Manner, OwedBy, Risk
from models.cases import Case
from models.intake import CaseKey, Source
from models.obligations import Obligation, Promise, StepTaken
from models.outbox import Message, Notification
from models.people import Contact
from tests.worlds.extracts import send_every_column

TUESDAY = date(2026, 3, 17)
AT_NINE = datetime(2026, 3, 17, 9, tzinfo=UTC)
_ids = count(1)


class World:
    """Write rows, and keep the source that they come from."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.source_id = self._put(
            Source, name=f"own-{next(_ids)}", agency="police", covers=["45"], first_loaded_at=AT_NINE,
            last_extracted_at=AT_NINE,
        )  # fmt: skip
        send_every_column(connection)

    def _put(self, table: Any, **values: Any) -> int:
        return self.connection.execute(insert(table).values(**values).returning(table.id)).scalar_one()

    def _add(self, table: Any, **values: Any) -> None:
        self.connection.execute(insert(table).values(**values))

    def contact(self, ref: str, *, roles: tuple[str, ...] = ("officer",), **given: Any) -> str:
        ordinary = {
            "agency": "police", "name": f"NAME-OF-{ref}", "email": f"{ref.lower()}@surrey.police.uk",
            "force_codes": ["45"], "cps_areas": [], "first_seen_on": date(2026, 1, 1), "source_id": self.source_id,
        }  # fmt: skip
        self.connection.execute(insert(Contact).values(**ordinary | {"contact_ref": ref, "roles": list(roles)} | given))
        return ref

    def case(self, case_ref: str, *, risk: Risk = Risk.HIGH, restricted: bool = False, urn: str | None = None) -> int:
        urn_key_id = self._put(CaseKey, urn_root=urn) if urn else None
        key_id = self._put(CaseKey, force_code="45", case_ref=case_ref)
        self._put(
            Case, id=key_id, force_code="45", case_ref=case_ref, cps_area="South East", opened_on=date(2026, 1, 5),
            offence_codes=["PH97011"], classification="stalking", risk=risk, oic_ref="P45of1", restricted=restricted,
            urn_key_id=urn_key_id, source_id=self.source_id,
        )  # fmt: skip
        return key_id

    def obligation(self, case_id: int | None, *, due_on: date, escalate_on: date, last_step: int, **given: Any) -> int:
        ordinary = {
            "force_code": "45", "rule": "joint-review", "subject": "case", "version": 1, "chain_from": 1,
            "edition": "2026-11", "owed_by": OwedBy.BOTH, "remind_on": date(2026, 2, 26), "hard": False, "stalls": True,
            "because": [["last joint review", "2026-02-19", "10wd", due_on.isoformat(), ""]],
            "began_on": date(2026, 2, 19), "taken_on": [date(2026, 3, 1 + at) for at in range(last_step)],
        }  # fmt: skip
        values = {"case_id": case_id, "due_on": due_on, "escalate_on": escalate_on, "last_step": last_step}
        return self._put(Obligation, **ordinary | values | given)

    def critical(self, case_id: int | None, **given: Any) -> int:
        """A critically overdue obligation, its third step taken."""
        days = {"due_on": date(2026, 3, 5), "escalate_on": date(2026, 3, 9), "last_step": 3}
        return self.obligation(case_id, **days | given)

    def message(self, ref: str | None, *, kind: MessageKind = MessageKind.LETTER, **given: Any) -> int:
        key = f"{kind}:{ref or 'operations'}:email:{given.get('day', TUESDAY)}:{next(_ids)}"
        ordinary = {
            "key": key,
            "channel": Channel.EMAIL,
            "day": TUESDAY,
            "due_at": datetime(2026, 3, 17, 8, tzinfo=UTC),
        }
        return self._put(Message, **ordinary | {"contact_ref": ref, "kind": kind} | given)

    def notification(self, obligation_id: int, message_id: int | None, ref: str | None, **given: Any) -> int:
        ordinary = {
            "happening": Happening.STEP, "step": 3, "step_name": "critical", "day": TUESDAY, "duty": Duty.ESCALATE,
            "manner": Manner.DIGEST, "addressee": Addressee.SPOC, "channel": Channel.EMAIL,
        }  # fmt: skip
        values = {"obligation_id": obligation_id, "message_id": message_id, "contact_ref": ref}
        self._concerns(obligation_id, ref)
        return self._put(Notification, **ordinary | values | given)

    def _concerns(self, obligation_id: int, ref: str | None) -> None:
        """Record a reader as the case's officer, or as its supervisor where it has told its officer already."""
        self.connection.execute(
            text("""update cases c
                    set oic_ref = case when o.told then oic_ref else :ref end,
                        supervisor_ref = case when o.told then :ref else supervisor_ref end
                    from (select case_id, exists (select from notifications n join cases of on of.id = o.case_id
                                                  where n.obligation_id = o.id and n.contact_ref = of.oic_ref) as told
                          from obligations o where id = :id) o
                    where c.id = o.case_id and :ref not in (oic_ref, coalesce(supervisor_ref, ''))"""),
            {"id": obligation_id, "ref": ref or "operations"},
        )

    def promise(self, obligation_id: int, *, until_on: date, by_ref: str, **given: Any) -> int:
        ordinary = {"made_at": AT_NINE, "made_on": TUESDAY, "reason": "FREE-TEXT"}
        return self._put(
            Promise, **ordinary | {"obligation_id": obligation_id, "until_on": until_on, "by_ref": by_ref} | given
        )

    def step(self, obligation_id: int, *, step: int, name: str, on_day: date) -> int:
        return self._put(StepTaken, obligation_id=obligation_id, step=step, name=name, on_day=on_day, outcome="taken")

    def said(self, ref: str = "P45of1", case_ref: str = "SAMPLE-1", **given: Any) -> int:
        """A person with one message about one critically overdue case; the message's id."""
        self.contact(ref)
        message_id = self.message(ref, **given)
        self.notification(self.critical(self.case(case_ref)), message_id, ref)
        return message_id
