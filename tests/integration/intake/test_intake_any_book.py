"""Random books: a second intake changes nothing, and any order of extracts gives the same facts."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from flows.configured import configured
from models.base import Base
from tasks.intake.load import load_folders
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, write
from tests.worlds.intake import empty, facts

DAYS = st.dates(min_value=AS_OF.date().replace(year=2024), max_value=AS_OF.date()).map(str)
MAYBE_DAY = st.one_of(st.just(""), DAYS)
REFS = st.sampled_from(["C1", "C2", "C3", "C4"])
URNS = st.sampled_from(["", "45AB1234526", "45ab 12345/26 (M)", "46ZZ0000126/1"])
PEOPLE = st.sampled_from(["P1", "P2", "P3", ""])
CODES = st.sampled_from(["PH97006", "PH97004;ph97011b", "TH68010", "CD98069"])
CASES = st.lists(
    st.builds(
        lambda ref, urn, opened, codes, risk, oic: a_case(
            ref, urn=urn, opened_on=opened, offence_codes=codes, risk=risk, oic_ref=oic or "P9"
        ),
        REFS,
        URNS,
        DAYS,
        CODES,
        st.sampled_from(["", "High", "standard"]),
        PEOPLE,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row["case_ref"],
)
ACTIONS = st.lists(
    st.builds(
        lambda ref, case, status, raised, due, closed: an_action(
            ref, case, status=status, raised_on=raised, due_on=due, closed_on=closed
        ),
        st.sampled_from(["A1", "A2", "A3", "A4", "A5"]),
        REFS,
        st.sampled_from(["pending", "done", "waiting_third_party"]),
        DAYS,
        MAYBE_DAY,
        MAYBE_DAY,
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row["action_ref"],
)
CPS_CASES = st.lists(
    st.builds(
        lambda urn, charged: {"urn": urn, "charged_on": charged},
        st.sampled_from(["45AB1234526", "46ZZ0000126", "45QQ0000126"]),
        MAYBE_DAY,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row["urn"],
)


def astray(engine: Engine) -> int:
    """Rows whose key or source is missing. No foreign key checks this: the merging statements must ensure it."""
    named = {"key_id": "case_keys", "urn_key_id": "case_keys", "source_id": "sources"}
    pointing = [
        f"(select count(*) from {table.name} t where {column} is not null"
        f" and not exists (select from {named[column]} n where n.id = t.{column}))"
        for table in Base.metadata.tables.values()
        for column in named.keys() & table.c.keys()
    ]
    cases = "(select count(*) from cases t where not exists (select from case_keys n where n.id = t.id))"
    with engine.connect() as connection:
        return int(connection.scalar(text(f"select {' + '.join([*pointing, cases])}")) or 0)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=CASES, actions=ACTIONS, cps_cases=CPS_CASES)
def test_any_book_in_any_order_gives_the_same_facts_and_again_changes_nothing(
    database: Engine, cases: Any, actions: Any, cps_cases: Any
) -> None:
    with tempfile.TemporaryDirectory(prefix="casebeat-book-") as folder:
        _hold(database, Path(folder), cases, actions, cps_cases)


def _hold(database: Engine, folder: Path, cases: Any, actions: Any, cps_cases: Any) -> None:
    both = {"covers": ["45", "46"]}
    people = {"contacts.csv": [a_contact("P1"), a_contact("P2")], "cases.csv": cases}
    files = [
        (people, {"source": "niche"}),
        ({"actions.csv": actions}, {"source": "connect"}),
        ({"cps_cases.csv": cps_cases}, {"source": "cms", "agency": "cps"}),
    ]
    sent = [write(folder / str(n), content, **both, **said) for n, (content, said) in enumerate(files)]
    found = []
    for order in (sent, sent[::-1], [*sent[1:], sent[0]]):
        empty(database)
        for each in order:
            load_folders(configured(), [each], AS_OF)
        found.append(facts(database))
        assert astray(database) == 0
    assert all(each == found[0] for each in found)
    with database.begin() as connection:
        connection.execute(text("update cases set projection = 'evaluated'"))
    again = [write(folder / f"again{n}", content, number=2, **both, **said) for n, (content, said) in enumerate(files)]
    made = load_folders(configured(), again, AS_OF)
    assert [(f.added, f.changed, f.withdrawn) for result in made for f in result.files] == [(0, 0, 0)] * 4
    assert sum(result.cases_changed for result in made) == 0
    assert facts(database) == found[0]
