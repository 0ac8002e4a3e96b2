"""The cases on which SPOCs lead, as a set read by one statement: in random books the same as case by case."""

import random

import pytest
from sqlalchemy import Engine

from config.terms import Agency
from flows.configured import configured
from models.queries.people.leading import LedCase, cases_led
from models.queries.people.parties import case_parties
from models.rules.people.leading import leads
from tasks.platform.directory import directory_on
from tests.worlds.days import day
from tests.worlds.one_case import contact
from tests.worlds.panels import TUESDAYS, PanelWorld

TODAY = day("Tue 17 Mar 2026")
SPOCS = {"police": ["SP1", "SP2", "SP3"], "cps": ["CS1", "CS2", "CS3"]}


@pytest.fixture
def book(database: Engine, run_cli, tmp_path, monkeypatch: pytest.MonkeyPatch) -> PanelWorld:
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    for agency, refs in SPOCS.items():
        for ref in refs[1:]:
            contact(made, ref, "spoc", agency=agency)
    return made


def fill(book: PanelWorld, draw: random.Random) -> None:
    """Twelve cases with rows of either agency, some linked, closed, withdrawn, restricted or barring, and a panel."""
    gone_by = [None, None, "2026-03-01"]
    book.say("update contacts set restricted_access = contact_ref in ('SP1', 'CS2')")
    book.say("insert into case_keys (urn_root) values ('45ZZ0000126')")
    gone = draw.choice(["SP2", "CS3", "P1"])
    book.say("update contacts set active_to = '2026-03-01' where contact_ref = :gone", gone=gone)
    for number in range(12):
        book.case(
            f"R{number}", spoc_ref=draw.choice([None, "X9", "CS1", *SPOCS["police"]]),
            restricted=draw.random() < 0.3, barred_refs=draw.choice([[], [], ["SP3"], ["CS1"]]),
            finalised_on="2026-03-02" if draw.random() < 0.1 else None,
        )  # fmt: skip
        if draw.random() < 0.3:
            book.say(
                """update cases set urn_key_id = (select id from case_keys where urn_root is not null)
                   where case_ref = :ref""",
                ref=f"R{number}",
            )
        if draw.random() < 0.6:
            spoc_ref = draw.choice([None, "SP1", *SPOCS["cps"]])
            book.belongs("cps_cases", f"R{number}", spoc_ref=spoc_ref, withdrawn_on=draw.choice(gone_by))
    book.say(
        """insert into cps_cases (key_id, source_id, spoc_ref, withdrawn_on)
           select k.id, s.id, :ref, :gone from case_keys k, sources s
           where k.urn_root is not null and s.agency is not null""",
        ref=draw.choice([None, *SPOCS["cps"]]), gone=draw.choice(gone_by),
    )  # fmt: skip
    spocs = {agency: draw.choice(refs) for agency, refs in SPOCS.items() if draw.random() < 0.7}
    book.panels(TUESDAYS | ({"spocs": spocs} if spocs else {}))


@pytest.mark.parametrize("seed", range(12))
def test_the_statement_says_of_each_case_what_the_rule_says(book: PanelWorld, seed: int) -> None:
    fill(book, random.Random(seed))  # noqa: S311
    asked = [ref for refs in SPOCS.values() for ref in refs]
    with book.engine.begin() as connection:
        people = directory_on(configured(), connection, TODAY)
        found = cases_led(connection, asked, people.spocs, TODAY)
        expected = [
            LedCase(lead.contact_ref, case_id)
            for case_id in book.ask("select id from cases where finalised_on is null")
            for agency in Agency
            if (lead := leads(agency, case_parties(connection, case_id), people))
        ]
    assert sorted(found) == sorted(expected)
    assert [one for one in found if one.contact_ref == "SP1"] == [
        one for one in sorted(expected) if one.contact_ref == "SP1"
    ]
