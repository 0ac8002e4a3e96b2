"""Orders that the version before withdrew with a case that its source left out: they are watched again."""

import pytest

from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

MISSING, OTHER = "2026-03-02", "2026-03-09"


def a_case(number: int, urn: int | None, withdrawn_on: str | None) -> str:
    day = f"'{withdrawn_on}'" if withdrawn_on else "null"
    return f"""with k as (insert into case_keys (force_code, case_ref) values ('45', 'C{number}') returning id)
        insert into cases (id, source_id, withdrawn_on, force_code, case_ref, urn_key_id, cps_area, opened_on,
                           offence_codes, classification, risk, oic_ref, projection)
        select k.id, s.id, {day}, '45', 'C{number}', {urn or "null"}, 'South East', '2026-01-05', '{{PH97006}}',
               'stalking', 'high', 'P1', 'evaluated' from k, sources s"""


def an_order(key: str, withdrawn_on: str) -> str:
    return f"""insert into orders (order_ref, source_id, key_id, kind, made_on, withdrawn_on)
               select 'O1', s.id, {key}, 'spo', '2026-01-05', '{withdrawn_on}' from sources s"""


URN = "insert into case_keys (id, urn_root) overriding system value values (1000, '45AB1234526')"
OF_CASE = "(select id from case_keys where case_ref = 'C1')"


@pytest.mark.parametrize(
    ("rows", "withdrawn", "changed"),
    [
        pytest.param([a_case(1, None, MISSING), an_order(OF_CASE, MISSING)], False, ["C1"], id="with its case"),
        pytest.param([a_case(1, None, MISSING), an_order(OF_CASE, OTHER)], True, [], id="on another day"),
        pytest.param([a_case(1, None, None), an_order(OF_CASE, MISSING)], True, [], id="alone"),
        pytest.param(
            [URN, a_case(1, 1000, MISSING), an_order("1000", MISSING)], False, ["C1"], id="by URN, with its case"
        ),
        pytest.param(
            [URN, a_case(1, 1000, MISSING), a_case(2, 1000, None), an_order("1000", MISSING)], True, [],
            id="by URN, while another case of it is sent",
        ),
    ],
)  # fmt: skip
def test_an_order_that_went_with_its_case_is_watched_again_and_any_other_stays_withdrawn(
    server, rows, withdrawn, changed
):
    with older_database(server, "0008", [A_SOURCE, *rows]) as made:
        assert migrate.migrate(made.url) == "0008"
        assert made.ask("select withdrawn_on is not null from orders") == [(withdrawn,)]
        assert made.ask("select case_ref from cases where projection = 'changed' order by 1") == [
            (case_ref,) for case_ref in changed
        ]
