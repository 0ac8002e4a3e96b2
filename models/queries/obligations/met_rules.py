"""The rules that a book has met, each with the day on which it was new to a book that was in use by then."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from models.queries.driver import execute, scalar, scalars

_MET = "met rules"
# The rules of 1.0.0, and of each version that kept no list: a book in use has met them, whatever came of them.
_BEFORE_LISTS = (
    "action action-plan awaiting-charge bail-end bail-end-unknown bail-views breach-unanswered "
    "charge-code-unknown charge-not-stalking charging-decision closed-silently column-missing custody-limit "
    "custody-limit-unknown feed-stale joint-review nfa-review no-progress order-expiry order-told "
    "outcome-unrecorded pin-issued plea prosecutor-training referral-checklist release-review restraining-order "
    "risk-assessment spo-considered spo-notification spoc-role spoc-vacancy summary-time-limit "
    "supervisor-review time-limit-unknown victim-contact victim-told why-not-stalking"
)
# The day on which the rule of obligation `o` was new to the book; null where the book began with it.
NEW_ON = f"(select (value::jsonb ->> o.rule)::date from switches where name = '{_MET}')"


def unmet(connection: Connection, rules: Sequence[str]) -> list[str]:
    """Return those of the rules that a book in use has never met, in their order; none for a book that begins.

    A book of a version that kept no list is in use once a step was taken, and has met the rules of those versions.
    """
    statement = f"""
        with kept as (select value::jsonb as rules from switches where name = '{_MET}'),
        met as (select jsonb_object_keys(rules) as rule from kept
                union all select unnest(string_to_array(%s, ' ')) where not exists (select from kept)
                and exists (select from obligations where last_step > 0))
        select name from unnest(%s::text[]) with ordinality given(name, number)
        where exists (select from met) and name not in (select rule from met) order by number"""
    return scalars(connection, statement, (_BEFORE_LISTS, list(rules)))


def meet(connection: Connection, rules: Sequence[str], today: date) -> dict[str, date]:
    """Keep which rules the book has met, and return the day on which each was new to it; none with which it began.

    It belongs into the transaction that takes their first steps.
    """
    known = _known(connection)
    if not known.keys() >= set(rules):
        new = set(unmet(connection, rules))
        days = {rule: today.isoformat() if rule in new else None for rule in rules}
        execute(
            connection,
            """insert into switches (name, value, set_at, set_by) values (%s, %s, %s::date, 'casebeat')
               on conflict (name) do update set value = (excluded.value::jsonb || switches.value::jsonb)::text""",
            (_MET, json.dumps(days), today),
        )
        known = _known(connection)
    return {rule: date.fromisoformat(day) for rule, day in known.items() if day}


def _known(connection: Connection) -> Mapping[str, str | None]:
    kept: str | None = scalar(connection, "select value from switches where name = %s", (_MET,))
    known: Mapping[str, str | None] = json.loads(kept) if kept else {}
    return known
