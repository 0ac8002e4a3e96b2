"""The column of the lines of enquiry, in a database with outcomes that the version before made."""

from tasks.servers import migrate
from tests.support.older_database import A_SITTING, older_database

HELD = (
    A_SITTING,
    """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on, ended_on, "end")
       select 1, id, 0, day, day, 'due', day, day, 'held' from sittings""",
    """insert into outcomes (convening_id, held, police_attended, cps_attended, decisions, pattern, recorded_on,
                             recorded_at)
       select id, true, true, true, '{continue}', 'stalking', '2026-03-17', '2026-03-17 12:00Z' from convenings""",
)


def test_of_an_outcome_of_the_version_before_nobody_recorded_it(server):
    with older_database(server, "0007", HELD) as made:
        assert migrate.migrate(made.url) == "0007"
        assert made.ask("select held, quorate, decisions, pattern, enquiries, stands from outcomes") == [
            (True, True, ["continue"], "stalking", None, True)
        ]
