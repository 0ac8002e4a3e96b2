"""What is wrong, and what waits for a person, in a status: one sentence each, and what to do; and its page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from config.days.london import london_day
from models.rules.arithmetic import format_day
from models.rules.catalogue.contents import about
from models.rules.catalogue.rule import About
from tasks.platform import templates
from tasks.platform.text import moment, number_of
from tasks.rounds import rejected_rows
from tasks.rounds.status.installation import ForceToday, Going, Status

SILENT_FOR = timedelta(minutes=15)  # three times the timer of the auditor
_SEND_BACK = "send {} its files in `rejected/` under the data directory"
_AGAIN = "`casebeat run --force {}`"


class Matter(NamedTuple):
    """One thing that a person should look at, and what to do."""

    sentence: str
    do: str


class Matters(NamedTuple):
    """What is wrong, worst first, and what waits for a person although nothing is wrong."""

    wrong: tuple[Matter, ...]
    waiting: tuple[Matter, ...]
    unseen: int = 0  # cases that wait for a round, since they have changed

    @property
    def headline(self) -> str:
        """Return the state in one line."""
        waits = f"{number_of(len(self.waiting), 'thing waits', 'things wait')} for a person" if self.waiting else ""
        unseen = number_of(self.unseen, "case waits for a round", "cases wait for a round") if self.unseen else ""
        wrong = f"{number_of(len(self.wrong), 'thing is', 'things are')} wrong" if self.wrong else "In order"
        return "; ".join(part for part in (wrong, unseen, waits) if part)


def matters(status: Status) -> Matters:
    """Judge a status."""
    return Matters(
        (
            *_held(status),
            *_rounds(status),
            *_feeds(status),
            *_carriers(status),
            *_cases(status),
            *_audit(status),
            *_backup(status),
        ),
        (*_people(status), *_rows(status), *_delivery(status)),
        status.unseen,
    )


def _held(status: Status) -> Iterator[Matter]:
    since = status.outbox.held_since
    if since and status.outbox.in_doubt:
        yield Matter(
            f"The outbox is held since {moment(since)}, because the clock is in doubt: nothing leaves",
            "answer the question in the operations mailbox; if the clock is right, `casebeat outbox --release`",
        )
    elif since and status.outbox.first_start:
        yield Matter(
            "Nobody has been written to yet: the first letters wait for a go",
            "`casebeat doctor --first`",
        )
    elif since:
        yield Matter(f"The outbox is held since {moment(since)}: nothing leaves", "`casebeat outbox --release`")


def _rounds(status: Status) -> Iterator[Matter]:
    if not status.forces:
        yield Matter("No force is expected, and none was ever seen", "load an extract: `casebeat intake FOLDER`")
    if status.whole.going is Going.FAILED and status.whole.round:
        yield Matter(f"Of the round as a whole, {status.whole.round.failure}", "`casebeat run`")
    if status.whole.going is Going.STOPPED:
        yield Matter("The round was stopped before its end: its letters may be unwritten", "`casebeat run`")
    yield from (matter for going in (Going.FAILED, Going.STOPPED) for matter in _gone(status.forces, going))
    missing = [force.force_code for force in status.forces if force.going is Going.NOT_BEGUN]
    if missing:
        which = f"force{'' if len(missing) == 1 else 's'} {', '.join(missing)}"
        yield Matter(f"Today's round has not begun for {which}", "`casebeat run`, and see why its schedule did not")
    elif status.whole.going is Going.NOT_BEGUN and status.forces:
        yield Matter("Only single forces had a round today: no letters were written", "`casebeat run`")
    for force in status.forces:
        if force.account and not force.account.balances:
            yield Matter(f"The account of force {force.force_code} does not balance", "report it")


def _gone(forces: tuple[ForceToday, ...], going: Going) -> Iterator[Matter]:
    for force in forces:
        if force.going is going and force.round:
            why = f"failed ({force.round.failure})" if going is Going.FAILED else "was stopped without an end"
            yield Matter(f"The round of force {force.force_code} {why}", _AGAIN.format(force.force_code))


def _feeds(status: Status) -> Iterator[Matter]:
    for feed in status.feeds:
        for trouble in feed.troubles:
            ask = {
                "refused": f"ask {feed.source} to send it again",
                "held": f"ask {feed.source} whether it is meant; a SPOC or lead takes it by "
                f"`casebeat intake --accept {trouble.extract_id} --by CONTACT_REF`, or refuses it by `--refuse`",
                "left-out": f"ask {feed.source} for {trouble.file}",
            }
            do = ask.get(trouble.kind, f"ask {feed.source} for its extract")
            yield Matter(f"{trouble.sentence[:1].upper()}{trouble.sentence[1:]}", do)


def _carriers(status: Status) -> Iterator[Matter]:
    if status.standstill:
        sentence = status.standstill.sentence
        yield Matter(
            f"{sentence[:1].upper()}{sentence[1:]}",
            "see in the Prefect UI why runs of `delivery` do not end, and end the one that holds the others up; "
            "`casebeat run` delivers meanwhile",
        )
    for pause in status.pauses:
        yield Matter(
            f"Nothing leaves by {pause.channel} since {moment(pause.since)} ({pause.why})",
            f"mend it; it is tried again from {moment(pause.until)}",
        )
    if status.outbox.unknown:
        many = number_of(status.outbox.unknown, "message is", "messages are")
        yield Matter(f"{many} without an answer from the carrier for an hour", "`casebeat outbox` shows which")


def _cases(status: Status) -> Iterator[Matter]:
    if status.gaps.failed_cases:
        many = number_of(status.gaps.failed_cases, "case", "cases")
        yield Matter(f"{many} could not be evaluated", "report it: the round's log has the reasons")
    for rows in status.gaps.of_stalking:
        yield Matter(rejected_rows.sentence(rows), _SEND_BACK.format(rows.source))


def _audit(status: Status) -> Iterator[Matter]:
    audited = status.audited
    if audited and status.at - audited.at > SILENT_FOR:
        yield Matter(f"The auditor has not run since {moment(audited.at)}", "start its timer, or `casebeat serve`")
    if audited and audited.findings:
        many = number_of(len(audited.findings), "thing", "things")
        yield Matter(f"The auditor found {many} on {moment(audited.at)}", "see below, or `casebeat assure`")


def _backup(status: Status) -> Iterator[Matter]:
    if trouble := status.backup.trouble:
        yield Matter(
            f"{trouble[:1].upper()}{trouble[1:]}",
            "run the deployment `backup`, and see why it did not; or `casebeat backup`",
        )


def _people(status: Status) -> Iterator[Matter]:
    gaps = status.gaps
    if gaps.unaddressed:
        many = number_of(gaps.unaddressed, "case lacks", "cases lack")
        yield Matter(
            f"{many} somebody who is to be told, in whose place operations are",
            "`casebeat notifications --json`: rows without a contact_ref; have their source name somebody",
        )
    if gaps.without_chair:
        many = number_of(gaps.without_chair, "case needs", "cases need")
        yield Matter(f"{many} another chair", "`casebeat sittings`; name another chair in panels.yaml")
    if gaps.without_spoc:
        many = number_of(gaps.without_spoc, "force or Area has", "forces or Areas have")
        yield Matter(f"{many} no SPOC", "have one recorded in contacts.csv at its source")
    if gaps.without_panel:
        many = number_of(gaps.without_panel, "pair of force and Area has", "pairs of force and Area have")
        yield Matter(f"{many} stalking cases and no panel", "agree one, and write it in panels.yaml")


def _rows(status: Status) -> Iterator[Matter]:
    told = {rows.extract_id for rows in status.gaps.of_stalking}  # what is wrong already says to send it back
    for rows in status.gaps.rejected:
        if rows.extract_id in told:
            continue
        many = number_of(rows.rows, "row", "rows")
        yield Matter(
            f"{many} of extract {rows.extract_id} of source {rows.source} could not be loaded",
            _SEND_BACK.format(rows.source),
        )
    for duty in status.gaps.duties:
        many = number_of(duty.number, "duty", "duties")
        yield Matter(
            f"{many} of operations under {duty.rule}, due since {format_day(duty.due_on)}",
            "`casebeat coverage`" if duty.rule in about(About.COLUMNS) else "`casebeat obligations`",
        )


def _delivery(status: Status) -> Iterator[Matter]:
    if status.outbox.dead:
        many = number_of(status.outbox.dead, "message", "messages")
        yield Matter(
            f"{many} could not be delivered, and nothing has reached the same person since",
            "have the address corrected at its source, then `casebeat outbox --requeue KEY`",
        )
    if not status.mailed:
        yield Matter("Nobody is mailed: no mail server is set", "set CASEBEAT_MAIL__HOST")


def page(status: Status) -> str:
    """Render a status as Markdown."""
    return templates.note("status.md", _values(status))


def printed(status: Status) -> str:
    """Render a status for a terminal."""
    return templates.command_output("status", _values(status))


def _values(status: Status) -> dict[str, object]:
    seen = matters(status)
    rows = (status.whole, *status.forces)
    return {**status._asdict(), **seen._asdict(), "headline": seen.headline, "day": london_day(status.at), "rows": rows}
