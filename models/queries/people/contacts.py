"""Reads of the contacts who may be addressed on a day, and of those who joined, left or changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from models.queries.driver import execute, fetch_as, scalar, scalars
from models.queries.kept_plans import Kept
from models.rules.people.directory import MOST_DEPUTIES, Person
from models.rules.people.parties import Parties

# Whether a contact `c` is active on the day `today`.
ACTIVE = """(c.withdrawn_on is null or c.withdrawn_on > %(today)s) and coalesce(c.active_from <= %(today)s, true)
       and coalesce(c.active_to >= %(today)s, true)"""
_STANDING = f"""
select c.contact_ref as ref, c.agency, c.roles, c.force_codes, c.cps_areas, c.deputy_ref,
       {ACTIVE} as active,
       exists (select from absences a where a.contact_ref = c.contact_ref and a.withdrawn_on is null
                                        and %(today)s between a.from_on and a.to_on) as absent, c.restricted_access,
       c.withdrawn_on is null and coalesce(c.active_from > %(today)s, false) as coming
from contacts c where """
LEADING = "c.roles && array['spoc', 'lead', 'legal_manager']"  # they are few, and have an index of their own
_NAMED = "c.contact_ref = any(%(refs)s)"
_HOLDERS = f"{LEADING} and (c.force_codes && %(forces)s or c.cps_areas && %(areas)s)"


def on_duty(connection: Connection, today: date, matters: Collection[Parties] | None = None) -> list[Person]:
    """Return everyone whom these matters (None: any) may concern, as of that day, and the deputies of the absent."""
    if matters is None:
        return _standing(connection, "true", {"today": today})
    asked = {ref for matter in matters for ref in _named(matter) if ref}
    places = {
        "forces": sorted({code for matter in matters for code in matter.force_codes}),
        "areas": sorted({area for matter in matters for area in matter.cps_areas}),
    }
    found = _standing(connection, f"{_NAMED} or {_HOLDERS}", {"today": today, "refs": sorted(asked), **places})
    asked.update(person.ref for person in found)
    new = found
    for _ in range(MOST_DEPUTIES):
        deputies = {person.deputy_ref for person in new if person.absent and person.deputy_ref} - asked
        if not deputies:
            break
        new = _standing(connection, _NAMED, {"today": today, "refs": sorted(deputies)})
        asked |= deputies
        found += new
    return found


def address_of(connection: Connection, contact_ref: str) -> str | None:
    """Return a contact's e-mail address; None where nobody has this reference, or they have none."""
    address: str | None = scalar(connection, "select email from contacts where contact_ref = %s", (contact_ref,))
    return address or None


def _named(matter: Parties) -> tuple[str | None, ...]:
    return matter.oic_ref, matter.supervisor_ref, matter.prosecutor_ref, matter.owner_ref


def _standing(connection: Connection, which: str, parameters: Mapping[str, object]) -> list[Person]:
    return fetch_as(connection, Person, _STANDING + which, parameters)


def changed(connection: Connection, since: date | None, today: date) -> list[str]:
    """Return the contacts who changed, joined, left, or began or ended an absence since the last round.

    Of those who changed, joined or left, also return the roles in their places, as `directory.role_of` names them.
    """
    statement = """
        with moved as (
          select contact_ref, agency, roles, case agency when 'police' then force_codes else cps_areas end as places
          from contacts
          where (changed or active_from is not null or active_to is not null or withdrawn_on is not null)
            and (changed or active_from between %(from)s and %(today)s
                 or active_to + 1 between %(from)s and %(today)s or withdrawn_on between %(from)s and %(today)s))
        select contact_ref from moved
        union select concat_ws(' ', agency, role, place) from moved, unnest(roles) role, unnest(places) place
        where role in ('spoc', 'lead', 'legal_manager')
        union select contact_ref from absences
         where changed and from_on <= %(today)s and to_on >= %(from)s::date - 1
        union select contact_ref from absences
         where to_on >= %(from)s::date - 1
           and (from_on between %(from)s and %(today)s or to_on + 1 between %(from)s and %(today)s)"""
    return scalars(connection, Kept(statement), {"from": since or today, "today": today})


def absent_leads(connection: Connection, today: date) -> list[str]:
    """Return the SPOCs and leads who are absent that day."""
    statement = """
        select c.contact_ref from contacts c
        where c.roles && array['spoc', 'lead'] and exists (
            select from absences a where a.contact_ref = c.contact_ref and a.withdrawn_on is null
                                     and %s between a.from_on and a.to_on)"""
    return scalars(connection, statement, (today,))


# Format it with the condition of one force, as the index has it, or of no case.
LOOK = """
update obligations set next_step_on = %(today)s
where ended_on is null and last_step > 0 and through && %(keys)s::text[] and {of}
  and (next_step_on is null or next_step_on > %(today)s)"""
OF_FORCE = "force_code = %(force)s and array[force_code] @> array[%(force)s]::text[]"


def look_again(connection: Connection, force_code: str | None, keys: Sequence[str], today: date) -> None:
    """Let today's climb look at a force's obligations whose addressees depend on one of these people, roles or panels.

    With None they are those of no case.
    """
    if keys:
        statement = LOOK.format(of="force_code is null" if force_code is None else OF_FORCE)
        execute(connection, statement, {"force": force_code, "keys": list(keys), "today": today})
