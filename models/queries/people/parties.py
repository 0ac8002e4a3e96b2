"""Reads of the parties of an obligation: the forces, CPS Areas and people of its case, or the places of its subject."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from config.leading import OwnerKind
from config.terms import OwedBy
from models.queries.driver import fetch_as, keyed_as
from models.queries.people.disclosure import CASE
from models.rules.obligations.rulebook import RULES
from models.rules.people.parties import Parties, sole

# What CPS sent of a case `c`: under its own reference (`own`) and under its URN (`shared`), withdrawn rows aside.
CPS_CASES = """left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null"""
# The parties of a case `c`, as the columns of a row's `matter`; `own` and `shared` are its rows of cps_cases.
CASE_PARTIES = """array[c.force_code] as "matter.force_codes", array[c.cps_area] as "matter.cps_areas",
       c.oic_ref as "matter.oic_ref", c.supervisor_ref as "matter.supervisor_ref",
       coalesce(own.prosecutor_ref, shared.prosecutor_ref) as "matter.prosecutor_ref",
       c.barred as "matter.barred",
       c.spoc_ref as "matter.police_spoc_ref", coalesce(own.spoc_ref, shared.spoc_ref) as "matter.cps_spoc_ref",
       coalesce(c.is_restricted, false) as "matter.restricted\""""
_OWNER_KINDS = " ".join(f"when '{rule.name}' then '{rule.owner}'" for rule in RULES.values() if rule.owner != "case")
# The parties of an obligation `o`; `a` is the action that it is about, and `sat` the sitting.
PARTIES = f"""o.owed_by as "matter.owed_by", {CASE_PARTIES},
       coalesce(a.owner_ref, sat.chair_ref) as "matter.owner_ref",
       case o.rule {_OWNER_KINDS} else '{OwnerKind.CASE}' end as "matter.owner\""""
# The parties of a case `c` on both sides.
BOTH_PARTIES = f"""'both' as "matter.owed_by", {CASE_PARTIES}, null as "matter.owner_ref",
       '{OwnerKind.CASE}' as "matter.owner\""""
# The parties of an action `a` of a case `c`.
ACTION_PARTIES = f"""a.owner_agency as "matter.owed_by", {CASE_PARTIES}, a.owner_ref as "matter.owner_ref",
       '{OwnerKind.CASE}' as "matter.owner\""""
_OF = f"""
{CASE}
{CPS_CASES}
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)
left join sittings sat on o.subject like 'sitting:%%' and sat.ref = substr(o.subject, 9)"""
OF_OBLIGATIONS = f"from obligations o {_OF}"
OF_LIVE_OBLIGATIONS = f"from live_obligations o {_OF}"
_OWED_BY = [owed_by.value for owed_by in OwedBy]


class Jurisdictions(NamedTuple):
    """The forces and CPS Areas to which a subject without a case belongs."""

    force_codes: tuple[str, ...] = ()
    cps_areas: tuple[str, ...] = ()

    @property
    def numbers_of(self) -> str | None:
        """Return the force whose numbers count for the subject, where it has just one."""
        return sole(self.force_codes)


class _Obligation(NamedTuple):
    id: int
    case_id: int | None
    subject: str
    matter: Parties


class _Concerned(NamedTuple):
    matter: Parties


NOWHERE = Jurisdictions()


def places(connection: Connection, subjects: Collection[str]) -> dict[str, Jurisdictions]:
    """Return the places of these subjects of obligations without a case: what a source covers, a contact's own.

    A subject that is not known, or that a later version of this code wrote, has no places and is left out.
    """
    asked: dict[str, list[str]] = {}
    for subject in subjects:
        kind, _, name = subject.partition(":")
        asked.setdefault(kind, []).append(name)
    found = {f"force:{code}": Jurisdictions((code,), ()) for code in asked.get("force", ())}
    found |= {f"area:{area}": Jurisdictions((), (area,)) for area in asked.get("area", ())}
    read = keyed_as(
        connection,
        "subject",
        Jurisdictions,
        """select 'source:' || name as subject, covers as force_codes, '{}' as cps_areas
           from sources where name = any(%s) union all
           select 'contact:' || contact_ref, force_codes, cps_areas from contacts where contact_ref = any(%s)""",
        (asked.get("source", []), asked.get("contact", [])),
    )
    return found | dict(read)


def parties(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, Parties]:
    """Return the parties of these obligations by id, without those that a later version of this code wrote."""
    rows = fetch_as(
        connection,
        _Obligation,
        f"""select o.id, o.case_id, o.subject, {PARTIES}
            {OF_OBLIGATIONS} where o.id = any(%s) and o.owed_by = any(%s)""",
        (list(obligation_ids), _OWED_BY),
    )
    apart = {row.subject for row in rows if row.case_id is None}
    known = places(connection, apart) if apart else {}
    return {
        row.id: row.matter if row.case_id is not None else of_places(row.matter, known.get(row.subject, NOWHERE))
        for row in rows
    }


def case_parties(connection: Connection, case_id: int) -> Parties:
    """Return the parties of a case on both sides."""
    statement = f"select {BOTH_PARTIES} from disclosed c {CPS_CASES} where c.id = %s"
    (concerned,) = fetch_as(connection, _Concerned, statement, (case_id,))
    return concerned.matter


def of_places(matter: Parties, there: Jurisdictions) -> Parties:
    """Return the parties of an obligation without a case, whose subject belongs to these places."""
    return Parties(matter.owed_by, there.force_codes, there.cps_areas)
