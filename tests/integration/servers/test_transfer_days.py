"""Transfers in a database that the version before made: nobody is told of one that was there before the upgrade."""

from models.queries.obligations import transfers
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

TRANSFERRED = """
with k as (insert into case_keys (force_code, case_ref) values ('45', 'C1') returning id)
insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                   oic_ref, finalised_on, finalised_reason)
select k.id, s.id, '45', 'C1', 'South East', '2026-01-05', '{PH97006}', 'stalking', 'high', 'P1', '2026-02-02',
       'transferred' from k, sources s"""


def test_nobody_is_told_of_a_transfer_from_before_the_upgrade(server):
    with older_database(server, "0011", [A_SOURCE, TRANSFERRED]) as made:
        assert migrate.migrate(made.url) == "0011"
        assert made.ask("select transfer_seen_on from cases") == [(None,)]
        with made.opened() as connection:
            assert transfers.untold(connection) == []
        made.run("update cases set transfer_seen_on = '2026-02-03'")
        with made.opened() as connection:
            assert [one.force_code for one in transfers.untold(connection)] == ["45"]
