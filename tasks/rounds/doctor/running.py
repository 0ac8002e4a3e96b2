"""What runs: the round, the outbox, the auditor, and the machines that share the work."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

from config.settings import Clock
from models.queries.outbox import circuit_breakers, outbox_list
from models.queries.rounds import doctor, rounds
from models.rules.arithmetic import format_day
from tasks.platform import kept_secrets, tokens
from tasks.platform.configuration import Configuration
from tasks.platform.text import moment
from tasks.rounds import expected, machines
from tasks.rounds.assurance import kept_audit
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, some, warn
from tasks.servers.database import transaction

LATE = timedelta(days=1)  # that a message may wait beyond its hour: retries last a day
_LOST = {  # what the book no longer knows
    "signing-secret": "nobody can answer a mail of before",
    "source-secret": "the people and cases of a source that sends its own columns get other references",
    "erasure-secret": "a case that was erased is taken again",
}
AUDITED = timedelta(minutes=30)  # within which the auditor has looked, which looks every five minutes


@inspection("round", "The last round ended for every expected force.", "database")
def _round(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """See whether the round of today, or before seven o'clock that of yesterday, ended for every expected force."""
    if configuration.settings.clock is Clock.VIRTUAL:
        yield ok("By a virtual clock no round is missed.")
        return
    day = expected.day_of(at)
    with transaction() as connection:
        forces, found = expected.expected_forces(configuration, connection), rounds.of_day(connection, day)
        last = rounds.last_finished(connection, rounds.BOOK)
    ended = {
        past_round.force_code for past_round in found if past_round.ended_at is not None and past_round.failure is None
    }
    missed = [code for code in forces if code not in ended]
    if last is None:
        yield warn("No round has ever ended: casebeat run, or the deployment daily-round, begins the first.")
    elif missed:
        yield fail(
            f"The round of {format_day(day)} has not ended well for force {some(missed)}; the last that ended was on "
            f"{format_day(last)}. Its page tells why; then run casebeat run."
        )


@inspection("outbox", "Messages leave.", "database")
def _outbox(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        held, pauses = outbox_list.is_held(connection), circuit_breakers.pauses(connection)
        dead = outbox_list.counts(connection).get("dead", 0)
        overdue = [] if configuration.settings.clock is Clock.VIRTUAL else doctor.overdue(connection, at - LATE)
    if held:
        yield warn("The outbox is held, so that nothing leaves: casebeat outbox --release, once the reason is gone.")
    for pause in pauses:
        yield warn(
            f"Messages by {pause.channel} rest until {moment(pause.until)}, because it failed ({pause.why}): put that "
            "right; casebeat outbox --release tries again at once."
        )
    for waiting in overdue:
        yield warn(
            f"Messages by {waiting.channel} that wait for more than a day: {waiting.messages}, the oldest since "
            f"{moment(waiting.since)}. See why with casebeat outbox, and whether the deployment delivery runs."
        )
    if dead:
        yield warn(
            f"Messages that were refused for good: {dead}. casebeat outbox tells why; have the address corrected at "
            "its source, then casebeat outbox --requeue KEY."
        )


@inspection("auditor", "The auditor looks, finds nothing, and sends its heartbeat.", "database")
def _auditor(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    if configuration.settings.heartbeat.url is None:
        yield warn(
            "No heartbeat is sent, so that nobody notices when this machine or its mail is dead: set "
            "CASEBEAT_HEARTBEAT__URL to a check at a service elsewhere that alarms when it stays away."
        )
    with transaction() as connection:
        audit = kept_audit.read(connection)
    if audit is None or at - audit.at > AUDITED:
        since = "not looked for half an hour" if audit else "never looked"
        yield warn(
            f"The auditor has {since}: run casebeat assure every five minutes, by casebeat serve or by its systemd "
            "timer."
        )
        return
    for finding in audit.findings:
        yield fail(f"The auditor found: {finding}")
    silent = audit.heartbeat_at is None or at - audit.heartbeat_at > AUDITED
    if configuration.settings.heartbeat.url is not None and silent and not audit.findings:
        yield warn(
            "No heartbeat has left for half an hour, although the auditor found nothing: correct "
            "CASEBEAT_HEARTBEAT__URL, or open the way to it in the firewall."
        )


@inspection("machines", "All machines sign with one secret, and share their folders.", "database", "signing-secret")
def _machines(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    known = machines.register(at)
    if len(known) < 2:
        yield ok("No other machine has worked on this database within a week.")
        return
    ours = tokens.fingerprint()
    others = [machine.name for machine in known if machine.fingerprint != ours]
    if others:
        prints = ", ".join(f"{one.name} {one.fingerprint}" for one in known)
        yield fail(f"The machines sign with different secrets (fingerprints: {prints}), {machines.SIGN_ALIKE}.")
    alone = [folder for folder in _folders(configuration) if not _is_shared(configuration, folder)]
    if alone:
        yield warn(
            f"{len(known)} machines work on this database ({some(one.name for one in known)}), and each has its own "
            f"{' and '.join(alone)} under its data directory: look on each of them, or mount one folder there on all."
        )


@inspection("kept-secrets", "Each secret is the one with which this book was written.", "database", "signing-secret")
def _kept_secrets(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Name the secrets that were lost or replaced since the first round: references and keys of before are strange."""
    with transaction() as connection:
        changed = kept_secrets.changed(configuration, connection)
    for name, now in changed.items():
        became, place = "was replaced" if now else "is lost", kept_secrets.setting(name)
        yield fail(
            f"The {name.replace('-', ' ')} of this book {became}: {_LOST[name]}. Put back {name} under the data "
            f"directory, or {place}, from where your secrets are kept. If it is gone for good: casebeat doctor "
            "--accept-secrets."
        )


def _folders(configuration: Configuration) -> list[str]:
    return ["rejected"] + ["mail"] * (configuration.settings.mail.host is None)


def _is_shared(configuration: Configuration, folder: str) -> bool:
    """Return whether a folder of the data directory leads elsewhere, which is taken for a share."""
    place = configuration.settings.home / folder
    return place.is_symlink() or os.path.ismount(place)


CHECKS = (_round, _outbox, _auditor, _machines, _kept_secrets)
