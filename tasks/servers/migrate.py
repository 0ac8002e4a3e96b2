"""Migrations: tables, roles, and the rights of each role."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from models import migrations, views
from models.errors import Refuse
from models.migrations.rights import RIGHTS
from models.queries import schema

if TYPE_CHECKING:  # Alembic takes a third of a second to import; only a migration should pay for it
    from alembic.config import Config

NONE = "none"  # the revision of a database without tables
GROUPS = ("casebeat_app", "casebeat_report")
OUT_OF_REACH = (
    "The database cannot be reached: is its server up, and does CASEBEAT_DATABASE_URL name the right host, database, "
    "role and password? Nothing was done."
)
NO_ADDRESS = (
    "CASEBEAT_DATABASE_URL (or the OWNER's) is not a database URL: write it as "
    "postgresql+psycopg2://role:password@host:5432/database. Nothing was done."
)
CONNECT = {  # seconds, but `tcp_user_timeout` in milliseconds: a dead peer is noticed within a minute
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60000,
    "application_name": "casebeat",
}
_LOCK = 0x0CA5EBEA  # advisory lock for one migration at a time; an arbitrary constant
_UNUSABLE = "CASEBEAT_DATABASE_URL cannot be used yet: is its role there, may it log in, and is its password right?"
_OWNS = (
    "The role of CASEBEAT_DATABASE_URL owns the tables, so that whoever uses it could open the audit log to changes: "
    "give the application a role of its own, and name the owner in CASEBEAT_DATABASE_OWNER_URL (docs/deploy.md)."
)


def configuration() -> "Config":
    """Build Alembic's configuration without a file."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations.HERE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def database_url(url: str) -> URL:
    """Parse a database URL. Raises Refuse if it is malformed, without repeating any part of it."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise Refuse(NO_ADDRESS) from None


def migrate(url: str) -> str:
    """Migrate the database at `url` to this code's revision, as the tables' owner, and return its previous revision.

    In the same transaction the views are made as this code has them, and each role is granted its rights, which are
    granted again where nothing is to be migrated.
    Safe to run repeatedly and concurrently. Raises Refuse if the database cannot be reached, is of a trial before 1.0.0
    or newer than this code, or if the role lacks rights.
    """
    return _bring_up(url, refuse_unfit, grants_again=True)


def make_tables(url: str) -> bool:
    """Make the tables of a database that has none, as `migrate` does, and return whether it had none.

    Raises Refuse as `migrate` does, and where the tables are of another version: nobody asked for an upgrade.
    """
    return _bring_up(url, migrations.refuse_other, grants_again=False) == NONE


def _bring_up(url: str, refuse: Callable[[str], None], *, grants_again: bool) -> str:
    """Migrate unless `refuse` raises for the revision that is there; tables of this code's are left, but for rights."""
    with as_owner(url) as connection:
        before = schema.revision(connection)
        if before is not None:
            refuse(before)
        try:
            make_groups(connection)
            if before != migrations.HEAD:
                _upgrade(connection)
            if before != migrations.HEAD or grants_again:
                _grant(connection)
        except ProgrammingError as error:
            raise Refuse(
                f"The database refused the migration (pgcode {getattr(error.orig, 'pgcode', None)}): "
                "CASEBEAT_DATABASE_OWNER_URL must name a role that owns the database and may create roles, unless "
                f"{' and '.join(GROUPS)} exist already. Nothing was changed."
            ) from None
        connection.commit()
        return before or NONE


@contextmanager
def as_owner(url: str) -> Iterator[Connection]:
    """Open a connection that no other migration, backup or restore has at the same time; they wait for each other.

    Raises Refuse if the database cannot be reached.
    """
    try:
        with opened(url) as connection:
            connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
            yield connection
    except OperationalError as error:
        if getattr(error.orig, "pgcode", None):
            raise
        raise Refuse(OUT_OF_REACH) from None
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None):
            raise
        raise Refuse(NO_ADDRESS) from None


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """Open one connection as the role of a URL, without the application's limits of time."""
    engine = create_engine(database_url(url), hide_parameters=True, poolclass=NullPool, connect_args=CONNECT)
    try:
        with closing(engine.connect()) as connection:
            yield connection
    finally:
        engine.dispose()


def make_groups(connection: Connection) -> None:
    """Create the roles that the tables' rights are granted to, where the server has them not yet."""
    for role in GROUPS:
        known = connection.execute(text("select 1 from pg_roles where rolname = :role"), {"role": role}).scalar()
        if known is None:
            connection.execute(text(f"create role {role} nologin"))
            connection.execute(text(f"grant {role} to current_user"))


def refuse_unfit(revision: str) -> None:
    """Raise Refuse if tables of this revision cannot be migrated: those of a trial, and newer ones."""
    migrations.refuse_trial("The database", revision)
    migrations.refuse_newer(revision)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    config = configuration()
    config.attributes["connection"] = connection
    for statement in views.dropping():
        connection.execute(text(statement))
    command.upgrade(config, "head")
    for statement in views.making():
        connection.execute(text(statement))


def _grant(connection: Connection) -> None:
    for statement in RIGHTS:
        connection.execute(text(statement))


def refuse_two_databases(owner: str, application: str) -> None:
    """Raise Refuse if the owner's URL and the application's lead to two databases.

    An advisory lock belongs to one database, so that it shows this behind any host name, port or proxy.
    """
    if owner == application:
        return
    lock = secrets.randbits(62)
    with as_owner(owner) as held:
        schema.try_lock(held, lock)
        try:
            with opened(application) as other:
                two = schema.try_lock(other, lock)
        except DBAPIError:
            return  # `warnings` names it
    if two:
        raise Refuse(
            "CASEBEAT_DATABASE_OWNER_URL and CASEBEAT_DATABASE_URL lead to two databases: the first would be migrated, "
            "and the second be used. Name the same host, port and database in both. Nothing was done."
        )


def warnings(application: str) -> list[str]:
    """Return a sentence for each fault of the application's login that does not keep it from working."""
    try:
        with opened(application) as connection:
            owns = schema.could_change_audit(connection)
    except DBAPIError:
        return [_UNUSABLE]
    return [_OWNS] if owns else []
