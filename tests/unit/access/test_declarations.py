"""Each column of a case and each that may hold a member of staff is declared, so that none is shown or forgotten."""

import re

import pytest

from config.access.case_fields import EARLIER, GUARDS, TABLES, TECHNICAL
from config.access.staff_columns import COLUMNS, NEVER, SLACK_COLUMNS
from config.terms import Party
from models import Base
from models.cases import BelongsToCase
from models.rules.obligations.rulebook import RULES
from models.rules.report.earlier import DayKind

# Columns named as if they held a contact, which hold something else.
OF_NO_PERSON = {
    ("acts", "through_ref"): "an account, a flow run or a Slack user",
    ("contacts", "slack_user_id"): "the person's own row, counted by its reference",
    ("holds", "through_ref"): "as of an act",
    ("messages", "remote_ref"): "Slack's own name of a post",
    ("obligations", "owed_by"): "a side",
    ("outcomes", "action_refs"): "actions",
    ("referrals", "decision_required_by"): "a day",
}
OF_THINGS = re.compile(
    r"(?:^|_)(?:case|action|incident|review|referral|order|plea|sitting|suspect|defendant)_ref$|^ref$"
)
MAY_HOLD_STAFF = re.compile(r"_refs?$|(?:^|_)by$|^addressed$|^through$|^slack_user_id$|^to_ref$")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_case_is_for_somebody_or_for_nobody(table):
    declared = {field.column for field in table.fields}
    assert len(declared) == len(table.fields)
    assert declared | TECHNICAL | GUARDS >= set(Base.metadata.tables[table.name].columns.keys())
    assert declared <= set(Base.metadata.tables[table.name].columns.keys())
    assert not declared & (TECHNICAL | GUARDS)


def test_every_table_of_rows_of_a_case_is_declared():
    of_case = {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, BelongsToCase)}
    assert {table.name for table in TABLES} == of_case | {"cases", "cps_cases"}


def test_what_weighs_the_case_or_is_about_no_case_is_for_nobody():
    assert {rule.name for rule in RULES.values() if rule.per_case and not rule.readers} == {
        "awaiting-charge", "danger", "referral-checklist", "release-review", "suspect-wanted",
    }  # fmt: skip
    assert not any(rule.readers for rule in RULES.values() if not rule.per_case)


def test_neither_party_is_shown_the_key_of_the_other_nor_what_guards_a_case():
    to = {field.column: field.to for table in TABLES for field in table.fields}
    assert to["victim_key"] == {Party.VICTIM}
    assert to["suspect_key"] == {Party.SUSPECT}
    assert {"restricted", "barred_refs"} == GUARDS
    told = {field.column for table in TABLES for field in table.fields if field.column.endswith("_ref")}
    hidden = {field.column for table in TABLES for field in table.fields if field.hidden}
    assert {ref for ref in told if not OF_THINGS.search(ref)} <= hidden


def test_every_column_that_may_hold_a_member_of_staff_is_declared():
    named = {
        (table.name, column)
        for table in Base.metadata.tables.values()
        for column in table.columns.keys()  # noqa: SIM118  not a mapping
        if MAY_HOLD_STAFF.search(column) and not OF_THINGS.search(column)
    }
    declared = {(one.table, one.column) for one in (*COLUMNS, *SLACK_COLUMNS) if not one.prefix}
    assert named == declared | NEVER | set(OF_NO_PERSON)


def test_every_day_that_intake_keeps_once_it_is_replaced_is_declared_but_the_extracts_own():
    declared = {field.column for field in EARLIER.fields}
    assert declared == {kind.value for kind in DayKind if kind is not DayKind.NEWS} | {"suspect_status"}
