"""Messages to both forces' SPOCs about a case that one transferred to the other."""

from datetime import date, datetime

from config.terms import Addressee, OwedBy
from models.queries.obligations import transfers
from models.rules.people.addressing import address
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction


def notify(configuration: Configuration, today: date, at: datetime) -> int:
    """Write to the SPOCs of each force that has not heard of a transfer yet, and count the messages.

    The force that a case came from is told at once; the other as soon as its source sends a case of the same URN. Only
    transfers that an extract has brought since its source's first are told, and none before a force's first day.
    """
    with transaction() as connection:
        waiting = configuration.waiting(today)
        sides = [side for side in transfers.untold(connection) if side.force_code not in waiting]
        matters = [Parties(OwedBy.POLICE, (side.force_code,), barred=side.barred) for side in sides]
        directory = directory_on(configuration, connection, today, matters)
        written = 0
        for side, matter in zip(sides, matters, strict=True):
            for recipient in address((Addressee.SPOC,), matter, directory):
                transfers.write(
                    connection, side.about, recipient.contact_ref, configuration.settings.main.channel, today, at
                )
                written += 1
    return written
