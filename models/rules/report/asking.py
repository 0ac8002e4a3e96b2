"""A rule is asked again about a case as it was before its duty was done: what it owed then, and by when."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from config.rules import Rules
from config.terms import EndReason
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import Outcome, Owes
from models.rules.sight import SentColumn

_ROWS = {"incidents.csv": "incidents", "referrals.csv": "referrals", "orders.csv": "orders", "pleas.csv": "pleas"}
_OF_SUBJECT = {
    "action": "actions", "incident": "incidents", "order": "orders", "plea": "pleas", "referral": "referrals",
    "suspect": "suspect_rows", "defendant": "defendant_rows",
}  # fmt: skip
_WHILE_OPEN = {
    Trait.OPEN,
    Trait.IN_SCOPE,
    Trait.GUARDED,
    Trait.FULLY_GUARDED,
    Trait.STALKING_OR_HARASSMENT,
    Trait.CLOCK_CASE,
}


class Fallen(NamedTuple):
    """A duty by its own days: when it is counted, when it was due, and when it was done.

    `done_on` is None where it is not done, or done on a day that nobody tells.
    """

    rule: str
    subject: str
    on: date  # of what happened, or the due day of what has one by itself
    due_on: date
    done: bool
    done_on: date | None
    source_id: int | None  # of the row that tells of it
    lacks: tuple[str, ...] = ()  # the parts that are not done
    told_by: frozenset[int] = frozenset()  # of one of several duties of a case: the sources that tell what happened


class Lived(NamedTuple):
    """A version of an obligation: its due day, its first day, and its end, by its fact where that has a day."""

    due_on: date
    began_on: date
    over_on: date | None


ExtractAfter = Callable[[int, date], date | None]  # of a source, the first that was taken after a day


class Asking:
    """A rule with the numbers of a force."""

    def __init__(self, rule: Rule, rules: Rules, calendar: WorkingCalendar) -> None:
        self.rule, self.calendar, self.own = rule, calendar, rules.of(rule.name)
        self._given = rules if rule.all_numbers else self.own

    def owes(self, view: CaseFacts) -> Iterator[Owes]:
        """Yield what a view owes, of which every part can be seen, and that began since the rule counts."""
        for outcome in self.rule.function(view, self._given, self.calendar):
            if isinstance(outcome, Owes) and self.rule.parts.keys() <= {*outcome.parts} and self._counts(outcome):
                yield outcome

    def _counts(self, owes: Owes) -> bool:
        return self.own.since is None or owes.arose_on is None or owes.arose_on >= self.own.since

    def answer(self, view: CaseFacts, subject: str) -> Outcome | None:
        """Return what the rule says of one subject of a view."""
        found = self.rule.function(view, self._given, self.calendar)
        return next((outcome for outcome in found if outcome.subject == subject), None)

    def past(self, facts: CaseFacts) -> CaseFacts:
        """Return the case as it was while the rule was for it: open, unless the rule is for what outlives a case."""
        return opened(facts) if _WHILE_OPEN.intersection(self.rule.only_where) else facts

    def over_on(self, facts: CaseFacts) -> date | None:
        """Return the day on which the end of the case ended the duty; None where it did not."""
        return facts.case.finalised_on if _WHILE_OPEN.intersection(self.rule.only_where) else None


def duty_of(asking: Asking, facts: CaseFacts, owes: Owes, *, by_due: bool = False) -> Fallen:
    """Return a duty that is counted by the day of what happened, or by its due day, and not done yet."""
    on = owes.due_on if by_due or owes.arose_on is None else owes.arose_on
    source = source_of(facts, owes.subject, asking.rule)
    return Fallen(asking.rule.name, owes.subject, on, owes.due_on, done=False, done_on=None, source_id=source)


def fallen_of(asking: Asking, facts: CaseFacts, owes: Owes, done_on: date | None) -> Fallen:
    """Return a duty that is counted by its due day, done on a day or not at all."""
    source_id = source_of(facts, owes.subject, asking.rule)
    done = done_on is not None
    return Fallen(asking.rule.name, owes.subject, owes.due_on, owes.due_on, done, done_on, source_id)


def opened(facts: CaseFacts) -> CaseFacts:
    """Return the case as it was before it was finalised."""
    return facts._replace(case=facts.case._replace(finalised_on=None, finalised_reason=None))


def without(facts: CaseFacts, columns: Iterable[SentColumn]) -> CaseFacts:
    """Return the case as it was before these columns had anything."""
    for column in columns:
        blank: dict[str, Any] = {column.name: None}
        if rows := _ROWS.get(column.file):
            told: dict[str, Any] = {rows: tuple(row._replace(**blank) for row in getattr(facts, rows))}
            facts = facts._replace(**told)
        else:
            facts = facts._replace(case=facts.case._replace(**blank))
    return facts


def source_of(facts: CaseFacts, subject: str, rule: Rule) -> int | None:
    """Return the source whose row tells of a duty: that of its subject, else that of the case or of its CPS row."""
    kind, _, ref = subject.partition(":")
    if ref:
        rows = getattr(facts, _OF_SUBJECT[kind])
        return next((row.source_id for row in rows if row.ref == ref), None)
    of_cps = any(column.file == "cps_cases.csv" for column in rule.needs or rule.begins)
    return facts.case.cps_source_id if of_cps else facts.case.source_id


def judged(duty: Fallen, answer: Outcome | None, over_on: date | None = None) -> Fallen | None:
    """Return a duty with what its rule says of it now; None where it was not owed on its due day.

    It was not where its row, or the case, was over by then with the duty not done.
    """
    if answer is None:
        return None
    if isinstance(answer, Owes):
        return ended(duty._replace(lacks=answer.parts), over_on)
    if answer.end is EndReason.MET:
        return ended(duty._replace(done=True, done_on=answer.on), over_on)
    gone_on = answer.on if answer.end is EndReason.WITHDRAWN else None
    return None if gone_on is None else ended(duty, gone_on)


def ended(duty: Fallen, over_on: date | None) -> Fallen | None:
    """Return a duty, unless what ended it without its being done came by its due day."""
    over = over_on is not None and over_on <= duty.due_on
    done = duty.done and (duty.done_on is None or over_on is None or duty.done_on <= over_on)
    return None if over and not done else duty


def in_time(duty: Fallen, lived: Iterable[Lived], extract_after: ExtractAfter) -> bool:
    """Return whether a duty was done by its due day, or before the first extract with what asks for it."""
    if by_its_day(duty) or not duty.done:
        return duty.done
    told_on = _told_on(duty, lived, extract_after)
    return told_on is None or (duty.done_on is not None and duty.done_on < told_on)


def _told_on(duty: Fallen, lived: Iterable[Lived], extract_after: ExtractAfter) -> date | None:
    """Return the day on which a duty was first known to be owed; None where it was known to be done by then.

    An obligation of earlier news may last for later news too, which is known by the next extract at the earliest.
    """
    began = [
        version.began_on
        for version in lived
        if version.due_on <= duty.due_on and (version.over_on is None or version.over_on >= duty.on)
    ]
    if not began:
        return None
    known = min(filter(None, (extract_after(source_id, duty.on) for source_id in duty.told_by)), default=date.min)
    return max(min(began), known)


def by_its_day(duty: Fallen) -> bool:
    """Return whether a duty was done on or before its due day."""
    return duty.done_on is not None and duty.done_on <= duty.due_on
