"""Reads of the parties of an obligation: the forces, CPS Areas and people of its case, or the places of its subject."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from config.leading import OwnerKind
from config.terms import OwedBy
from models.queries.driver import first_as, keyed_as, one_as
from models.rules.obligations.rulebook import RULES
from models.rules.people.parties import Parties, sole
from models.rules.references import CaseReference

# The parties of a case `c` of `case_parties`, as the columns of a row's `matter`.
CASE_PARTIES = """array[c.force_code] as "matter.force_codes", array[c.cps_area] as "matter.cps_areas",
       c.oic_ref as "matter.oic_ref", c.supervisor_ref as "matter.supervisor_ref",
       c.prosecutor_ref as "matter.prosecutor_ref", coalesce(c.barred, array[]::text[]) as "matter.barred",
       c.spoc_ref as "matter.police_spoc_ref", c.cps_spoc_ref as "matter.cps_spoc_ref",
       coalesce(c.is_restricted, false) as "matter.restricted\""""
_OWNER_KINDS = " ".join(f"when '{rule.name}' then '{rule.owner}'" for rule in RULES.values() if rule.owner != "case")
# The parties of an obligation `o`; `a` is the action that it is about, and `sat` the sitting.
PARTIES = f"""o.owed_by as "matter.owed_by", {CASE_PARTIES},
       coalesce(a.owner_ref, sat.chair_ref) as "matter.owner_ref",
       case o.rule {_OWNER_KINDS} else '{OwnerKind.CASE}' end as "matter.owner\""""
# The parties of a case `c` on both sides.
BOTH_PARTIES = f"""'both' as "matter.owed_by", {CASE_PARTIES}, null as "matter.owner_ref",
       '{OwnerKind.CASE}' as "matter.owner\""""
# Who knows of a case `c` besides those whom it concerns: the owners of its actions, the chairs of the sittings where it
# sits or sat, whoever acted on it, and the officers and supervisors of the cases that are linked with it.
_KNOWN_TO = """array(
    select a.owner_ref from actions a
    where a.key_id in (c.id, c.urn_key_id) and a.withdrawn_on is null and a.owner_ref is not null
    union select s.chair_ref from convenings v join sittings s on s.id = v.sitting_id
    where v.case_id = c.id and (v."end" is null or v."end" in ('held', 'not_held', 'unrecorded'))
    union select t.by_ref from acts t where t.case_id = c.id
    union select named.ref from cases l cross join lateral unnest(array[l.oic_ref, l.supervisor_ref]) named(ref)
    where l.urn_key_id = c.urn_key_id and named.ref is not null) as known_to"""
# The parties of an action `a` of a case `c`.
ACTION_PARTIES = f"""a.owner_agency as "matter.owed_by", {CASE_PARTIES}, a.owner_ref as "matter.owner_ref",
       '{OwnerKind.CASE}' as "matter.owner\""""
_OF = """case_parties c on c.id = o.case_id
left join actions a on o.subject like 'action:%%' and a.action_ref = substr(o.subject, 8)
left join sittings sat on o.subject like 'sitting:%%' and sat.ref = substr(o.subject, 9)"""
# Obligations `o` of cases, or of no case too: below an outer join PostgreSQL works out who may know of a case for one
# case at a time, so that only the few of no case are read so.
OF_CASES = f"from obligations o join {_OF}"
LIVE_OF_CASES = f"from live_obligations o join {_OF}"
LIVE_OF_ANY = f"from live_obligations o left join {_OF}"
_OWED_BY = [owed_by.value for owed_by in OwedBy]


class Jurisdictions(NamedTuple):
    """The forces and CPS Areas to which a subject without a case belongs."""

    force_codes: tuple[str, ...] = ()
    cps_areas: tuple[str, ...] = ()

    @property
    def numbers_of(self) -> str | None:
        """Return the force whose numbers count for the subject, where it has just one."""
        return sole(self.force_codes)


class AskedCase(NamedTuple):
    """A case that a person names, with its parties on both sides."""

    case_id: int
    kept_apart: bool  # it is named in no place that several people read
    known_to: frozenset[str]  # besides those whom it concerns
    matter: Parties


class _PlacedObligation(NamedTuple):
    owed_by: OwedBy
    subject: str


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
    statement = """
        select 'source:' || asked.name as subject, s.covers as force_codes, '{}' as cps_areas
        from unnest(%s::text[]) asked(name) join sources s on s.name = split_part(asked.name, '/', 1) union all
        select 'contact:' || contact_ref, force_codes, cps_areas from contacts where contact_ref = any(%s)"""
    given = (asked.get("source", []), asked.get("contact", []))
    read = keyed_as(connection, "subject", Jurisdictions, statement, given)
    return found | dict(read)


def parties(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, Parties]:
    """Return the parties of these obligations by id, without those that a later version of this code wrote."""
    statement = f"select o.id, {PARTIES} {OF_CASES} where o.id = any(%s) and o.owed_by = any(%s)"
    rows = keyed_as(connection, "id", _Concerned, statement, (list(obligation_ids), _OWED_BY))
    of_cases = {obligation_id: row.matter for obligation_id, row in rows}
    others = [obligation_id for obligation_id in obligation_ids if obligation_id not in of_cases]
    return of_cases | (_of_no_case(connection, others) if others else {})


def _of_no_case(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, Parties]:
    rows = keyed_as(
        connection,
        "id",
        _PlacedObligation,
        "select id, owed_by, subject from obligations where id = any(%s) and case_id is null and owed_by = any(%s)",
        (obligation_ids, _OWED_BY),
    )
    known = places(connection, {row.subject for _, row in rows}) if rows else {}
    return {obligation_id: of_places(row.owed_by, known.get(row.subject, NOWHERE)) for obligation_id, row in rows}


def asked_case(connection: Connection, case: CaseReference) -> AskedCase | None:
    """Return the case of a reference; None where there is none."""
    return first_as(
        connection,
        AskedCase,
        f"""select c.id as case_id, c.kept_apart, {BOTH_PARTIES}, {_KNOWN_TO}
            from case_keys k join case_parties c on c.id = k.id where k.force_code = %s and k.case_ref = %s""",
        (case.force_code, case.case_ref),
    )


def case_parties(connection: Connection, case_id: int) -> Parties:
    """Return the parties of a case on both sides."""
    statement = f"select {BOTH_PARTIES} from case_parties c where c.id = %s"
    concerned = one_as(connection, _Concerned, statement, (case_id,))
    return concerned.matter


def live_parties(connection: Connection, case_id: int) -> dict[int, Parties]:
    """Return the parties of each of a case's live obligations, by the obligation's id."""
    statement = f"select o.id, {PARTIES} {LIVE_OF_CASES} where o.case_id = %s"
    return {id_: row.matter for id_, row in keyed_as(connection, "id", _Concerned, statement, (case_id,))}


def of_places(owed_by: OwedBy, there: Jurisdictions) -> Parties:
    """Return the parties of an obligation without a case, whose subject belongs to these places."""
    return Parties(owed_by, there.force_codes, there.cps_areas)
