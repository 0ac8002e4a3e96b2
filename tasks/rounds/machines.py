"""The machines that work on one database, each with the fingerprint of the secret that signs there."""

import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

from config.settings import Clock
from models.errors import Skip
from models.queries.rounds import doctor, rounds
from models.queries.rounds.doctor import KnownMachine
from tasks.platform import kept_secrets, tokens
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

SIGN_ALIKE = "so that one refuses the replies to the other's mails: set CASEBEAT_SIGNING_SECRET to the same on each"
KNOWN_FOR = timedelta(days=7)  # a machine that has done nothing for so long has gone


def register(at: datetime) -> Sequence[KnownMachine]:
    """Keep this machine's fingerprint in the database, if it has a secret, and return every machine that is known."""
    fingerprint = tokens.fingerprint()
    with transaction() as connection:
        if fingerprint is not None:
            rounds.set_switch(connection, doctor.MACHINE + socket.gethostname(), fingerprint, at)
        return doctor.machines(connection, at - KNOWN_FOR)


def compare(configuration: Configuration, at: datetime) -> None:
    """Keep the secrets' and this machine's fingerprints, and raise Skip if another machine signs with another secret.

    With a virtual clock nothing is kept: its days are nobody's.
    """
    if configuration.settings.clock is Clock.VIRTUAL:
        return
    with transaction() as connection:
        kept_secrets.keep(configuration, connection, at)
    ours, machines = tokens.fingerprint(), register(at)
    if others := [machine.name for machine in machines if machine.fingerprint != ours]:
        raise Skip(f"this one signs with another secret than {', '.join(others)}, {SIGN_ALIKE}")
