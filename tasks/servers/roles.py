"""A database of one's own: whether both URLs lead to it, and whether the application's login owns too much."""

import secrets

from sqlalchemy.exc import DBAPIError

from models.errors import Refuse
from models.queries import schema
from tasks.servers.migrate import as_owner, opened

_UNUSABLE = "CASEBEAT_DATABASE_URL cannot be used yet: is its role there, may it log in, and is its password right?"
_OWNS = (
    "The role of CASEBEAT_DATABASE_URL owns the tables, so that whoever uses it could open the audit log to changes: "
    "give the application a role of its own, and name the owner in CASEBEAT_DATABASE_OWNER_URL (docs/deploy.md)."
)


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
