"""The directory of a day: the contacts of the database, and the SPOCs whom the panels file names."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from models.queries.people import contacts
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration


def directory_on(
    configuration: Configuration, connection: Connection, today: date, matters: Collection[Parties] | None = None
) -> Directory:
    """Return everyone whom these matters (None: any) may concern on a day, and who leads by the panels."""
    return Directory(contacts.on_duty(connection, today, matters), configuration.panels.spocs)
