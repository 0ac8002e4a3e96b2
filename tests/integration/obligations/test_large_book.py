"""An ordinary day reads no table from end to end, however large the book, by PostgreSQL's own counts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from config.terms import OwedBy
from models.queries.driver import mapping, scalar
from models.queries.obligations import (
    acknowledgements,
    completions,
    explain,
    listing,
    obligation_views,
    stalled_obligations,
)
from models.queries.people import contacts, cover_gaps, disclosure
from models.queries.people.parties import asked_case
from models.queries.rounds import summary
from models.rules.people.parties import Parties
from models.rules.references import CaseReference
from tasks.servers.database import owner_engine
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Wed 18 Mar 2026")
MANY = 4000
_BOOK = (
    "insert into case_keys (force_code, case_ref) select '45', 'M' || n from generate_series(1, :many) n",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref, supervisor_ref, projection)
       select k.id, s.id, '45', k.case_ref, case when k.id % 2 = 0 then 'South East' else 'Wessex' end, '2026-03-02',
              '{PH97011}', 'stalking', 'high', 'P' || k.id % 500, 'S' || k.id % 50, 'evaluated'
       from case_keys k, sources s where k.case_ref like 'M%'""",
    """insert into actions (action_ref, key_id, source_id, kind, source, owner_agency, status, raised_on, owner_ref)
       select 'M' || k.id, k.id, s.id, 'WITNESS_STATEMENT', 'investigation', 'police',
              case when k.id % 3 = 0 then 'pending' else 'done' end, '2026-03-02', 'P' || k.id % 500
       from case_keys k, sources s where k.case_ref like 'M%'""",
    """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas, first_seen_on,
                             changed)
       select 'Z' || n, s.id, 'police', 'Robin Example', 'robin@surrey.police.uk', '{officer}', '{45}', '{}',
              '2026-03-02', false
       from generate_series(1, :many) n, sources s""",
    """insert into absences (contact_ref, source_id, from_on, to_on, changed)
       select 'Z' || n, s.id, '2026-01-05', '2026-01-09', false from generate_series(1, :many) n, sources s""",
    """insert into absences (contact_ref, source_id, from_on, to_on, changed)
       select ref, s.id, '2026-03-20', '2026-03-27', false from unnest(array['P1', 'Z1']) ref, sources s""",
    """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                remind_on, escalate_on, hard, stalls, because, began_on)
       select id, '45', 'joint-review', 'case', 1, 1, '1', 'both', '2026-03-12'::date + (id % 100)::int, '2026-03-02',
              '2026-03-13'::date + (id % 100)::int, false, true, '[]', '2026-03-02' from cases""",
    """insert into messages (key, kind, channel, day, state, due_at)
       select 'M' || n, 'letter', 'email', '2026-03-02', 'sent', '2026-03-02T08:00Z'
       from generate_series(1, :many) n""",
    "update contacts set changed = false",
    "insert into case_keys (urn_root) select '45AB' || lpad(n::text, 7, '0') from generate_series(1, :many / 2) n",
    "update contacts set email = contact_ref || '@surrey.police.uk'",
    """update cases c set urn_key_id = k.id, restricted = c.id % 97 = 0,
              barred_refs = case when c.id % 89 = 0 then array['Z' || c.id] else '{}' end
       from case_keys k where k.urn_root = '45AB' || lpad((c.id / 2)::text, 7, '0')""",
)  # fmt: skip


@pytest.fixture
def book(database: Engine, run_cli: Callable[..., Any]) -> OneCase:
    """One case among thousands."""
    made = OneCase(database, run_cli)
    for statement in _BOOK:
        made.say(statement, **({"many": MANY} if ":many" in statement else {}))
    owner = owner_engine()
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    owner.dispose()
    return made


READS: dict[str, Callable[[Connection], Any]] = {
    "who will be away": lambda connection: cover_gaps.absences(connection, TODAY, day("Wed 25 Mar 2026")),
    "which place has no SPOC": lambda connection: cover_gaps.vacant(connection, TODAY, ()),
    "whose restricted cases nobody may read": lambda connection: cover_gaps.closed_to_all(connection, TODAY, ()),
    "who came, went or changed": lambda connection: contacts.changed(connection, TODAY, TODAY),
    "whose time as SPOC ends": lambda connection: cover_gaps.leaving(connection, TODAY, day("Wed 25 Mar 2026")),
    "who could be told": lambda connection: contacts.on_duty(
        connection, TODAY, [Parties(OwedBy.BOTH, ("45",), ("South East",), "P1", "S1", "C1", None)]
    ),
    "what is stalled in an Area": lambda connection: stalled_obligations.stalled(connection, TODAY, [], ["South East"]),
    "how an Area stands": lambda connection: stalled_obligations.totals(
        connection, TODAY, [], ["South East"], access=True
    ),
    "how many are stalled": lambda connection: summary.stalled(connection, "45", TODAY),
    "which are stalled longest": lambda connection: summary.worst_stalled(connection, ["45"], TODAY, 5),
    "how many restricted ones are": lambda connection: summary.unlisted_stalled(connection, ["45"], TODAY),
    "what people are still told of": lambda connection: obligation_views.still_open(connection, ["P1"]),
    "a case's obligations": lambda connection: listing.live(connection, None, "45/M7"),
    "a case's obligations by its own reference": lambda connection: listing.live(connection, "45", "M7"),
    "whether there is a case": lambda connection: listing.is_known(connection, None, "45/M0"),
    "a force's stalled cases": lambda connection: listing.stalled(connection, TODAY, "45"),
    "what a case owes now": lambda connection: acknowledgements.owed(connection, 7),
    "a case that is explained": lambda connection: explain.head(connection, "45", "M7"),
    "a case of any force": lambda connection: explain.similar_references(connection, CaseReference("45", "M7")),
    "a case that is acknowledged": lambda connection: asked_case(connection, CaseReference("45", "M7")),
    "an action that is completed": lambda connection: completions.find(
        connection, CaseReference("45", "45/1234"), "A1", ()
    ),
    "what readers may hear nothing of": lambda connection: disclosure.hidden_cases(connection, ["P1", "Z1", "Z7"]),
    "the actions of a case": lambda connection: completions.live_actions(connection, 7),
    "how the outbox stands": lambda connection: summary.outbox(connection, TODAY),
}


@pytest.mark.usefixtures("book")
def test_nothing_is_read_from_end_to_end(connection: Connection) -> None:
    found = []
    for what, read in READS.items():
        before = _scanned(connection)
        read(connection)
        after = _scanned(connection)
        found += [f"{what}: {table}" for table, rows in after.items() if rows - before.get(table, 0) > MANY // 2]
    assert found == []


def _scanned(connection: Connection) -> dict[str, int]:
    """The rows that this transaction has read of each table in sequential scans."""
    statement = "select relname, seq_tup_read from pg_stat_xact_user_tables"
    return mapping(connection, "relname", "seq_tup_read", statement)


def test_a_place_without_a_spoc_is_told_with_its_open_stalking_cases(book: OneCase, connection: Connection) -> None:
    book.say("update contacts set active_to = '2026-03-01' where contact_ref = 'SP1'")
    found = {(one.agency.value, one.place): one.cases for one in cover_gaps.vacant(connection, TODAY, ())}
    assert found == {("police", "45"): MANY + 1, ("cps", "Wessex"): MANY // 2}


def test_only_absences_of_people_with_open_obligations_are_read(book: OneCase, connection: Connection) -> None:
    def away() -> list[str]:
        return [one.contact_ref for one in cover_gaps.absences(connection, TODAY, day("Wed 25 Mar 2026"))]

    assert away() == ["P1"], "Z1 has nothing in hand"
    for column in ("oic_ref", "supervisor_ref"):
        book.say(f"update cases set {column} = 'Z1' where case_ref = 'M7'")
        assert away() == ["P1", "Z1"]
        book.say("update cases set finalised_on = '2026-03-10' where case_ref = 'M7'")
        assert away() == ["P1"]
        book.say(f"update cases set finalised_on = null, {column} = 'P2' where case_ref = 'M7'")
    book.say("update actions set owner_ref = 'Z1', status = 'waiting_third_party' where action_ref = 'A1'")
    assert away() == ["P1", "Z1"]


def test_the_longest_stalled_come_first_and_no_further_is_read(book: OneCase, connection: Connection) -> None:
    book.say("update cases set restricted = true where case_ref in ('M11', 'M12')")
    linked = book.ask(
        "select count(*) from cases c join cases l using (urn_key_id) where l.restricted and c.id <> l.id"
    )
    assert linked[0] > 20
    found = summary.worst_stalled(connection, ["45"], TODAY, 60)
    every = book.ask(
        """select c.case_ref from obligations o join cases c on c.id = o.case_id
           where o.escalate_on <= '2026-03-18' and not c.restricted and c.barred_refs = '{}' and not exists (
               select from cases l
               where l.urn_key_id = c.urn_key_id and (l.restricted or l.barred_refs <> '{}'))
           order by o.escalate_on, o.id limit 60"""
    )
    assert [one.case_ref for one in found] == every
    read = scalar(
        connection,
        """select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
           where indrelid = 'obligations'::regclass""",
    )
    assert read < 400, "a few rows for each case that is shown, of 4,001 obligations"
