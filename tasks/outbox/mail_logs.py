"""Read what left in the logs of Postfix, OpenSMTPD and Exim, by mail of ours: line by line, however long they are."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from config.days.london import LONDON

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,6})?) ?(Z|[+-]\d\d:?\d\d)?")
_SYSLOG = re.compile(r"([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) ")


class LeftMail(NamedTuple):
    """One mail to one recipient that a mail server accepted: its id there, and the left side of its Message-ID.

    OpenSMTPD writes no Message-ID: `ref` is empty then, and `at` is when it first tried to pass it on.
    """

    queue_id: str
    ref: str
    to: str  # in lower case
    at: datetime  # when the server took it: it may pass it on much later


class _Taken(NamedTuple):
    """A mail of ours that a server took: the left side of its Message-ID, and when."""

    ref: str
    at: datetime


class _Form(NamedTuple):
    """The lines of one program: what comes in, by its Message-ID, and what becomes of it, by its recipient."""

    arrives: re.Pattern[str] | None
    leaves: re.Pattern[str]
    refused: frozenset[str]  # results of mail that came back


_POSTFIX = _Form(
    re.compile(r"postfix\S*/cleanup\[\d+\]: (?P<queue>\w+): message-id=<(?P<ref>[0-9a-f]{40,80})@(?P<domain>[^>]+)>"),
    re.compile(
        r"postfix\S*/\w+\[\d+\]: (?P<queue>\w+): to=<(?P<last>[^>]+)>, (?:orig_to=<(?P<to>[^>]+)>, )?.*"
        r"status=(?P<result>\w+)"
    ),
    frozenset({"bounced", "expired"}),
)
_EXIM = _Form(
    re.compile(r" (?P<queue>[\w-]{16,23}) <= .* id=(?P<ref>[0-9a-f]{40,80})@(?P<domain>\S+)"),
    re.compile(
        r" (?P<queue>[\w-]{16,23}) (?P<result>=>|->|>>|==|\*\*) (?:\S+ <(?P<to>[^>\s]+)>|(?P<last>[^<>\s:]+@[^<>\s:]+))"
    ),
    frozenset({"**"}),
)
_OPENSMTPD = _Form(
    None,
    re.compile(
        r"m[dt]a delivery evpid=(?P<queue>[0-9a-f]{8})[0-9a-f]{8} from=<(?P<sender>[^>]*)> to=<(?P<last>[^>]+)> "
        r"(?:rcpt=<(?P<to>[^>]+@[^>]+)> )?.*result=\"?(?P<result>\w+)"
    ),
    frozenset({"PermFail"}),
)


def left(lines: Iterable[str], sender: str, now: datetime) -> list[LeftMail]:
    """Return the mails of a sender that left, each once a recipient; one that came back did not.

    A day without a year is the last such day before `now`; a time without a zone is London's.
    """
    domain, taken, found = sender.rpartition("@")[2].lower(), dict[str, _Taken](), dict[tuple[str, str], LeftMail]()
    for line in lines:
        for form in (_POSTFIX, _EXIM, _OPENSMTPD):
            if form.arrives and (came := form.arrives.search(line)):
                if came["domain"].lower() == domain and (at := _moment(line, now)):
                    taken[came["queue"]] = _Taken(came["ref"], at)
            elif went := form.leaves.search(line):
                ours = taken.get(went["queue"]) if form.arrives else _tried(went, sender, _moment(line, now))
                if ours:
                    to = (went["to"] or went["last"]).lower()
                    before = found.pop((went["queue"], to), None)
                    if went["result"] not in form.refused:
                        found[went["queue"], to] = before or LeftMail(went["queue"], ours.ref, to, ours.at)
    return list(found.values())


def _tried(went: re.Match[str], sender: str, at: datetime | None) -> _Taken | None:
    """Return what a line of OpenSMTPD knows of a mail of ours, which it was about to deliver."""
    return _Taken("", at) if at and went["sender"].lower() == sender.lower() else None


def _moment(line: str, now: datetime) -> datetime | None:
    return next(_moments(line, now), None)


def _moments(line: str, now: datetime) -> Iterator[datetime]:
    """Yield the moment with which a line begins, if it is one of the forms that these programs write."""
    try:
        if iso := _ISO.match(line):
            given = datetime.fromisoformat(f"{iso[1]}T{iso[2]}{iso[3] or ''}")
            yield given if given.tzinfo else given.replace(tzinfo=LONDON)
        elif (syslog := _SYSLOG.match(line)) and syslog[1] in _MONTHS:
            month = _MONTHS.index(syslog[1]) + 1
            for year in (now.year, now.year - 1):
                given = datetime.fromisoformat(f"{year}-{month:02}-{int(syslog[2]):02}T{syslog[3]}")
                if given.replace(tzinfo=LONDON) <= now + timedelta(days=1):
                    yield given.replace(tzinfo=LONDON)
    except ValueError:  # no such day
        return
