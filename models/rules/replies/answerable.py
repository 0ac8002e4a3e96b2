"""Whether a reply would be done: one function of the act, what it is about, and the person, for offers and answers."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from config.doors import ActKind
from config.terms import Addressee
from models.rules.access import Permission, authority
from models.rules.obligations.acknowledgement import (
    AcknowledgementRequest,
    AcknowledgementSetting,
    EarlierPromise,
    decide,
)
from models.rules.people.addressing import owners
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal


class ReplyMatter(NamedTuple):
    """An obligation to which somebody replies: its parties, and the addressee as whom they were last notified."""

    subject: str
    matter: Parties
    addressed_as: Addressee | None
    step: int  # the present one; 0 where none was taken
    confirmed: bool = False  # whether a confirmation of the grade ends it


def does(act: ActKind, about: ReplyMatter, by: str, people: Directory) -> bool:
    """Return whether a person's reply that asks for an act is done today. Of a promise, its day is decided besides."""
    allowed = _ALLOWED.get(act)
    may = authority(act, about.matter, by, people) is Permission.MAY
    return may and (allowed is None or allowed(about, by, people))


def promises(
    until: date, about: ReplyMatter, by: str, people: Directory, earlier: EarlierPromise | None,
    setting: AcknowledgementSetting,
) -> bool:  # fmt: skip
    """Return whether a person's promise until a day is taken today."""
    decided = decide(AcknowledgementRequest(by, until), about.matter, people, earlier, setting)
    return does(ActKind.PROMISE, about, by, people) and not isinstance(decided, Refusal)


def _reports(about: ReplyMatter, by: str, people: Directory) -> bool:
    """Return whether it is an action that the person owes: anything else ends with its rule's fact."""
    owed_by = {about.matter.owner_ref, *(owner.contact_ref for owner in owners(about.matter, people))}
    return about.subject.startswith("action:") and by in owed_by


def _hands_over(about: ReplyMatter, by: str, people: Directory) -> bool:
    """Return whether the person was notified, of a step that can go to the next in line."""
    del by, people
    return about.addressed_as is not None and about.step > 0


def _confirms(about: ReplyMatter, by: str, people: Directory) -> bool:
    """Return whether a confirmation of the grade is what ends it."""
    del by, people
    return about.confirmed


_ALLOWED: Mapping[ActKind, Callable[[ReplyMatter, str, Directory], bool]] = {
    ActKind.COMPLETION: _reports,
    ActKind.HAND_OVER: _hands_over,
    ActKind.CONFIRMATION: _confirms,
}
