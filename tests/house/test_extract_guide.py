"""The extract guide names the files, columns, stars and enumerations that intake really has."""

import re
from enum import StrEnum

import pytest

from config import terms
from tasks.intake import forms
from tasks.intake.files import FILES
from tests.house.source import ROOT

GUIDE = (ROOT / "docs/extract-guide.md").read_text("utf-8")
TOLD = dict(re.findall(r"^\| `(\w+\.csv)`[^|]*\| (.*) \|$", GUIDE, re.MULTILINE))
ENUMERATIONS = {
    "agency": terms.Agency,
    "roles": terms.Role,
    "classification": terms.Classification,
    "relationship": terms.Relationship,
    "suspect_status": terms.SuspectStatus,
    "finalised_reason": terms.FinalisedReason,
    "source": terms.ActionSource,
    "status": terms.ActionStatus,
    "decision": terms.Decision,
    "course": terms.Course,
}


def test_the_guide_tells_every_file_in_the_order_of_loading():
    assert list(TOLD) == list(FILES)


@pytest.mark.parametrize("file", FILES)
def test_the_guide_tells_every_column_with_its_star_and_whether_it_may_lie_ahead(file):
    told = re.findall(r"`(\w+)`(\*?)(\+?)", TOLD[file])
    held = [(c.name, "*" * c.required, "+" * (c.form is forms.FUTURE_DAY)) for c in FILES[file].columns]
    assert sorted(told) == sorted(held)


@pytest.mark.parametrize("column", ENUMERATIONS)
def test_the_guide_tells_every_value_of_an_enumeration(column):
    (line,) = re.findall(rf"^\| `{column}`[^|]*\| (.*) \|$", GUIDE, re.MULTILINE)[-1:]
    enumeration: type[StrEnum] = ENUMERATIONS[column]
    assert set(enumeration) <= set(re.findall(r"\w+", line))
