"""What answers to replies say was done, held against what was done, and against who was written to afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.whole.reading.days import add
from tests.whole.truth.world import WRITTEN, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from tests.whole.truth.endings import Ending
    from tests.whole.truth.lived import Acts
    from tests.whole.truth.mails import Mail

SUBJECT = re.compile(
    rf"{WRITTEN}: (?P<what>taken on|recorded as done|the grade is confirmed|passed on|[^:]+): (?P<about>\S+)"
)
UNTIL = re.compile(rf"You have taken this on until (?P<day>{WRITTEN})")
DONE = re.compile(rf"This is recorded here as done on (?P<day>{WRITTEN})")
NOT_THEIRS = "says that it is not theirs"
CONFIRMED = re.compile(
    rf"The grade of the risk, (?:graded \w+|no grade recorded, treated as high), is recorded here as confirmed on "
    rf"(?P<day>{WRITTEN})"
)
SOON = timedelta(days=5)  # over Easter
Endings = dict[tuple[Any, ...], list["Ending"]]


def wrong_answers(
    mails: Mapping[date, list[Mail]], acts: Acts, addresses: Mapping[str, str], endings: Endings
) -> Iterator[tuple[str, str, str]]:
    """Yield each answer of the weeks: the mail, what it says was done, and why that is not so, empty where it is.

    `endings` are those of each obligation.
    """
    for day, sent in mails.items():
        for mail in sent:
            said = SUBJECT.fullmatch(mail.subject) if mail.kind == "answers" else None
            if said:
                yield f"{mail.to} {day}", said["what"], _why(mail, said, mails, acts, addresses, endings)


def _why(
    mail: Mail,
    said: re.Match[str],
    mails: Mapping[date, list[Mail]],
    acts: Acts,
    addresses: Mapping[str, str],
    endings: Endings,
) -> str:
    text, about = " ".join(mail.plain), said["about"]
    if found := UNTIL.search(text):
        until = parsed(found["day"], mail.day)
        made = {
            (f"{identity[0]}/{identity[1]}", end)
            for identity, by, end, on in acts.promises
            if addresses.get(by) == mail.to and on <= mail.day  # the same again is the same promise
        }
        return "" if (about, until) in made else f"{about}: no promise until {until} was made"
    if found := DONE.search(text):
        on = parsed(found["day"], mail.day)
        known = {(done, told) for _, done, told in acts.done}
        return "" if (on, mail.day) in known else f"{about}: nothing was recorded as done on {on}"
    if found := CONFIRMED.search(text):
        on = parsed(found["day"], mail.day)
        graded = {
            (f"{case[0]}/{case[1]}", day) for case, _, day, _ in acts.confirmed
        }  # by them, or another before them
        return "" if (about, on) in graded else f"{about}: its grade was not confirmed on {on}"
    if said["what"] == "passed on" and "is told of this" in text:
        ends = mail.day + SOON
        later = [each for day, sent in mails.items() if mail.day <= day <= ends for each in sent]
        over = not any(each.kind == "letters" and each.day > mail.day for each in later)  # no letter left since
        heard = (
            over
            or _gone(mail, about, acts, addresses, endings)
            or any(each.to != mail.to and _hears(each, about) for each in later)
        )
        return "" if heard else f"{about}: it says that somebody is told, and nobody was"
    return ""


def _gone(mail: Mail, about: str, acts: Acts, addresses: Mapping[str, str], endings: Endings) -> bool:
    """Return whether what was passed on ended, or its day moved, before the next letters left."""
    passed = [
        identity
        for identity, by, on in acts.passed
        if (f"{identity[0]}/{identity[1]}", addresses.get(by), on) == (about, mail.to, mail.day)
    ]
    learnt = [ending.learnt_on for identity in passed for ending in endings.get(identity, ())]
    return any(mail.day < day <= add(mail.day, "1wd") for day in learnt)


def _hears(mail: Mail, about: str) -> bool:
    """Return whether a letter says of a case that it is not somebody's."""
    inside = False
    for line in mail.plain:
        inside = about in line or (inside and not re.match(r"(?:High|Medium|Standard|Risk)[^:]* risk", line))
        if inside and NOT_THEIRS in line:
            return True
    return False
