"""The database: away, older or newer than the code, another than the owner's, or the application's own."""

from sqlalchemy import make_url

from models import migrations
from tasks.rounds.doctor import database
from tasks.servers import database as way
from tasks.servers import postgres
from tests.support.post import free_port


def again(at, **variables):
    way.close()
    at.set(**variables)


def test_a_database_that_is_away_is_found_and_what_needs_it_waits(at):
    url = way.application_url()
    again(at, DATABASE_URL=f"postgresql+psycopg2://me:hunter2@127.0.0.1:{free_port()}/casebeat")
    found = at.examined()
    ((mark, sentence),) = found["database"]
    assert mark == "fail"
    assert sentence.startswith("The database cannot be reached: is its server up")
    assert found["outbox"] == [("skip", "Not looked at: put database right first.")]
    assert "hunter2" not in str(found)
    again(at, DATABASE_URL=url)
    at.is_well("database")


def test_tables_of_another_revision_are_found(at):
    for revision, words in (("0028", "from a trial before Casebeat 1.0.0"), ("9999", "upgrade Casebeat")):
        _as_owner(f"update alembic_version set version_num = '{revision}'")
        way.close()
        at.finds("database", "fail", words)
    _as_owner(f"update alembic_version set version_num = '{migrations.HEAD}'")
    way.close()
    at.is_well("database")


def _as_owner(statement):
    engine = way.owner_engine()
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_an_owners_url_of_another_database_is_found(at, server, copies):
    other = "test_of_the_doctor"
    ours = way.owner_url()
    copies.give(other)
    try:
        at.set(DATABASE_OWNER_URL=postgres.url(server, database=other, role="casebeat_owner"))
        at.finds("database-owner", "fail", "leads to another database", "Name the same host and database in both")
        at.set(DATABASE_OWNER_URL=ours)
        at.is_well("database-owner")
    finally:
        copies.take_back(other)


def test_an_owner_who_owns_nothing_or_cannot_connect_is_found(at):
    ours = way.owner_url()
    at.set(DATABASE_OWNER_URL=way.application_url())
    at.finds("database-owner", "fail", "does not own the tables", "name their owner")
    at.set(DATABASE_OWNER_URL=make_url(ours).set(username="nobody_at_all").render_as_string())
    at.finds("database-owner", "fail", "DATABASE_OWNER_URL cannot be used", "correct its host, database")
    at.set(DATABASE_OWNER_URL=None)
    at.is_well("database-owner")


def test_an_application_that_owns_the_tables_is_found(at):
    ours = way.application_url()
    again(at, DATABASE_URL=way.owner_url())
    at.finds("database-login", "warn", "owns the tables", "the role casebeat_app and no other")
    again(at, DATABASE_URL=ours)
    at.is_well("database-login")


def test_an_application_that_may_change_the_audit_log_is_found(at):
    _as_owner("grant delete on audit to casebeat_app")
    at.finds("database-login", "fail", "may change or delete audit rows", "revoke update, delete and truncate")
    _as_owner("revoke delete on audit from casebeat_app")
    at.is_well("database-login")


def test_an_application_that_lacks_a_right_of_its_work_is_found_until_the_tables_are_migrated(at):
    name = way.engine().url.database
    _as_owner(f'revoke temporary on database "{name}" from public, casebeat_app')
    _as_owner("revoke insert, update on cases from casebeat_app")
    at.finds("database-rights", "fail", "has no right to insert on cases, temporary tables, update on cases")
    assert at.cli("migrate").code == 0
    at.is_well("database-rights")


def test_the_rights_to_views_the_audit_log_and_its_seals_are_looked_for_too(at):
    _as_owner("revoke select on sittings_ahead from casebeat_app")
    _as_owner("revoke insert on audit from casebeat_app")
    _as_owner("revoke execute on function seal_audit(integer) from casebeat_app")
    at.finds("database-rights", "fail", "execute seal_audit, insert on audit, select on sittings_ahead:")
    assert at.cli("migrate").code == 0
    at.is_well("database-rights")


def test_a_postgresql_that_gets_no_fixes_any_more_is_found(at, monkeypatch):
    monkeypatch.setattr(database, "OLDEST", 99)
    at.finds("postgresql", "warn", "PostgreSQL 18", "upgrade it to 99 or later")
    monkeypatch.setattr(database, "OLDEST", 15)
    at.is_well("postgresql")
