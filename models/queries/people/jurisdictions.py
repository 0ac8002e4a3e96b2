"""SQL for places: those that have open cases, found by one index probe each, and those of an obligation."""

from sqlalchemy import Connection

from models.queries.driver import mapping

# A recursive common table expression of each force, CPS Area and classification that has an open case.
PLACES = """recursive place(force_code, cps_area, classification) as (
    (select force_code, cps_area, classification from cases where finalised_on is null
     order by force_code, cps_area, classification limit 1)
    union all
    select n.* from place p cross join lateral (
        select force_code, cps_area, classification from cases
        where finalised_on is null
          and (force_code, cps_area, classification) > (p.force_code, p.cps_area, p.classification)
        order by force_code, cps_area, classification limit 1) n)"""
# Is true of a classification that the policy has in scope; %(harassment_in)s are the forces with harassment in theirs.
IN_SCOPE = "(classification = 'stalking' or classification = 'harassment' and force_code = any(%(harassment_in)s))"
# Selects obligations `o` of these forces, and of forces in which these Areas have open cases: the index is by force.
OF_AREAS = f"""o.force_code = any(array(with {PLACES} select force_code from place where cps_area = any(%(areas)s)
                                        union select unnest(%(forces)s::text[])))"""
# The force whose numbers count for the obligation `o`: that of its case, or of its subject where that has just one.
NUMBERS_OF = """coalesce(o.force_code, (select codes[1] from (
        select array[substr(o.subject, 7)] as codes where starts_with(o.subject, 'force:') union all
        select force_codes from contacts where starts_with(o.subject, 'contact:') and contact_ref = substr(o.subject, 9)
        union all select covers from sources where starts_with(o.subject, 'source:')
                  and name = split_part(substr(o.subject, 8), '/', 1)
    ) of_subject where cardinality(codes) = 1))"""


def forces_of_areas(connection: Connection) -> dict[str, list[str]]:
    """Return the forces that have open cases in each CPS Area."""
    return mapping(
        connection,
        "cps_area",
        "force_codes",
        f"with {PLACES} select cps_area, array_agg(distinct force_code) as force_codes from place group by cps_area",
    )
