"""From revision 1005 on: the marks of rejected rows guard the cases of a book that is there."""

from pathlib import Path

from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

KEYS = """insert into case_keys (id, force_code, case_ref, urn_root)
          values (1, '45', 'C1', null), (2, '45', 'C2', null), (3, null, null, '45AB1234526')"""
CASES = """insert into cases (id, force_code, case_ref, urn_key_id, cps_area, opened_on, offence_codes, classification,
                              risk, oic_ref, source_id, barred_refs)
           select id, force_code, case_ref, case when id = 1 then 3 end, 'South East', '2026-03-02', '{PH97006}',
                  'stalking', 'high', 'P1', 1, case when id = 2 then array['SP1'] else '{}' end
           from case_keys where force_code is not null"""
A_MARK = "insert into rejected_marks values (1, '45', 'C3', '45AB1234526', true, array['SP9'])"


def test_cases_that_bar_somebody_go_on_doing_so_and_a_mark_of_a_rejected_row_guards_what_its_urn_links(
    server: Path,
) -> None:
    with older_database(server, "1005", (A_SOURCE, KEYS, CASES)) as made:
        assert migrate.migrate(made.url) == "1005"
        asked = "select case_ref, is_restricted, barred from disclosed order by 1"
        assert made.ask(asked) == [("C1", False, []), ("C2", False, ["SP1"])]
        made.run(A_MARK)
        assert made.ask(asked) == [("C1", True, ["SP9"]), ("C2", False, ["SP1"])]
