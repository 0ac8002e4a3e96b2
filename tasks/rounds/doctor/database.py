"""The database: whether it answers, whose its tables are, and whether both URLs lead to it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from config.days.london import LONDON
from models.errors import opaque
from models.queries.rounds import doctor
from models.queries.rounds.doctor import DatabaseState
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, warn
from tasks.servers import database
from tasks.servers.database import transaction

OLDEST = 15  # PostgreSQL's oldest version that gets fixes
_NAMED = 3  # rights in a sentence


@inspection("database", "The database answers, and its tables are at this code's revision.", "data-directory")
def _answers(_configuration: Configuration, _at: datetime) -> tuple[Verdict, ...]:
    """Connect as every command does, which compares the revision of the tables with this code's. Raises Refuse."""
    with transaction():
        return ()


@inspection("postgresql", "PostgreSQL is of a version that gets fixes, and knows London's time.", "database")
def _version(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        version = doctor.database_state(connection).version // 10_000
        knows = doctor.zone_is_known(connection, LONDON.key)
    if version < OLDEST:
        yield warn(
            f"The database runs PostgreSQL {version}, which gets no fixes any more: upgrade it to {OLDEST} or later."
        )
    if not knows:
        yield fail(
            "The database's time zones lack Europe/London or its summer time: install its machine's package tzdata, "
            "and start it again."
        )


@inspection("database-login", "The application's login cannot change the audit log.", "database")
def _login(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        state = doctor.database_state(connection)
    if state.owns:
        yield warn(
            "The login of CASEBEAT_DATABASE_URL owns the tables, or may act as their owner, so that it could change "
            "the audit log: give it another login, with the role casebeat_app and no other."
        )
    elif state.changes_audit:
        yield fail(
            "The login of CASEBEAT_DATABASE_URL may change or delete audit rows: revoke update, delete and truncate on "
            "the table audit from it and from casebeat_app."
        )


@inspection("database-encryption", "The connection to the database is encrypted.", "database")
def _encryption(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        state = doctor.database_state(connection)
    if state.elsewhere and not state.encrypted:
        yield fail(
            "The connection to the database on another machine is not encrypted: switch TLS on at its server, and add "
            "?sslmode=verify-full&sslrootcert=FILE to CASEBEAT_DATABASE_URL."
        )
    elif not state.elsewhere:
        yield ok("The database is on this machine.")


@inspection("database-owner", "Both URLs lead to one database, and the owner owns it.", "database")
def _owner(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    if configuration.settings.database_owner_url is None:
        yield ok("No owner's URL is set: casebeat migrate uses CASEBEAT_DATABASE_URL.")
        return
    with transaction() as connection:
        ours = doctor.database_state(connection)
    try:
        theirs = as_owner()
    except SQLAlchemyError as error:
        yield fail(
            f"The database of CASEBEAT_DATABASE_OWNER_URL cannot be used ({opaque(error)}): correct its host, "
            "database, login and password."
        )
        return
    if (ours.server, ours.name) != (theirs.server, theirs.name):
        yield fail(
            "CASEBEAT_DATABASE_OWNER_URL leads to another database than CASEBEAT_DATABASE_URL: casebeat migrate would "
            "upgrade the one, and the rounds use the other. Name the same host and database in both."
        )
    elif not theirs.owns:
        yield fail(
            "The login of CASEBEAT_DATABASE_OWNER_URL does not own the tables, so that casebeat migrate fails: name "
            "their owner."
        )


def as_owner() -> DatabaseState:
    """Return the state that the owner of the tables sees."""
    engine = database.owner_engine()
    try:
        with engine.begin() as connection:
            return doctor.database_state(connection)
    finally:
        engine.dispose()


@inspection("database-rights", "The application's login has the rights that its work needs.", "database")
def _rights(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        lacks = doctor.database_state(connection).lacks
    if lacks:
        named = ", ".join(lacks[:_NAMED]) + (f" and {len(lacks) - _NAMED} more" if len(lacks) > _NAMED else "")
        yield fail(
            f"The login of CASEBEAT_DATABASE_URL has no right to {named}: give it the role casebeat_app, and run "
            "casebeat migrate as the owner of the database, which grants them."
        )


CHECKS = (_answers, _version, _login, _rights, _encryption, _owner)
