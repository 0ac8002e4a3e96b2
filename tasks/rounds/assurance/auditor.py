"""The auditor: finds what does not hold, from its own queries in one read-only transaction, and writes nothing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from models.queries.outbox import outbox_list
from models.queries.rounds import assurance, rounds, unseen
from models.queries.rounds.assurance import Ladders, StuckLimits
from models.queries.rounds.rounds import RoundOfDay
from models.rules.arithmetic import format_day
from models.rules.catalogue.contents import CONVENED
from models.rules.obligations.rulebook import RULES
from models.rules.outbox.letter_hour import letter_hour, letters_end
from models.rules.rounds.telling import Finding
from tasks.outbox import standstill
from tasks.outbox.standstill import blocked
from tasks.platform.configuration import Configuration
from tasks.platform.text import moment, number_of
from tasks.rounds import backup_age
from tasks.rounds.assurance import restart
from tasks.rounds.clock_checks import CLOCK
from tasks.rounds.expected import ROUND_BY, day_of, expected_forces, late_feeds
from tasks.servers.database import transaction

LATE = timedelta(hours=2)  # after its moment, a message that has not left is stuck
UNSEEN = timedelta(minutes=20)  # within which what came after the day's round has a round of its own
_STUCK = {
    "claimed": "{} held by a delivery that is gone",
    "letter": "{} not sent two hours after letters leave",
    "message": "{} not sent two hours after their moment",
    "enclosure": "{} in no letter since the last working day",
    "notification": "{} in no message since the last working day",
}


def audit(configuration: Configuration, at: datetime) -> list[Finding]:
    """Return what does not hold at a moment: rounds, feeds, cases, obligations, accounts and rows that are stuck."""
    day = day_of(at)
    with transaction() as connection:
        assurance.read_only(connection)
        expected, seen = expected_forces(configuration, connection), rounds.of_day(connection, day)
        done = {past_round.force_code for past_round in seen if past_round.ended_at and not past_round.failure}
        feeds = late_feeds(configuration, connection, at_london(day, ROUND_BY))
        known = expected_forces(configuration, connection, day)
        found = [
            *_rounds(day, seen, known if expected else None),
            *_broken_early(connection, at, expected),
            *(feed.finding for feed in feeds),
            *_cases(configuration, connection, expected),
            *_unseen(configuration, connection, at, expected),
            *_climbed(configuration, connection, day, done.intersection(expected)),
            *(_unbalanced(code) for code in assurance.unbalanced(connection, day)),
            *(_unevaluated(*one) for one in assurance.unevaluated(connection, day).items()),
            *_outbox(configuration, connection, at),
            *_backup(configuration, connection, at),
        ]
    return found or list(_unexplained(day, seen))


def _rounds(day: date, seen: Sequence[RoundOfDay], expected: Sequence[str] | None) -> Iterator[Finding]:
    """Yield the rounds of a day that have no good end, force by force; none where the first force came after it."""
    by_force = {past_round.force_code: past_round for past_round in seen}
    whole = by_force.pop(rounds.BOOK, None)
    if expected is None:
        yield Finding("forces", "no force is expected and none has sent an extract: load one, or set CASEBEAT_FORCES")
    elif not expected:
        return
    if whole is None:
        yield Finding(restart.ROUND, f"the round of {format_day(day)} has not begun")
        return
    if why := _why(whole):
        yield Finding(restart.ROUND, f"the round of {format_day(day)} {why}")
    for code in expected or ():
        past_round = by_force.get(code)
        if why := _why(past_round) if past_round else "has not begun":
            yield Finding(f"round:{code}", f"the round of force {code} of {format_day(day)} {why}")


def _broken_early(connection: Connection, at: datetime, expected: Sequence[str]) -> Iterator[Finding]:
    """Yield before 07:00 what today's round lacks, once a part of it died or failed, or it was begun again."""
    today = london_day(at)
    if today == day_of(at):
        return
    seen = rounds.of_day(connection, today)
    if restart.begun_again(connection, today) or any(past_round.failure or _died(past_round) for past_round in seen):
        yield from _rounds(today, seen, expected or None)


def _died(past_round: RoundOfDay) -> bool:
    return past_round.ended_at is None and not past_round.running


def _why(past_round: RoundOfDay) -> str:
    """Say what is wrong with a round; nothing where it ended well."""
    if past_round.failure:
        return "failed"
    if past_round.ended_at:
        return ""
    return "is still running" if past_round.running else "was cut short"


def _cases(configuration: Configuration, connection: Connection, expected: Sequence[str]) -> Iterator[Finding]:
    """Yield the forces with open cases that nothing watches. Each in scope owes a joint review, where that is on."""
    policy = configuration.policy
    asked = [code for code in expected if any(policy.for_force(code).of(rule).enabled for rule in CONVENED)]
    pairs = [(code, rule, len(policy.ladder_of(rule, code))) for code in asked for rule in RULES]
    ladders = Ladders(*zip(*pairs, strict=True)) if pairs else Ladders((), (), ())
    for code, cases in assurance.unwatched(connection, ladders, policy.harassment_in).items():
        sentence = f"force {code}: {number_of(cases, 'open case')} in scope with no obligation that has a step to come"
        yield Finding(f"cases:{code}", sentence)


def _unseen(
    configuration: Configuration, connection: Connection, at: datetime, expected: Sequence[str]
) -> Iterator[Finding]:
    """Yield the forces whose cases an extract changed after the day's round, and for which no other was begun in time.

    While a round is running they wait for it, and from the evening on for the next day's.
    """
    today = london_day(at)
    late = {code: waiting for code, waiting in unseen.unseen(connection).items() if code in expected}
    late = {code: waiting for code, waiting in late.items() if at - (waiting.late_since(today) or at) > UNSEEN}
    if at >= letters_end(today, configuration.policy.letter) or rounds.held(connection, [rounds.BOOK, *late]):
        return
    for code, waiting in late.items():
        cases = number_of(waiting.cases, "case has changed and waits", "cases have changed and wait")
        yield Finding(f"unseen:{code}", f"force {code}: {cases} for a round, since an extract came after today's")


def _climbed(
    configuration: Configuration, connection: Connection, day: date, done: Collection[str]
) -> Iterator[Finding]:
    """Yield the forces whose round ended and left steps untaken that were due before the last working day."""
    before = configuration.calendar.last_working(day)
    for code, number in assurance.unclimbed(connection, sorted(done), before).items():
        sentence = f"force {code}: {number_of(number, 'obligation')} whose step fell due and was not taken"
        yield Finding(f"steps:{code}", sentence)


def _unbalanced(force_code: str) -> Finding:
    return Finding(f"account:{force_code}", f"the account of force {force_code} does not balance")


def _unevaluated(force_code: str, number: int) -> Finding:
    sentence = f"no case of force {force_code} could be evaluated ({number:,} to look at)"
    return Finding(f"evaluated:{force_code}", sentence)


def _unexplained(day: date, seen: Sequence[RoundOfDay]) -> Iterator[Finding]:
    """Yield the whole round that ended as Failed, for what no other finding names, until a round is run again."""
    whole = next((past_round for past_round in seen if past_round.force_code == rounds.BOOK), None)
    if whole and whole.state == "Failed" and not any(_is_later(past_round, whole) for past_round in seen):
        sentence = f"the round of {format_day(day)} failed in part: its page names why; run it again"
        yield Finding("failed", sentence)


def _is_later(past_round: RoundOfDay, whole: RoundOfDay) -> bool:
    return past_round.began_at > whole.began_at or past_round.attempts > whole.attempts


def _outbox(configuration: Configuration, connection: Connection, at: datetime) -> Iterator[Finding]:
    """Yield why nothing leaves. While operations are asked about the clock, that is why, and nothing else is."""
    if since := outbox_list.asks_since(connection):
        sentence = f"the outbox is held since {moment(since)}, since a round asked whether the clock is right"
        yield Finding(CLOCK, sentence)
        return
    yield from _stuck(configuration, connection, at)
    yield from _standstill(configuration, connection, at)
    for found in blocked(configuration, connection, at):
        yield Finding(f"blocked:{found.channel}", found.sentence)


def _stuck(configuration: Configuration, connection: Connection, at: datetime) -> Iterator[Finding]:
    """Yield the kinds of rows that should have gone on, and why if the outbox is held; not where a carrier says so."""
    held = outbox_list.is_held(connection)
    if held and blocked(configuration, connection, at):
        return
    today, calendar = london_day(at), configuration.calendar
    day = calendar.last_working(today)
    if at < letter_hour(day, configuration.policy.letter) + LATE:
        day = calendar.last_working(day - timedelta(days=1))
    limits = StuckLimits(
        letters=min(at - LATE, at_london(day + timedelta(days=1), time(0))),
        others=at - LATE,
        last_working=calendar.last_working(today - timedelta(days=1)),
    )
    why = ", since the outbox is held" if held else ""
    for what, number in assurance.stuck(connection, limits).items():
        if number:
            noun = "notification" if what == "notification" else "message"
            yield Finding(f"stuck:{what}", f"{_STUCK[what].format(number_of(number, noun))}{why}")


def _standstill(configuration: Configuration, connection: Connection, at: datetime) -> Iterator[Finding]:
    """Yield that no delivery ends. After the machine was away the next one ends it, before a second look."""
    if found := standstill.look(configuration, connection, at):
        yield Finding("delivery", found.sentence, passing=True)


def _backup(configuration: Configuration, connection: Connection, at: datetime) -> Iterator[Finding]:
    """Yield that the newest backup is too old, or that the last one that was tried could not be restored."""
    if trouble := backup_age.look(configuration, connection, at).trouble:
        yield Finding("backup", trouble)
