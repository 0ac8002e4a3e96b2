"""Whether a case is restricted is asked in one place: a statement that reads a case's own mark forgets its links."""

import re

import pytest

from tests.house.source import modules

MARK = re.compile(r"\b(?:c|k|cases)\.restricted\b|\bcases \w* ?where [^\"]*(?<![.\w])restricted\b")


def test_no_other_module_of_queries_reads_the_mark_of_a_case():
    found = [one.name for one in modules("models/queries") if MARK.search(one.text)]
    assert found == ["models/queries/people/restriction.py"]


@pytest.mark.parametrize(
    "statement",
    [
        "select c.restricted from cases c",
        "join cases k on k.id = o.case_id and not k.restricted",
        "select id from cases where restricted",
    ],
)
def test_a_statement_that_reads_the_mark_is_found(statement):
    assert MARK.search(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select {RESTRICTED} as restricted from cases c",
        "and (route.restricted or not exists (",
        "order by r.restricted desc",
        "select contact_ref from contacts where restricted_access",
    ],
)
def test_a_statement_that_reads_the_one_expression_is_no_finding(statement):
    assert not MARK.search(statement)
