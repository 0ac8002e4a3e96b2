"""The fact that answers each rule in a rehearsal, written into the copied tables as an extract would have brought it.

A rule declares its columns, or the row, beside its function; one that no one fact answers stays unanswered.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from config.terms import OrderKind, ReviewKind
from models.queries.driver import array, execute
from models.rules.catalogue.contents import ALL_RULES
from models.rules.catalogue.rule import AnsweringFact
from models.rules.sight import SentColumn

_ASKED = "unnest(%(cases)s::bigint[], %(refs)s::text[]) a (case_id, ref)"
_ROWS: Mapping[str, str] = {  # the row `t` of a file that answers for a case, or for the row that the duty is about
    "cases.csv": f"from {_ASKED} where t.id = a.case_id",
    "cps_cases.csv": f"from {_ASKED} join cases c on c.id = a.case_id where t.key_id in (c.id, c.urn_key_id)",
    **{
        f"{name}s.csv": f"from {_ASKED} where t.{name}_ref = a.ref"
        for name in ("action", "incident", "order", "plea", "referral")
    },
}
_VALUES: Mapping[str, str] = {  # of columns that hold no day
    "status": "'done'",
    "checklist_missing": "'{}'",
    "charged_codes": "case when t.charged_codes = '{}' then c.offence_codes else t.charged_codes end",
}


def _filled(file: str, columns: Sequence[SentColumn]) -> str:
    values = ", ".join(f"{column.name} = {_VALUES.get(column.name, '%(day)s')}" for column in columns)
    return f"update {file.removesuffix('.csv')} t set {values} {_ROWS[file]}"


def _reviewed(kind: ReviewKind) -> str:
    """Return the statement that adds a review, held on the day of the sitting that the duty is about, if any."""
    held_on = "coalesce(s.day, %(day)s::date)"
    return f"""insert into reviews (review_ref, key_id, source_id, kind, held_on, police_attended, cps_attended)
               select concat_ws(':', 'rehearsed', '{kind}', c.id, {held_on}), c.id, c.source_id, '{kind}', {held_on},
                      true, {kind is ReviewKind.JOINT}
               from {_ASKED} join cases c on c.id = a.case_id left join sittings s on s.ref = a.ref
               on conflict do nothing"""


def _ordered(kind: OrderKind, columns: Sequence[SentColumn]) -> str:
    names, days = ", ".join(column.name for column in columns), ", ".join("%(day)s" for _ in columns)
    return f"""insert into orders (order_ref, key_id, source_id, kind, {names})
               select concat_ws(':', 'rehearsed', c.id, %(day)s::date), c.id, c.source_id, '{kind}', {days}
               from {_ASKED} join cases c on c.id = a.case_id on conflict do nothing"""


def _statements(answer: AnsweringFact) -> tuple[str, ...]:
    if isinstance(answer.new, ReviewKind):
        return (_reviewed(answer.new),)
    if isinstance(answer.new, OrderKind):
        return (_ordered(answer.new, answer.columns),)
    by_file: dict[str, list[SentColumn]] = {}
    for column in answer.columns:
        by_file.setdefault(column.file, []).append(column)
    return tuple(_filled(file, columns) for file, columns in by_file.items())


FACTS: Mapping[str, tuple[str, ...]] = {
    rule.name: _statements(rule.answered_by) for rule in ALL_RULES if rule.answered_by.columns
}


def write(connection: Connection, rule: str, asked: Sequence[tuple[int, str]], day: date) -> None:
    """Write the facts that answer obligations of a rule on a day; each is named by its case and its subject's row."""
    given = {"cases": array(case_id for case_id, _ in asked), "refs": array(ref for _, ref in asked), "day": day}
    for statement in FACTS[rule]:
        execute(connection, statement, given)
