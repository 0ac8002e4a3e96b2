"""Writes that take back what days that had not come did to sittings, places, agendas and invitations."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from config.terms import Verb
from models.queries.driver import array, execute, scalar

_GIVEN = """(v.convened_on > %(today)s and not (v.chosen_by is not null and v.ended_on is null))"""
_ENDED = """(v.convened_on <= %(today)s and v.ended_on > %(today)s
             and (s.day > %(today)s or v."end" not in ('held', 'not_held')))"""
# Not by disclosed: an audit row
_LOGGED = """insert into audit (verb, by, about, ref, reason, detail)
             select %(verb)s, 'casebeat', 'convening', k.force_code || '/' || k.case_ref, {reason},
                    jsonb_build_object('sitting', s.ref)
             from {changed} v join case_keys k on k.id = v.case_id join sittings s on s.id = v.sitting_id"""


def restore_places(connection: Connection, today: date) -> int:
    """Make void the places that were given or taken away after today, and give back those taken, by new rows.

    A place that a person chose stays. A sitting that has not come has no outcome. Return how many were given back;
    where one is not free any more, the next round convenes the case.
    """
    given: dict[str, date | str] = {"today": today, "verb": Verb.ALTERATION.value}
    lost = f"""select v.* from convenings v join sittings s on s.id = v.sitting_id where {_ENDED}"""
    execute(connection, f"create temporary table lost on commit drop as {lost}", given)
    _void_places(connection, given)
    _void_outcomes(connection, given)
    _restore_sittings(connection, given)
    return _give_back(connection, given)


def _void_places(connection: Connection, given: Mapping[str, date | str]) -> None:
    """Make void the places that were given or taken away after today."""
    statement = f"""
        with gone as (
          update convenings v set ended_on = %(today)s, "end" = 'void' from sittings s
          where s.id = v.sitting_id and ({_GIVEN} or {_ENDED}) returning v.*)
        {_LOGGED.format(reason="'void'", changed="gone")}"""
    execute(connection, statement, given)


def _void_outcomes(connection: Connection, given: Mapping[str, date | str]) -> None:
    """Let the outcomes of void places stand no more, and withdraw the reviews that people recorded by them."""
    statement = """
        with never as (
          update outcomes o set stands = false from convenings v
          where v.id = o.convening_id and v."end" = 'void' and o.stands returning o.review_ref)
        update reviews r set withdrawn_on = %(today)s from never
        where r.review_ref = never.review_ref and r.source_id = (select id from sources where name = 'casebeat')"""
    execute(connection, statement, given)


def _restore_sittings(connection: Connection, given: Mapping[str, date | str]) -> None:
    """Let the sittings that were called off after today take place, unless others have their hours by now."""
    statement = """
        update sittings s set cancelled_on = null where cancelled_on > %(today)s and not exists (
            select from sittings t where t.cancelled_on is null and t.starts_at = s.starts_at
              and t.force_code = s.force_code and t.cps_area = s.cps_area)"""
    execute(connection, statement, given)


def unsettle(connection: Connection, today: date) -> None:
    """Let the sittings that were settled after today give their minutes again when that day comes."""
    execute(connection, "update sittings set settled_on = null where settled_on > %s", (today,))


def _give_back(connection: Connection, given: Mapping[str, date | str]) -> int:
    """Give the lost places back by new rows, where their sittings take place; return how many."""
    statement = f"""
        with made as (
          insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, chosen_by, convened_on)
          select lost.case_id, lost.sitting_id, lost.slot, lost.due_on, lost.deadline_on, lost.because,
                 lost.chosen_by, lost.convened_on
          from lost join sittings s on s.id = lost.sitting_id and s.cancelled_on is null order by lost.id
          on conflict do nothing returning case_id, sitting_id, because),
        logged as ({_LOGGED.format(reason="'restored'", changed="made")})
        select count(*) from made"""
    return int(scalar(connection, statement, given))


def withdraw_early(connection: Connection, undoing_id: int, until: Mapping[tuple[str, str], date], today: date) -> int:
    """Withdraw the sittings without a case beyond the last day that each pair plans today; return how many.

    They are planned again, under their references, when their time comes.
    """
    statement = """
        update sittings s set cancelled_on = %(today)s, undoing_id = %(undoing)s
        from unnest(%(forces)s::text[], %(areas)s::text[], %(untils)s::date[]) p(force_code, cps_area, until_on)
        where s.force_code = p.force_code and s.cps_area = p.cps_area and s.day > p.until_on
          and s.cancelled_on is null
          and not exists (select from convenings v where v.sitting_id = s.id and v.ended_on is null)"""
    given = {
        "today": today,
        "undoing": undoing_id,
        "forces": array(force_code for force_code, _ in until),
        "areas": array(area for _, area in until),
        "untils": array(until.values()),
    }
    return execute(connection, statement, given)


def discount_agendas(connection: Connection, undoing_id: int, today: date) -> int:
    """Let the agendas that were made after today count no more; return how many."""
    statement = "update agendas set undoing_id = %s where made_on > %s and undoing_id is null"
    return execute(connection, statement, (undoing_id, today))


def let_invitations_change(connection: Connection, today: date) -> None:
    """Let the next round send updates of the events that were sent after today, and go on with series ended then."""
    execute(connection, "update invitations set told_on = %s::date - 1 where told_on > %s", (today, today))
    statement = """
        update series r set ended_on = null where ended_on > %s and not exists (
            select from series t where (t.ended_on is null or t.id > r.id)
              and (t.force_code, t.cps_area, t.rule) = (r.force_code, r.cps_area, r.rule))"""
    execute(connection, statement, (today,))
