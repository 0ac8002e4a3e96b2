"""The database: whether it answers, whose its tables are, and whether both URLs lead to it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from config.days.london import LONDON
from models.errors import opaque
from models.queries.rounds import doctor
from models.queries.rounds.doctor import DatabaseState
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Inspection, Verdict, fail, ok, warn
from tasks.servers import database
from tasks.servers.database import transaction

OLDEST = 15  # PostgreSQL's oldest version that gets fixes


def _answers(configuration: Configuration, at: datetime) -> tuple[Verdict, ...]:
    """Connect as every command does, which compares the revision of the tables with this code's. Raises Refuse."""
    del configuration, at
    with transaction():
        return ()


def _version(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """See whether the server is of a version that gets fixes, and knows London's time."""
    del configuration, at
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


def _login(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """See whether the application's login could change the audit log."""
    del configuration, at
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


def _encryption(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """See whether what goes to a database on another machine is encrypted."""
    del configuration, at
    with transaction() as connection:
        state = doctor.database_state(connection)
    if state.elsewhere and not state.encrypted:
        yield fail(
            "The connection to the database on another machine is not encrypted: switch TLS on at its server, and add "
            "?sslmode=verify-full&sslrootcert=FILE to CASEBEAT_DATABASE_URL."
        )
    elif not state.elsewhere:
        yield ok("The database is on this machine.")


def _owner(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """See whether both URLs lead to one database, and whether the owner's login owns its tables."""
    del at
    if configuration.settings.database_owner_url is None:
        yield ok("No owner's URL is set: casebeat migrate uses CASEBEAT_DATABASE_URL.")
        return
    with transaction() as connection:
        ours = doctor.database_state(connection)
    try:
        theirs = _as_owner()
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


def _as_owner() -> DatabaseState:
    engine = database.owner_engine()
    try:
        with engine.begin() as connection:
            return doctor.database_state(connection)
    finally:
        engine.dispose()


CHECKS = (
    Inspection(
        "database", "The database answers, and its tables are at this code's revision.", _answers, ("data-directory",)
    ),
    Inspection(
        "postgresql", "PostgreSQL is of a version that gets fixes, and knows London's time.", _version, ("database",)
    ),
    Inspection("database-login", "The application's login cannot change the audit log.", _login, ("database",)),
    Inspection("database-encryption", "The connection to the database is encrypted.", _encryption, ("database",)),
    Inspection("database-owner", "Both URLs lead to one database, and the owner owns it.", _owner, ("database",)),
)
