"""The columns of revision 0007 in a database that the version before made."""

from collections.abc import Iterator

import pytest

from tests.support.older_database import A_SOURCE, OlderDatabase, older_database

BEFORE, AFTER = "0006", "0007"
CASES = """
insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                   oic_ref, suspect_status, declassified_on, projection)
select n, s.id, '45', 'C' || n, 'South East', '2025-11-03', '{PH97006}', 'harassment', 'high', 'P1',
       case when n = 1 then 'bail' end, case when n = 2 then date '2026-02-01' end, 'evaluated'
from sources s, generate_series(1, 2) n"""


@pytest.fixture
def upgraded(server) -> Iterator[OlderDatabase]:
    with older_database(server, BEFORE, [A_SOURCE, CASES]) as made:
        made.upgrade(AFTER)
        yield made


def test_a_status_that_is_known_already_counts_from_its_sources_last_extract(upgraded):
    stored = upgraded.ask("select case_ref, status_on::text, status_seen_on, status_changed_on from cases order by id")
    assert stored == [("C1", "2026-03-01", None, None), ("C2", None, None, None)]


def test_the_day_on_which_a_case_stopped_being_stalking_stays(upgraded):
    stored = upgraded.ask("select case_ref, declassified_on::text, projection from cases order by id")
    assert stored == [("C1", None, "evaluated"), ("C2", "2026-02-01", "evaluated")]
