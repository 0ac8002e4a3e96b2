"""The table of files and columns matches the tables of the database."""

import pytest

from tasks.intake.files import FILES
from tasks.intake.staging import describe


@pytest.mark.parametrize("name", FILES)
def test_every_stored_column_is_a_column_of_its_table(name: str) -> None:
    file = FILES[name]
    ours = {"urn", "case_ref", "force_code"}  # these lead to the row's case
    stored = {column.kept_as for column in file.columns if column.kept_as and column.name not in ours}
    assert stored <= set(file.table.__table__.c.keys())


@pytest.mark.parametrize("name", FILES)
def test_every_fact_of_a_table_comes_from_a_column(name: str) -> None:
    rows = describe(FILES[name])
    of_intake = {"id", "source_id", "withdrawn_on", "as_sent", "changed", "first_seen_on", "declassified_on"}
    of_intake |= {"status_on", "status_seen_on", "transfer_seen_on"}
    of_projection = {"projection", "projected_at", "failure"}
    of_intake |= set() if "urn" in FILES[name].names else {"urn_suffix"}
    stored = {column.name for column in rows.target.c if column.computed is None}
    assert set(rows.facts) == stored - of_intake - of_projection
