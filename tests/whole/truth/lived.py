"""The demo's weeks as they were lived: extracts night by night, and what people told Casebeat itself in between."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from sqlalchemy import text

from config.days.london import LONDON
from tests.whole.reading.days import add
from tests.whole.reading.lives import Reading
from tests.whole.reading.panels import USUAL, Panel, Sitting, pair_of
from tests.whole.reading.reviews import Reviews, Seat
from tests.whole.reading.sheets import COLUMNS, Row
from tests.whole.reading.store import SENDER, Held, Store
from tests.whole.truth.diaries import Diary, calendars
from tests.whole.truth.endings import Ending
from tests.whole.truth.folders import sent
from tests.whole.truth.mails import Mail
from tests.whole.truth.pattern import expected, listed_in
from tests.whole.truth.world import Act, LastLetter, Promise, World

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.whole.reading.duties.owed import Owed
    from tests.whole.reading.facts import Facts

HERE = "recorded in Casebeat"  # whose such rows are: no extract withdraws them
IN_THE_EVENING = {"held", "not_held"}  # how a place ends by what somebody records after the meeting
MOVED = "moved"  # by a person, over the day
SEATS = """
select c.force_code, c.case_ref, s.ref, s.day, s.starts_at, s.places, s.chair_ref, v.convened_on, v.ended_on, v."end",
       v.because, v.due_on, v.deadline_on, o.by_ref, o.recorded_on, o.held, o.police_attended, o.cps_attended
from convenings v join sittings s on s.id = v.sitting_id join cases c on c.id = v.case_id
left join outcomes o on o.convening_id = v.id and o.stands order by v.id"""
REVIEWS = """
select r.review_ref, k.force_code, k.case_ref, r.kind, r.held_on, r.police_attended, r.cps_attended, o.recorded_on
from outcomes o join reviews r on r.review_ref = o.review_ref join case_keys k on k.id = r.key_id
where o.by_ref is not null"""
ACTIONS = """
select a.action_ref, k.force_code, k.case_ref, a.kind, a.source, a.owner_agency, a.raised_on, a.owner_ref, a.due_on
from actions a join case_keys k on k.id = a.key_id where starts_with(a.action_ref, 'JR-')"""
DONE = "select action_ref, done_on, made_on from completions"
PROMISES = """
select o.force_code, c.case_ref, o.rule, o.subject, p.by_ref, p.until_on, p.made_on
from promises p join obligations o on o.id = p.obligation_id left join cases c on c.id = o.case_id order by p.made_at"""
PASSED = """
select o.force_code, c.case_ref, o.rule, o.subject, r.contact_ref, r.day
from replies r join obligations o on o.id = r.obligation_id left join cases c on c.id = o.case_id
where r.answered = 'passed on'"""
CONFIRMED = """
select c.force_code, c.case_ref, f.by_ref, f.confirmed_on, (f.made_at at time zone 'Europe/London')::date
from confirmations f join cases c on c.id = f.case_id where f.stands order by f.id"""
COMMANDS = """
select k.force_code, k.case_ref, a.by_ref, a.made_on, s.day, a.completion_id is not null, d.action_ref,
       a.convening_id is not null, f.confirmed_on, a.undoes
from acts a left join confirmations f on f.id = a.confirmation_id left join cases k on k.id = a.case_id
left join outcomes o on o.id = a.outcome_id
left join convenings v on v.id = coalesce(o.convening_id, a.convening_id) left join sittings s on s.id = v.sitting_id
left join completions d on d.id = a.completion_id where a.door = 'command'"""


class Place(NamedTuple):
    """A case's place at a meeting, and from when to when it had it."""

    case: tuple[str, str]
    seat: Seat
    since: date
    until: date | None
    end: str | None
    because: str
    recorded_on: date | None  # by a person
    how: tuple[bool, bool] | None  # by that person: whether police attended, whether CPS did; None where not held

    def stood(self, day: date) -> bool:
        """Return whether it had it in the morning of a day."""
        evening = self.end == MOVED or (self.end in IN_THE_EVENING and self.recorded_on == self.until)
        begun = self.since < day or (self.since == day and self.because != "chosen")
        return begun and (self.until is None or self.until > day or (self.until == day and evening))


@dataclass
class Acts:
    """What people told Casebeat over all the weeks, each with its day."""

    places: list[Place]
    reviews: list[tuple[Row, date]]
    actions: list[Row]
    done: list[tuple[str, date, date]]  # action, done on, told on
    promises: list[tuple[tuple[str, str | None, str, str], str, date, date]]  # of which, by, until, made on
    passed: list[tuple[tuple[str, str | None, str, str], str, date]]  # of which, who said that it is not theirs, when
    commands: list[tuple[str, Act]]  # in whose name
    confirmed: list[tuple[tuple[str, str], str, date, date]]  # a case's grade, by whom, on which day, told on

    @classmethod
    def of(cls, engine: Engine) -> Acts:
        """Read them from a database."""
        with engine.connect() as connection:
            found = {name: [tuple(row) for row in connection.execute(text(asked))] for name, asked in _ASKED.items()}
        columns = ["review_ref", "force_code", "case_ref", "kind", "held_on", "police_attended", "cps_attended"]
        reviews = [(dict(zip(columns, row, strict=False)), row[-1]) for row in found["reviews"]]
        of_actions = [
            "action_ref",
            "force_code",
            "case_ref",
            "kind",
            "source",
            "owner_agency",
            "raised_on",
            "owner_ref",
            "due_on",
        ]
        actions = [dict(zip(of_actions, row, strict=True)) | {"status": "pending"} for row in found["actions"]]
        promises = [(tuple(row[:4]), *row[4:]) for row in found["promises"]]
        passed = [(tuple(row[:4]), *row[4:]) for row in found["passed"]]
        commands = list(map(_command, found["commands"]))
        confirmed = [(tuple(row[:2]), *row[2:]) for row in found["confirmed"]]
        places = list(map(_place, found["places"]))
        return cls(places, reviews, actions, found["done"], promises, passed, commands, confirmed)


_ASKED = {"places": SEATS, "reviews": REVIEWS, "actions": ACTIONS, "done": DONE, "promises": PROMISES,
          "passed": PASSED, "commands": COMMANDS, "confirmed": CONFIRMED}  # fmt: skip


def _command(row: tuple[Any, ...]) -> tuple[str, Act]:
    force, case_ref, by, on, met, done, action, chosen, confirmed, back = row
    what = action if done else f"moved to {met}" if chosen else f"outcome of {met}"
    what = f"grade confirmed on {confirmed}" if confirmed else what
    return by, Act(f"{force}/{case_ref}", what, on, back=back)


def _place(row: tuple[Any, ...]) -> Place:
    force, case_ref, ref, day, at, places, chair, since, until, end, because, due, deadline, by, recorded, *how = row
    held, police, cps = how
    sitting = Sitting(at.astimezone(LONDON), ref, day, places, chair)
    return Place(
        (force, case_ref),
        Seat(sitting, due, deadline),
        since,
        until,
        end,
        because,
        recorded if by else None,
        (police, cps) if held else None,
    )


@dataclass
class Convened(Reviews):
    """The meetings as they were convened: who has a place is taken as it was, what follows from it is not."""

    places: list[Place] = field(default_factory=list)

    def night(
        self,
        today: date,
        everything: list[Facts],
        due: dict[tuple[str, str], Owed],
        waiting: frozenset[str] = frozenset(),  # noqa: ARG002  its place in the base class
    ) -> None:
        """Take the places of a morning, and see what came of the meetings before it."""
        facts = {(each.key[0], each.key[1]): each for each in everything}
        self.pairs = {case: pair_of(each.case) for case, each in facts.items()}
        self.seats = {place.case: self._then(place, due) for place in self.places if place.stood(today)}
        self.sat, self.recorded = defaultdict(set), set()
        for place in (place for place in self.places if place.since <= today):
            case, sitting = place.case, place.seat.sitting
            if sitting.day <= today and (place.until is None or place.until >= sitting.day):
                self.sat[case].add(sitting)
            rows = (row for row in facts[case].every("reviews") if not row["review_ref"].startswith("JR-"))
            held = [row["held_on"] for row in rows if row["kind"] == "joint"]
            told = place.recorded_on is not None and place.recorded_on < today
            if told or any(day >= sitting.day for day in held):
                self.recorded.add((case, sitting))
        ahead = {panel.pair: panel.last(today) for panel in self.panels}
        usual = add(today, USUAL)
        self.outside = {
            case: (self.pairs[case], owed.due, owed.due)
            for case, owed in due.items()
            if case not in self.seats and owed.due <= ahead.get(self.pairs[case], usual)
        }

    def _then(self, place: Place, due: dict[tuple[str, str], Owed]) -> Seat:
        """Give a place as it was on a morning: its row has the due day that the review came to have in the end."""
        sitting, case, owed = place.seat.sitting, place.case, due.get(place.case)
        if owed is None or owed.due == place.seat.due:
            return place.seat
        pair = self.pairs[case]
        met = (one.seat.sitting.day for one in self.places if self.pairs.get(one.case) == pair)
        coming = min((day for day in met if day > place.since), default=sitting.day)
        return Seat(sitting, owed.due, max(owed.due, coming))


@dataclass
class Weeks(Reading):
    """The reader of the demo: every morning it has the night's extracts, and what people told until then."""

    home: Path | None = None
    acts: Acts | None = None
    reported: dict[str, tuple[Row, date]] = field(default_factory=dict)  # each action: its row then, and the day
    confirmers: dict[str, str] = field(default_factory=dict)  # of each case: who confirmed its grade, if it was here

    @classmethod
    def of(cls, home: Path, acts: Acts) -> Weeks:
        """Begin to read a demo that is over, from its folder and what people told it."""
        weeks = cls(home=home, acts=acts)
        entries = yaml.safe_load((home / "panels.yaml").read_text("utf-8"))["panels"]
        weeks.reviews = Convened([Panel(entry) for entry in entries], places=acts.places)
        weeks.first.starts = yaml.safe_load((home / "policy.yaml").read_text("utf-8"))["starts"]
        return weeks

    def morning(self, day: date) -> None:
        """Read what has come until a morning, and run its round."""
        assert self.home
        for extract in sent(self.home.glob(f"extracts/*-{day:%Y%m%d}")):
            self.store.load(extract, extract.mode, day, extract.files)
        self._told(day)
        self.run(day)

    def _told(self, day: date) -> None:
        assert self.acts
        for row, on in self.acts.reviews:
            if on < day:
                _keep(self.store, "reviews", row)
        for row in self.acts.actions:
            if row["raised_on"] < day:
                _keep(self.store, "actions", row)
        for ref, done, told in self.acts.done:
            if told < day:
                self._done(ref, done)
        for case, by, on in [row[:3] for row in self.acts.confirmed if row[3] < day]:
            self._confirm(case, by, on)
        for identity, by, until, made in self.acts.promises:
            if add(made, "1d") == day and identity in self.lives:
                self.lives[identity].promised, self.lives[identity].promised_by = until, by

    def _confirm(self, case: tuple[str, str], by: str, on: date) -> None:
        """Take the grade of a case as confirmed, unless its source says that it was on a later day."""
        row = self.store.files["cases"][case].row
        self.confirmers.pop("/".join(case), None)
        if row["risk_ratified_on"] is None or on >= row["risk_ratified_on"]:
            row["risk_ratified_on"] = on
            self.confirmers["/".join(case)] = by

    def _done(self, ref: str, done: date) -> None:
        """Take an action as done until its own source says something else of it than when that was told."""
        held = self.store.files["actions"][ref,]
        row, _ = self.reported.setdefault(ref, (dict(held.row), done))
        if held.row == row or held.source == HERE:
            held.row = row | {"status": "done", "closed_on": done}


def _keep(store: Store, name: str, row: Row) -> None:
    """Keep a row that somebody recorded in Casebeat, as one of the case's own source."""
    key = (row["review_ref" if name == "reviews" else "action_ref"],)
    if key not in store.files[name]:
        source = store.files["cases"][row["force_code"], row["case_ref"]].source
        store.files[name][key] = Held(dict.fromkeys(COLUMNS[name]) | row | {SENDER: source}, HERE)


class Memory:
    """What readers know from one day to the next: their last letters and standings, and what they have not read of."""

    def __init__(self, weeks: Weeks) -> None:
        self.weeks = weeks
        self.standings: dict[str, date] = {}
        self.patterns: dict[str, dict[str, frozenset[str]]] = {}
        self.letters: dict[str, LastLetter] = {}
        self.endings: dict[tuple[Any, ...], list[Ending]] = {}
        self.diaries: dict[str, Diary] = defaultdict(Diary)
        self.dangers: dict[tuple[Any, ...], date] = {}

    def world(self, day: date, mails: Iterable[Mail]) -> World:
        """Give the truth of a day whose round is over, with its mails to everybody's calendar."""
        for address, calendar in calendars(mails):
            self.diaries[address].take(calendar)
        acts = self.weeks.acts
        assert acts
        promises: dict[tuple[Any, ...], list[Promise]] = defaultdict(list)
        for identity, by, until, made in acts.promises:
            if made <= day:
                promises[identity].append(Promise(by, until, made))
        passed: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for identity, by, on in acts.passed:
            if on <= day:
                passed[identity].append(by)
        world = World(
            self.weeks, day, self.standings, self.patterns, {}, self.letters, self.endings, promises, passed,
            diaries=self.diaries, dangers=self.dangers, confirmers=self.weeks.confirmers,
        )  # fmt: skip
        for by, act in acts.commands:
            address = world.address(by)
            if act.day < day and act.day >= world.last_day_of(address):
                world.acts.setdefault(address, set()).add(act)
        return world

    def remember(self, world: World, mails: Iterable[Mail]) -> None:
        """Keep what the mails of a day told."""
        for mail in mails:
            for about in listed_in(mail):
                self.patterns.setdefault(mail.to, {})[about] = expected(world, mail.to)[about].keys
            if mail.kind == "letters":
                self.letters[mail.to] = LastLetter(mail.day, world.stalled_before(mail.to), world.hidden_from(mail.to))
            if mail.has_standing and not world.waits(mail.to):
                self.standings[mail.to] = mail.day
