"""What decides whom an obligation concerns: its case's or subject's forces and Areas, and the people of its case."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import OwedBy
from models.queries.driver import fetch
from models.rules.people.addressing import Parties, sole

CONCERNED = """c.cps_area, c.oic_ref, c.supervisor_ref,
       coalesce(own.prosecutor_ref, shared.prosecutor_ref), a.owner_ref"""
OF_OBLIGATIONS = """
from obligations o
left join cases c on c.id = o.case_id
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)"""
_OWED_BY = {word.value: word for word in OwedBy}


class Jurisdictions(NamedTuple):
    """The forces and CPS Areas that a subject without a case belongs to."""

    force_codes: tuple[str, ...] = ()
    cps_areas: tuple[str, ...] = ()

    @property
    def numbers_of(self) -> str | None:
        """The force whose numbers count for it, where it has just one."""
        return sole(self.force_codes)


NOWHERE = Jurisdictions()


def places(connection: Connection, subjects: Collection[str]) -> dict[str, Jurisdictions]:
    """Where the subjects of obligations without a case belong: a source to what it covers, a contact to their own.

    A subject that is not known, or of a later version of this code, belongs nowhere and is not in it.
    """
    asked: dict[str, list[str]] = {}
    for subject in subjects:
        kind, _, name = subject.partition(":")
        asked.setdefault(kind, []).append(name)
    found = {f"force:{code}": Jurisdictions((code,), ()) for code in asked.get("force", ())}
    found |= {f"area:{area}": Jurisdictions((), (area,)) for area in asked.get("area", ())}
    for subject, forces, areas in fetch(
        connection,
        """select 'source:' || name, covers, '{}' from sources where name = any(%s) union all
           select 'contact:' || contact_ref, force_codes, cps_areas from contacts where contact_ref = any(%s)""",
        (asked.get("source", []), asked.get("contact", [])),
    ):
        found[subject] = Jurisdictions(tuple(forces), tuple(areas))
    return found


def matters(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, Parties]:
    """What decides whom each of these obligations concerns; none for one that a later version of this code wrote."""
    rows = fetch(
        connection,
        f"""select o.id, o.owed_by, o.case_id, o.force_code, o.subject, {CONCERNED}
            {OF_OBLIGATIONS} where o.id = any(%s)""",
        (list(obligation_ids),),
    )
    apart = {row[4] for row in rows if row[2] is None}
    known = places(connection, apart) if apart else {}
    return {
        row[0]: Parties(_OWED_BY[row[1]], (row[3],), (row[5],), *row[6:])
        if row[2] is not None
        else Parties(_OWED_BY[row[1]], *known.get(row[4], NOWHERE))
        for row in rows
        if row[1] in _OWED_BY
    }
