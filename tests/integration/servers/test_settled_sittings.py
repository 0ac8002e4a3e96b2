"""The day on which minutes were given, in a database that the version before made."""

from tasks.servers import migrate
from tests.support.older_database import A_SITTING, older_database

AGENDA = """insert into agendas (sitting_id, occasion, day, made_on, digest, seen)
            select id, 'before', day, '2026-03-12', 'd', '{}' from sittings where ref = 'S1'"""
ANOTHER = A_SITTING.replace("'S1'", "'S2'").replace("10:00Z", "14:00Z")


def test_a_sitting_whose_agenda_is_out_keeps_its_minutes_and_others_get_them_when_they_are_settled(server):
    with older_database(server, "0018", [A_SITTING, ANOTHER, AGENDA]) as made:
        assert migrate.migrate(made.url) == "0018"
        assert [(ref, str(on)) for ref, on in made.ask("select ref, settled_on from sittings order by ref")] == [
            ("S1", "2026-03-12"),
            ("S2", "None"),
        ]
