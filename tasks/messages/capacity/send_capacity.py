"""Capacity: notify SPOCs of reviews for which their panel has no place in time, or which no panel convenes."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Addressee, OwedBy
from models.queries.people import disclosure
from models.queries.reviews import capacity
from models.queries.reviews.capacity import CapacityMessage, Pair
from models.queries.rounds import rounds
from models.rules.outbox.letter_hour import leaves_at
from models.rules.people.addressing import address
from models.rules.people.parties import Parties
from tasks.messages.capacity.composing import BETWEEN, pair_of
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.reviews.horizons import horizons
from tasks.reviews.shortfall import places_lacking, usual_horizon, without_panel
from tasks.servers.database import transaction

SWITCH = "capacity"  # stores the figures of the last message about each late pair


class _LastReport(NamedTuple):
    """The figures and the day of the last message about a pair."""

    late: int
    lacking: int
    on: str


def notify_spocs(configuration: Configuration, today: date, at: datetime) -> int:
    """Write to both sides' SPOCs of each pair whose reviews lack places or a panel, and count the messages.

    A panel without enough places is reported when that begins, when more cases are late or places missing, in each
    week's first round on a working day, and once when it is resolved. Cases without a panel, to be convened by hand,
    are reported in one message a person and week for all their pairs. A second call on a day writes nothing more.
    A case that bars somebody takes no place of a panel, and is not there for those whom it bars.
    """
    if not configuration.calendar.is_working(today):
        return 0
    with transaction() as connection:
        ahead = horizons(configuration, today)
        waiting = configuration.waiting(today)
        started = (pair for pair in without_panel(configuration, connection) if pair[0] not in waiting)
        panelless = dict.fromkeys(started, usual_horizon(today))
        late = capacity.late_by_pair(connection, ahead, today, disclosure.barring_cases(connection))
        by_hand = capacity.late_by_pair(connection, panelless, today)
        news = _news(configuration, connection, late, today, at)
        to = _spocs(configuration, connection, [*news, *by_hand], today)
        heard = _heard(connection, {pair: to[pair] for pair in by_hand}, panelless, today)
        messages = [*_about_late(news, to, today), *_by_hand(heard, today)]
        leaves = leaves_at(today, configuration.policy.letter, at)
        return capacity.write(connection, messages, configuration.settings.main.channel, today, leaves)


def _news(
    configuration: Configuration, connection: Connection, late: Mapping[Pair, int], today: date, at: datetime
) -> dict[Pair, str]:
    """Return the pairs to report now, as `late` or `right`, and store what is reported."""
    stored = json.loads(rounds.switch(connection, SWITCH) or "{}")
    before = {about: _LastReport(late, lacking, on) for about, (late, lacking, on) in stored.items()}
    ahead, monday = horizons(configuration, today), (today - timedelta(days=today.weekday())).isoformat()
    kept = {about: last for about, last in before.items() if pair_of(about) in ahead}
    news = {}
    for pair in sorted({*map(pair_of, kept), *late}):
        last = kept.get("/".join(pair))
        if last and last.on == today.isoformat():
            continue
        if pair not in late:
            news[pair] = "right"
            del kept["/".join(pair)]
            continue
        lacking = sum(more.places for more in places_lacking(configuration, connection, pair, ahead[pair], today))
        if last is None or late[pair] > last.late or lacking > last.lacking or last.on < monday:
            news[pair] = "late"
            kept["/".join(pair)] = _LastReport(late[pair], lacking, today.isoformat())
    if kept != before:
        rounds.set_switch(connection, SWITCH, json.dumps(kept), at)
    return news


def restore(configuration: Configuration, connection: Connection, day: date, at: datetime) -> None:
    """Store the figures of a day as those last reported about each late pair, once the rounds after it are undone.

    They count as reported on the day of the last message about the pair that remains.
    """
    ahead = horizons(configuration, day)
    stored = json.loads(rounds.switch(connection, SWITCH) or "{}")
    late = capacity.late_by_pair(connection, ahead, day, disclosure.barring_cases(connection)) if stored else {}
    told = capacity.last_told(connection) if stored else {}
    for about, (_, _, on) in stored.items():
        pair = pair_of(about)
        if on > day.isoformat() and pair in late:
            lacking = sum(more.places for more in places_lacking(configuration, connection, pair, ahead[pair], day))
            stored[about] = _LastReport(late[pair], lacking, told.get(about, day.isoformat()))
    kept = {about: last for about, last in stored.items() if last[2] <= day.isoformat()}
    if stored:
        rounds.set_switch(connection, SWITCH, json.dumps(kept), at)


def _spocs(
    configuration: Configuration, connection: Connection, pairs: Sequence[Pair], today: date
) -> dict[Pair, list[str | None]]:
    """Return both sides' SPOCs of each pair, addressed as for any step; None means operations."""
    matters = {(code, area): Parties(OwedBy.BOTH, (code,), (area,)) for code, area in pairs}
    directory = directory_on(configuration, connection, today, list(matters.values()))
    return {
        pair: [recipient.contact_ref for recipient in address((Addressee.SPOC,), matter, directory)]
        for pair, matter in matters.items()
    }


def _about_late(news: Mapping[Pair, str], to: Mapping[Pair, list[str | None]], today: date) -> list[CapacityMessage]:
    return [
        CapacityMessage(f"capacity:{how}:{code}:{area}:{ref or 'operations'}:{today}", ref, f"{code}/{area}")
        for (code, area), how in news.items()
        for ref in to[code, area]
    ]


def _heard(
    connection: Connection, to: Mapping[Pair, list[str | None]], untils: Mapping[Pair, date], today: date
) -> dict[Pair, list[str | None]]:
    """Return of each pair's readers those who may hear of a case to convene by hand."""
    hidden: dict[str | None, frozenset[int]] = {None: disclosure.barring_cases(connection)} if to else {}
    hidden.update(disclosure.hidden_cases(connection, [ref for refs in to.values() for ref in refs if ref]))
    views = {hidden.get(ref, frozenset[int]()) for refs in to.values() for ref in refs}
    late = {view: capacity.late_by_pair(connection, untils, today, view) for view in views}
    return {
        pair: [ref for ref in refs if pair in late[hidden.get(ref, frozenset[int]())]] for pair, refs in to.items()
    }  # fmt: skip


def _by_hand(to: Mapping[Pair, list[str | None]], today: date) -> list[CapacityMessage]:
    """Return one message a person and week; its key ends with the week's Monday."""
    monday = today - timedelta(days=today.weekday())
    theirs: dict[str | None, list[str]] = {}
    for (code, area), refs in to.items():
        for ref in refs:
            theirs.setdefault(ref, []).append(f"{code}/{area}")
    return [
        CapacityMessage(f"capacity:by-hand:{ref or 'operations'}:{monday}", ref, BETWEEN.join(each))
        for ref, each in theirs.items()
    ]
