"""Completing: a person's word that an action was done, written in the transaction of whoever brings it."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Verb
from models.errors import Refuse
from models.intake import OWN
from models.queries import audit
from models.queries.obligations import acknowledgements, completions
from models.queries.obligations.completions import Completion, Found
from models.queries.people import contacts
from models.rules.arithmetic import format_day
from models.rules.obligations.completion import Refused, Word, decide
from models.rules.people.addressing import Directory
from tasks.obligations.unknown_case import unknown_case


class Named(NamedTuple):
    """Which action is meant, by its case and its reference."""

    force_code: str
    case_ref: str
    action_ref: str

    @property
    def case(self) -> str:
        """The case as people write it."""
        return f"{self.force_code}/{self.case_ref}"


class Completed(NamedTuple):
    """What is recorded now; `new` is false where it was recorded already. The case is the one that owed the action."""

    force_code: str
    case_ref: str
    action_ref: str
    on: date
    new: bool
    source: str

    @property
    def sentence(self) -> str:
        """It, for the person who reported it."""
        about = f"{self.action_ref} of {self.force_code}/{self.case_ref}"
        if not self.new:
            return f"{about} is recorded as done on {format_day(self.on)} already. Nothing was changed."
        done = f"{about} is recorded as done on {format_day(self.on)}."
        if self.source == OWN:
            return f"{done} It was raised here at a review."
        return f"{done} That stands until {self.source}'s own row of it changes: see that it is recorded there too."


def complete(connection: Connection, named: Named, word: Word, today: date, at: datetime) -> Completed:
    """Record that an action was done, and mark its case as changed; the same word again changes nothing.

    Raises Refuse, before it writes, with every reason why it may not be recorded.
    """
    found = _found(connection, named)
    directory = Directory(contacts.on_duty(connection, today))
    decided = decide(word, found.standing, found.matter, directory, today)
    if isinstance(decided, Refused):
        raise Refuse(" ".join((*decided.faults, "Nothing was done.")))
    if decided.new:
        completion = Completion(named.action_ref, word.by, decided.on, today, at)
        made = completions.write(connection, completion)
        completions.mark_changed(connection, found.case_id)
        audit.record(connection, [_entry(completion, made)])
    return Completed(found.force_code, found.case_ref, named.action_ref, decided.on, decided.new, found.standing.source)


def _found(connection: Connection, named: Named) -> Found:
    found = completions.find(connection, *named)
    if found is not None:
        return found
    if acknowledgements.case_id(connection, named.force_code, named.case_ref) is None:
        raise unknown_case(connection, named.force_code, named.case_ref)
    live = completions.live_actions(connection, named.force_code, named.case_ref)
    has = f"What it has to do is {', '.join(live)}." if live else "It has no action left to do."
    raise Refuse(
        f"{named.case} has no action {named.action_ref}. {has} Only an action can be completed here: what else a case "
        "owes ends with the fact that casebeat explain names, once its source sends that. Nothing was done."
    )


def _entry(word: Completion, made: int) -> audit.Entry:
    return audit.Entry(
        verb=Verb.ALTERATION, by=word.by_ref, about="action", ref=f"{word.action_ref}:{made}", to_ref=None,
        reason="complete-action", detail={"done_on": word.done_on.isoformat()},
    )  # fmt: skip
