"""The columns that duties need, and which of them each source sends, in a database that the version before made."""

from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory

from tasks.intake.files import FILES
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, OlderDatabase, older_database

BEFORE, AFTER = "0006", "0010"
CASES = """
insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                   oic_ref, suspect_status, declassified_on, projection)
select n, s.id, '45', 'C' || n, 'South East', '2025-11-03', '{PH97006}', 'harassment', 'high', 'P1',
       case when n = 1 then 'bail' end, case when n = 2 then date '2026-02-01' end, 'evaluated'
from sources s, generate_series(1, 2) n"""

AN_EXTRACT = """
insert into extracts (extract_id, content, source_name, state, judged_at, counts)
values ('1', '1', 'niche-45', 'loaded', '2026-03-01 05:00Z', '{"cases.csv": {"rows": 2}, "pleas.csv": {"rows": 0}}'),
       ('2', '2', 'niche-45', 'refused', '2026-03-02 05:00Z', '{"orders.csv": {"rows": 2}}')"""


@pytest.fixture
def upgraded(server) -> Iterator[OlderDatabase]:
    with older_database(server, BEFORE, [A_SOURCE, CASES, AN_EXTRACT]) as made:
        made.upgrade(AFTER)
        yield made


def test_a_status_that_is_known_already_counts_from_its_sources_last_extract(upgraded):
    stored = upgraded.ask("select case_ref, status_on::text, status_seen_on, status_changed_on from cases order by id")
    assert stored == [("C1", "2026-03-01", None, None), ("C2", None, None, None)]


def test_the_day_on_which_a_case_stopped_being_stalking_stays(upgraded):
    stored = upgraded.ask("select case_ref, declassified_on::text, projection from cases order by id")
    assert stored == [("C1", None, "evaluated"), ("C2", "2026-02-01", "evaluated")]


@pytest.mark.parametrize(
    ("file", "name", "state"),
    [
        ("cases.csv", "risk_assessed_on", ["supposed"]),
        ("pleas.csv", "spoc_reviewed_on", ["supposed"]),
        ("cases.csv", "victim_told_on", []),
        ("orders.csv", "renewal_decided_on", []),
    ],
)
def test_what_a_source_sent_to_the_version_before_counts_as_sent_until_its_next_extract(upgraded, file, name, state):
    found = upgraded.ask(f"select state from source_columns where file = '{file}' and name = '{name}'")
    assert [one for (one,) in found] == state


def test_the_version_before_read_the_columns_of_today_but_those_that_were_added():
    scripts = ScriptDirectory.from_config(migrate.configuration())
    added, kept = (scripts.get_revision(number).module for number in ("0007", "0010"))
    tables = {file.table.__tablename__: file.name for file in FILES.values()}
    new = {
        (tables[table], name) for part in (added.DAYS, added.REFS) for table, names in part.items() for name in names
    }
    new |= {(tables[table], name) for table, name in added.LISTS.items()}
    read = {(file, name) for file, names in kept.READ_BEFORE.items() for name in names.split()}
    today = {(file.name, column) for file in FILES.values() for column in file.names}
    assert today - read == new - {("cases.csv", "status_on"), ("cases.csv", "status_seen_on")}
    assert read < today
