"""Which lines of an extract name a contact who may not lead on any case of theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from config.terms import Agency
from models.queries.people import row_leaders
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


@pytest.fixture
def rows(connection) -> ReviewRows:
    """A staged file, whose lines a test adds."""
    connection.execute(
        text("""create temporary table staged (line int, spoc_ref text, force_code text, case_ref text,
                               urn_root text, bad boolean, withdrawn boolean) on commit drop""")
    )
    return ReviewRows(connection)


def stage(rows, line: int, spoc_ref: str, case_ref: str | None, urn_root: str | None = None, **given) -> None:
    statement = text("insert into staged values (:line, :spoc, :force, :case, :urn, :bad, :withdrawn)")
    values = {"line": line, "spoc": spoc_ref, "case": case_ref, "urn": urn_root, "force": "45" if case_ref else None}
    rows.connection.execute(statement, values | {"bad": False, "withdrawn": False} | given)


def lines(rows, agency: Agency = Agency.POLICE, most: int = 99) -> list[tuple]:
    found = row_leaders.cannot_lead(rows.connection, "staged", agency, TUESDAY, most)
    return [tuple(one) for one in found]


def test_a_line_is_named_whose_spoc_is_known_and_may_not_lead_on_its_case(rows):
    for ref, roles, given in (
        ("may", "spoc", {}), ("access", "spoc", {"restricted_access": True}), ("officer", "officer", {}),
        ("left", "spoc", {"active_to": TUESDAY - DAY}), ("there", "spoc", {"force_codes": ["46"]}),
        ("cps", "spoc", CPS | {"force_codes": ["45"]}),
    ):  # fmt: skip
        rows.contact(ref, roles=(roles,), **given)
    rows.case_of("plain")
    rows.case_of("secret", restricted=True)
    rows.case_of("barred", barred_refs=["may"])
    for line, (ref, case_ref, given) in enumerate((
        ("may", "plain", {}), ("unknown", "plain", {}), ("officer", "plain", {}), ("left", "plain", {}),
        ("there", "plain", {}), ("cps", "plain", {}), ("may", "secret", {}), ("access", "secret", {}),
        ("may", "barred", {}), ("officer", "plain", {"bad": True}), ("officer", "plain", {"withdrawn": True}),
    )):  # fmt: skip
        stage(rows, line, ref, case_ref, **given)
    rows.connection.execute(text("update staged set line = line where line = 2"))
    cannot = [(2, "officer"), (3, "left"), (4, "there"), (5, "cps"), (6, "may"), (8, "may")]
    assert lines(rows) == [(*one, 6) for one in cannot]
    assert lines(rows, most=2) == [(*one, 6) for one in cannot[:2]]


def test_a_line_of_cps_is_fine_where_its_spoc_may_lead_on_one_case_of_its_urn(rows):
    rows.contact("cs1", roles=("spoc",), **CPS)
    rows.contact("cs2", roles=("spoc",), **CPS | {"cps_areas": ["London"]})
    urn, other = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    rows.case_of("T1", urn_key_id=urn, area="London", barred_refs=[])
    rows.case_of("T2", urn_key_id=urn)
    rows.case_of("T3", urn_key_id=other, area="Wales")
    for line, (ref, case_ref, root) in enumerate((
        ("cs1", None, "45ZZ0000126"), ("cs2", None, "45ZZ0000126"), ("cs1", None, "45ZZ0000226"), ("cs1", "T1", None),
        ("cs1", "T2", None), ("cs2", "T3", None),
    )):  # fmt: skip
        stage(rows, line, ref, case_ref, root)
    assert [(line, ref) for line, ref, _ in lines(rows, Agency.CPS)] == [(2, "cs1"), (3, "cs1"), (5, "cs2")]
