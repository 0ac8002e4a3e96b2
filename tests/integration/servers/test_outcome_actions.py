"""The column of an outcome's actions, in a database with outcomes that the version before made."""

from tasks.servers import migrate
from tests.support.older_database import A_SITTING, A_SOURCE, older_database

TWICE = (
    A_SOURCE,
    "insert into case_keys (force_code, case_ref) values ('45', 'C1')",
    A_SITTING,
    """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on, ended_on, "end")
       select k.id, s.id, 0, day, day, 'due', day, day, 'held' from sittings s, case_keys k""",
    """insert into actions (action_ref, source_id, key_id, kind, source, owner_agency, status, raised_on, withdrawn_on)
       select ref, s.id, k.id, 'CCTV', 'joint_review', 'police', 'pending', '2026-03-17', gone::date
       from sources s, case_keys k, (values ('JR-S1-C1-1', '2026-03-18'), ('JR-S1-C1-2', null), ('A1', null))
            as n(ref, gone)""",
    """insert into outcomes (convening_id, held, police_attended, cps_attended, recorded_on, recorded_at, stands)
       select v.id, true, true, n.stands, '2026-03-17', '2026-03-17 12:00Z', n.stands
       from convenings v, (values (false), (true)) as n(stands)""",
)


def test_the_outcome_that_counts_has_its_live_actions_and_of_one_that_was_replaced_they_are_not_known(server):
    with older_database(server, "0022", TWICE) as made:
        migrate.migrate(made.url)
        assert made.ask("select stands, action_refs from outcomes order by id") == [
            (False, None), (True, ["JR-S1-C1-2"]),
        ]  # fmt: skip
