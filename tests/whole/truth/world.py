"""The truth of a day: obligations and steps by an independent reading, days by the calendar, letters as they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.whole.reading.days import DAY, working
from tests.whole.reading.duties.ends import FILES as FILES_OF
from tests.whole.reading.duties.rules import quorate
from tests.whole.reading.duties.without_case import has_left
from tests.whole.reading.facts import Facts
from tests.whole.reading.gathering import assemble
from tests.whole.reading.letters import hidden
from tests.whole.reading.lives import Reading
from tests.whole.reading.people import People
from tests.whole.reading.seen import seen
from tests.whole.reading.sheets import Row
from tests.whole.reading.store import root_of
from tests.whole.truth.endings import Ending
from tests.whole.truth.words import FILES, KINDS, OWERS, PARTS, STALLING

if TYPE_CHECKING:
    from tests.whole.reading.life import Life
    from tests.whole.reading.panels import Sitting
    from tests.whole.reading.people import Case
    from tests.whole.truth.diaries import Diary

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WRITTEN = rf"(?:{'|'.join(WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?"
MOST_PROMISES = 3  # one, and its renewals
SPOC = "CPS SPOC"
FARTHEST = 800  # days ahead in which a next step is looked for


class Act(NamedTuple):
    """What somebody did by a command: reported an action of a case as done, or took that back."""

    about: str
    action: str
    day: date
    back: bool


class Promise(NamedTuple):
    """Who took something on, until when, and on which day they said so."""

    by: str
    until: date
    made: date


class LastLetter(NamedTuple):
    """The day of a letter, the cases that were stalled then for a SPOC or a lead; None for others; and those hidden."""

    day: date
    stalled: set[str] | None
    hidden: frozenset[str] = frozenset()  # restricted cases, of a reader without access


@dataclass
class World:
    """The truth of one day, the days of the standings that each address was sent, and what was done in whose name."""

    reading: Reading
    day: date
    standings: dict[str, date] = field(default_factory=dict)
    patterns: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # what each address read of each case
    acts: dict[str, set[Act]] = field(default_factory=dict)  # by the address of whoever has not read of them yet
    letters: dict[str, LastLetter] = field(default_factory=dict)  # the last of each address
    endings: dict[tuple[Any, ...], list[Ending]] = field(default_factory=dict)  # of each obligation, day after day
    promises: dict[tuple[Any, ...], list[Promise]] = field(default_factory=dict)  # made so far, of each obligation
    not_theirs: dict[tuple[Any, ...], list[str]] = field(default_factory=dict)  # who said so of each
    unseen: dict[str, dict[str, bool]] = field(default_factory=dict)  # what cannot be seen of each force, once asked
    diaries: dict[str, Diary] | None = None  # everybody's calendar; None where nobody keeps them
    dangers: dict[tuple[Any, ...], date] = field(default_factory=dict)  # each version of a danger: its first day here
    confirmers: dict[str, str] = field(default_factory=dict)  # of each case: who confirmed its grade in Casebeat

    def last_day_of(self, address: str) -> date:
        """Give the day of somebody's last letter; long ago where there is none."""
        last = self.letters.get(address)
        return last.day if last else date.min

    def __post_init__(self) -> None:
        """Note what ended today, by the facts of today."""
        for (identity, _), (day, why) in self.reading.ended.items():
            if day == self.day:
                life = self.reading.lives[identity]
                about = f"{identity[0]}/{identity[1]}"
                ending = Ending.of(life.owed, self.day, self.facts.get(about), self.reading, why)
                self.endings.setdefault(identity, []).append(ending)
        for identity, life in self.reading.lives.items():
            if life.owed.rule == "danger" and not life.ended_on:
                self.dangers.setdefault((identity, life.version), self.day)

    @cached_property
    def _people(self) -> dict[str, Row]:
        return {row["email"].lower(): row for row in reversed(self.reading.store.rows("contacts"))}

    @cached_property
    def _lives(self) -> dict[str, list[Life]]:
        found = defaultdict(list)
        for life in self.reading.lives.values():
            found[self.reference(life)].append(life)
        return found

    @cached_property
    def everything(self) -> list[Facts]:
        """The facts of every case."""
        return assemble(self.reading.store)

    @cached_property
    def facts(self) -> dict[str, Facts]:
        """The facts of each case by its reference."""
        return {"/".join(facts.key): facts for facts in self.everything}

    @cached_property
    def pattern_lists(self) -> dict[str, Any]:
        """The lists of harassment that may be stalking, of the readers of whom it was asked."""
        return {}

    @cached_property
    def _keys(self) -> dict[tuple[str, str | None], list[Facts]]:
        found = defaultdict(list)
        for facts in self.everything:
            for column in ("suspect_key", "victim_key"):
                found[column, facts.case[column]].append(facts)
        return found

    def of_key(self, column: str, key: str | None) -> list[Facts]:
        """Give the cases with a key, in the book's order."""
        return self._keys[column, key] if key else []

    def address(self, ref: str) -> str:
        """Give the address of a contact."""
        return str(self.reading.store.files["contacts"][ref,].row["email"])

    def person(self, address: str) -> Row:
        """Give the contact of an address."""
        return self._people[address.lower()]

    def reference(self, life: Life) -> str:
        """Give what a letter calls a matter by: force and case, or the subject of one without a case."""
        force, case_ref, _, subject = life.owed.identity
        return f"{force}/{case_ref}" if case_ref else subject.replace(":", " ", 1)

    def lives(self, about: str) -> list[Life]:
        """Give the obligations of a reference: force and case, or the subject of one without a case."""
        return self._lives.get(about, [])

    def case(self, about: str) -> Row | None:
        """Give the row of a case by its reference; None where it is another subject."""
        force, _, case_ref = about.partition("/")
        held = self.reading.store.files["cases"].get((force, case_ref))
        return held.row if held else None

    def urn(self, about: str) -> str | None:
        """Give the root of a case's URN."""
        return root_of((self.case(about) or {}).get("urn"))

    def action(self, life: Life) -> Row | None:
        """Give the row of the action that an obligation is about."""
        if life.owed.rule not in ("action", "action-plan"):
            return None
        return self.reading.store.files["actions"][life.owed.subject.removeprefix("action:"),].row

    def owers(self, life: Life) -> str:
        """Give who owes it, as a letter names them: those whom the records name, whoever hears of it in their place."""
        sides = {"police": "police", "cps": "CPS", "both": "police and CPS", "operations": "operations"}
        found = self._owers(life)
        named = [f"{self.name(ref)} ({who})" for who, ref in found if ref]
        lacking = "".join(f"; {_subject(who)} {why}" for who, ref in found if ref and (why := self.unreached(ref)))
        lacking += "".join(f"; no {who} is recorded" for who, ref in found if not ref)
        if [who for who, ref in found if ref].count(SPOC) > 1:
            lacking += f"; no {SPOC} is named to lead"
        return (" and ".join(named) or sides[life.owed.owed_by]) + lacking

    def unreached(self, ref: str) -> str:
        """Give why a contact hears nothing: no row has an address, or they left, as it says or since it is gone."""
        held = self.reading.store.files["contacts"].get((ref,))
        if held is None:
            return "has no address here"
        return "has left" if not held.supplied or has_left(held.row, self.day) else ""

    def name(self, ref: str) -> str:
        """Give the name of a contact; their reference where no contact of it is known."""
        held = self.reading.store.files["contacts"].get((ref,))
        return str(held.row["name"]) if held else ref

    def parts(self, life: Life) -> dict[str, str]:
        """Give the parts of a duty that are missing and can be seen, in words by column."""
        kind, _, ref = life.owed.subject.partition(":")
        facts = self.facts.get(f"{life.owed.force}/{life.owed.case_ref}")
        if facts is None:
            return {}
        row = self.reading.store.files[FILES_OF[kind]][ref,].row if kind in FILES_OF else None
        if life.owed.rule == "referral-checklist" and row:
            return {code: code for code in row["checklist_missing"] or ()}
        words = PARTS.get(life.owed.rule, {})
        if life.owed.rule == "danger":
            return words
        told = {need.partition(".")[2] for need in seen(life.owed.rule, facts, row)}
        if life.owed.rule == "restraining-order":
            return {column: words[column] for column in missing_of_an_order(facts)}
        return {column: said for column, said in words.items() if column in told and _missing(column, facts, row)}

    def _owers(self, life: Life) -> list[tuple[str, str | None]]:
        if not life.owed.case_ref:
            return []
        if life.owed.rule in PARTS:
            return self._owers_of_parts(life)
        if life.owed.rule == "outcome-unrecorded":
            ref = life.owed.subject.removeprefix("sitting:")
            (chair,) = {one.chair for sat in self.reading.reviews.sat.values() for one in sat if one.ref == ref}
            return [("chair of the meeting", chair)]
        if (row := self.action(life)) and row["owner_ref"]:
            return [("named for the action", row["owner_ref"])]
        case = self.reading.cases[life.owed.force or "", life.owed.case_ref]
        reviewed = life.owed.rule == "supervisor-review"
        police = ("supervisor", case.supervisor) if reviewed else ("officer in the case", case.oic)
        of = {"police": [police], "cps": [("prosecutor", case.prosecutor)]}
        return of.get(life.owed.owed_by, [police, *of["cps"]])

    def _owers_of_parts(self, life: Life) -> list[tuple[str, str | None]]:
        """Give who owes the missing parts, each once, in the order of the parts."""
        case = self.reading.cases[life.owed.force or "", life.owed.case_ref or ""]
        refs = {"officer in the case": case.oic, "prosecutor": case.prosecutor, "supervisor": case.supervisor}
        roles = dict.fromkeys(OWERS[column] for column in self.parts(life))
        return [(role, ref) for role in roles for ref in (self._spocs(case) if role == SPOC else [refs[role]])]

    def _spocs(self, case: Case) -> list[str | None]:
        """Give the CPS SPOC who leads on a case; where nobody does, all of its Area; one who is nobody without any."""
        people = replace(self.reading.people(self.day), barred=case.barred)
        lead = people.leader("cps", case)
        return [lead] if lead else [*people.with_role("spoc", "cps", case.area)] or [None]

    def leader_is_away(self, life: Life, agency: str) -> bool:
        """Return whether the SPOC who leads on a case for an agency is away, and nobody who is there stands in."""
        case = self.reading.cases.get((life.owed.force or "", life.owed.case_ref or ""))
        people = replace(self.reading.people(self.day), barred=case.barred if case else frozenset())
        lead = people.leader(agency, case) if case else None
        return lead is not None and people.absent(lead) and not people.deputy(lead)

    def stalled_since(self, about: str) -> date | None:
        """Give the first day of a case's stall."""
        days = [
            max(life.owed.escalate, life.owed.due + DAY)
            for life in self.lives(about)
            if not life.ended_on and life.owed.rule in STALLING and life.severity(self.day) == "critically overdue"
        ]
        return min(days, default=None)

    def stalled_cases(self, address: str, *, own: bool = False) -> set[str] | None:
        """Give the stalled cases of a SPOC's or a lead's forces or Areas of which they may know; None for others.

        None too of who stands in for somebody, who may read of more: unless their `own` are asked for.
        """
        if (address, own) not in self._stalled:
            waiting = self.reading.first.waiting(self.day)
            self._stalled[address, own] = self._stalled_of(address, own=own, waiting=waiting)
        return self._stalled[address, own]

    def stalled_before(self, address: str) -> set[str] | None:
        """Give what is stalled for a reader of a letter, of forces too that have not begun: none of it is new later."""
        return self._stalled_of(address, own=True, waiting=frozenset())

    @cached_property
    def _stalled(self) -> dict[tuple[str, bool], set[str] | None]:
        return {}

    @cached_property
    def all_stalled(self) -> dict[str, date]:
        """Every stalled case, with the first day of its stall."""
        every = (f"{force}/{case_ref}" for force, case_ref in self.reading.cases)
        return {about: since for about in every if (since := self.stalled_since(about))}

    def _stalled_of(self, address: str, *, own: bool, waiting: frozenset[str]) -> set[str] | None:
        if not self.leads(address) or (self.stands_in(address) and not own):
            return None
        return self.all_stalled.keys() & self._of_places(address, waiting)

    def leads(self, address: str) -> bool:
        """Return whether somebody is a SPOC or a lead."""
        return not {"spoc", "lead"}.isdisjoint(self.person(address)["roles"])

    def leading_spocs(self) -> set[tuple[str, str]]:
        """Give the SPOCs who lead on a case that is open, each with their agency."""
        people, found = self.reading.people(self.day), set()
        for facts in self.everything:
            case, there = self.reading.cases[facts.key[0], facts.key[1]], replace(people, barred=facts.barred)
            if facts.open:
                found |= {(there.leader(agency, case), agency) for agency in ("police", "cps")}
        return {(ref, agency) for ref, agency in found if ref}

    def _of_places(self, address: str, waiting: frozenset[str]) -> set[str]:
        """Give the cases of the force or the Area of a SPOC or a lead of which they may know."""
        person = self.person(address)
        police = person["agency"] == "police"
        places = {each.replace("&", "and").lower() for each in person["force_code" if police else "cps_area"]}
        secret = {(row["force_code"], row["case_ref"]) for row in hidden(self.reading.store)}
        found = set()
        for (force, case_ref), case in self.reading.cases.items():
            there = (force if police else case.area) in places and person["contact_ref"] not in case.barred
            open_to = person["restricted_access"] or (force, case_ref) not in secret
            if there and open_to and force not in waiting:
                found.add(f"{force}/{case_ref}")
        return found

    def hidden_from(self, address: str) -> frozenset[str]:
        """Give the restricted cases of which somebody may learn only that there are some."""
        if self.person(address)["restricted_access"]:
            return frozenset()
        return frozenset(f"{row['force_code']}/{row['case_ref']}" for row in hidden(self.reading.store))

    def dangers_since(self, address: str) -> set[str]:
        """Give the cases of a SPOC or a lead whose danger began, or began again, after their last letter."""
        last, found = self.last_day_of(address), set()
        for (identity, version), day in self.dangers.items():
            life = self.reading.lives[identity]
            if life.version == version and not life.ended_on and day > last:
                found.add(f"{identity[0]}/{identity[1]}")
        return found & self._of_places(address, self.reading.first.waiting(self.day))

    def stalled_now_and_then(self, address: str) -> tuple[set[str] | None, set[str] | None]:
        """Give the stalled cases of a SPOC or a lead today, and on the day of their last letter if there was one."""
        now, last = self.stalled_cases(address, own=True), self.letters.get(address)
        return now, last.stalled if last else now

    def closed_news(self, address: str) -> set[tuple[Any, ...]]:
        """Give the obligations of restricted cases of which whoever may not read them is told by a letter of today.

        That is what they are notified of today, and each end since their last letter.
        """
        own, last = self.person(address)["contact_ref"], self.last_day_of(address)
        found = set(self.told_today(address))
        for row in self.reading.resolved:
            if row["contact_ref"] == own and last < date.fromisoformat(row["day"]) <= self.day:
                found.add(tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject")))
        closed = self.hidden_from(address)
        return {identity for identity in found if f"{identity[0]}/{identity[1]}" in closed}

    def told_today(self, address: str) -> set[tuple[Any, ...]]:
        """Give the obligations of which somebody is told on this day, or that are handed over to them."""
        return self._told_today[self.person(address)["contact_ref"]]

    @cached_property
    def _told_today(self) -> dict[str | None, set[tuple[Any, ...]]]:
        found = defaultdict(set)
        for row in (*self.reading.rows, *self.reading.handed):
            if row["day"] == self.day.isoformat():
                identity = tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject"))
                found[row["contact_ref"]].add(identity)
        return found

    def may_promise(self, life: Life, address: str) -> bool:
        """Return whether somebody was told of a matter, and has not renewed a promise as often as may be."""
        own, made = self.person(address)["contact_ref"], self.promises.get(life.owed.identity, ())
        return own in self._hearers[life.owed.identity] and sum(row.made <= self.day for row in made) < MOST_PROMISES

    @cached_property
    def _hearers(self) -> dict[tuple[Any, ...], set[str | None]]:
        """Who was told of each obligation."""
        found = defaultdict(set)
        for row in (*self.reading.rows, *self.reading.handed):
            identity = tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject"))
            found[identity].add(row["contact_ref"])
        return found

    def waits(self, address: str) -> bool:
        """Return whether no force of somebody, or of their Areas, has begun."""
        person, waiting = self.person(address), self.reading.first.waiting(self.day)
        areas = {each.replace("&", "and").lower() for each in person["cps_area"]}
        forces = {force for (force, _), case in self.reading.cases.items() if case.area in areas}
        own = set(person["force_code"]) or forces
        return bool(own) and own <= waiting

    def handed_as_spoc(self, address: str) -> bool:
        """Return whether matters were handed over to a SPOC within the last week."""
        own, since = self.person(address)["contact_ref"], (self.day - timedelta(days=7)).isoformat()
        spocs = [row for row in self.reading.handed if row["addressee"] in ("spoc", "counterpart")]
        return any(row["contact_ref"] == own and since < row["day"] <= self.day.isoformat() for row in spocs)

    def stalled_of_theirs(self, address: str) -> set[str]:
        """Give the stalled cases on which a SPOC leads and of which they may know."""
        person, people, found = self.person(address), self.reading.people(self.day), set()
        for about in self.stalled_cases(address) or ():
            force, _, case_ref = about.partition("/")
            case = self.reading.cases[force, case_ref]
            if replace(people, barred=case.barred).leader(person["agency"], case) == person["contact_ref"]:
                found.add(about)
        return found

    def seat(self, about: str) -> Sitting | None:
        """Give the sitting that a case is listed for."""
        force, _, case_ref = about.partition("/")
        seat = self.reading.reviews.seats.get((force, case_ref))
        return seat.sitting if seat else None

    def outcomes(self, about: str, day: date) -> list[tuple[bool, bool] | None]:
        """Give what is known of a case's meeting of a day: whether police attended, and CPS; None where not held."""
        facts = self.facts[about]
        rows = [row for row in facts.every("reviews") if row["kind"] == "joint" and row["held_on"] == day]
        found: list[tuple[bool, bool] | None]
        found = [(bool(row["police_attended"]), bool(row["cps_attended"])) for row in rows]
        for place in getattr(self.reading.reviews, "places", ()):
            told = place.recorded_on and place.recorded_on < self.day
            found += [place.how] if told and place.case == facts.key and place.seat.sitting.day == day else []
        return found

    def listed_at(self, day: date, hour: str, pair: str, address: str) -> int:
        """Count the cases of a sitting that a person may know of, by its day, its hour and its force and Area."""
        own, found = self.person(address)["contact_ref"], 0
        for (force, case_ref), seat in self.reading.reviews.seats.items():
            area = self.reading.reviews.pairs[force, case_ref][1]
            there = (seat.sitting.day, f"{seat.sitting.starts_at:%H:%M}") == (day, hour)
            if there and f"({force})" in pair and area in pair.lower():
                found += own not in self.reading.cases[force, case_ref].barred
        return found

    def out_of_date(self, force: str) -> set[tuple[date, str]]:
        """Give the files that tell of a force's cases and are left out, with the day of the last extract with each."""
        store = self.reading.store
        return {
            (store.sent_on[source, name], name)
            for source, name in store.left_out
            if name in FILES.values() and force in store.covers[source]
        }

    def told_on(self, life: Life) -> set[date]:
        """Give the days on which people were told of an obligation, in any version of it."""
        return self._told[life.owed.identity]

    @cached_property
    def _told(self) -> dict[tuple[Any, ...], set[date]]:
        found = defaultdict(set)
        for row in (*self.reading.rows, *self.reading.handed):
            identity = tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject"))
            found[identity].add(date.fromisoformat(row["day"]))
        return found

    def unlisted(self, pairs: str, address: str) -> set[str]:
        """Give the cases whose joint review falls due in the time ahead where no panel of these pairs meets."""
        panels = {panel.pair for panel in self.reading.reviews.panels}
        outside = self.reading.reviews.outside.items()
        found = (case for case, (pair, _, _) in outside if pair not in panels and _among(pair, pairs))
        return {"/".join(case) for case in found if not self._barred(case, address)}

    def late(self, pairs: str, address: str) -> dict[str, date]:
        """Give the due days of the cases of these pairs whose joint review has no place in time."""
        found = {case: due for case, (pair, due, _) in self.reading.reviews.outside.items() if _among(pair, pairs)}
        for case, seat in self.reading.reviews.seats.items():
            late = seat.sitting.day > seat.deadline and not seat.awaited(self.day)
            if late and _among(self.reading.reviews.pairs[case], pairs):
                found[case] = seat.due
        return {"/".join(case): due for case, due in found.items() if not self._barred(case, address)}

    def acts_of(self, address: str) -> set[Act]:
        """Give what was done in the name of somebody who may hear of the case."""
        found = self.acts.get(address, set())
        return {act for act in found if not self._barred(tuple(act.about.split("/", 1)), address)}

    def _barred(self, case: tuple[str, str], address: str) -> bool:
        return self.person(address)["contact_ref"] in self.reading.cases[case].barred

    def stands_in(self, address: str) -> bool:
        """Return whether somebody is away whose deputy, or whose deputy's deputy, has this address."""
        people, own = People(self.reading.store, self.day), self.person(address)["contact_ref"]
        refs = [row["contact_ref"] for row in self.reading.store.rows("contacts")]
        return any(people.absent(ref) and people.deputy(ref) == own for ref in refs)

    def ends(self, life: Life) -> set[date]:
        """Give the days on which versions of an obligation ended."""
        return {day for (identity, _), (day, _) in self.reading.ended.items() if identity == life.owed.identity}

    def endings_to_tell(self, life: Life, address: str) -> list[Ending]:
        """Give the endings of an obligation since somebody's last letter, lost ones and those that anybody hears of."""
        since, of = self.last_day_of(address), life.owed.identity
        return [
            ending
            for ending in self.endings.get(of, ())
            if ending.learnt_on > since and (ending.lost or ending.learnt_on in self._heard_of[of])
        ]

    @cached_property
    def _heard_of(self) -> dict[tuple[Any, ...], set[date]]:
        """Give the days of the endings of each obligation of which anybody hears."""
        found = defaultdict(set)
        for row in self.reading.resolved:
            identity = tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject"))
            found[identity].add(date.fromisoformat(row["day"]))
        return found

    def done_since(self, about: str, since: date | None) -> list[str]:
        """Give what was done on a case, by the facts' own days, from a day on; without one, in the last week.

        Two actions of one day are two if their kinds are two, even where neither kind has words.
        """
        first, case = since or self.day - 7 * DAY, self.case(about)
        assert case
        key, root = (case["force_code"], case["case_ref"]), root_of(case["urn"])
        rows = self._rows_of_cases
        found: set[tuple[str, date | None, str | None]]
        found = {("risk assessed", case["risk_assessed_on"], ""), ("victim contacted", case["victim_contacted_on"], "")}
        for name, told in DONE.items():
            for row in (*rows[name, key], *(rows[name, root] if root else ())):
                found |= {(*each, row.get("kind") if name == "actions" else "") for each in told(row)}
        return [f"{words} {written(day, self.day)}" for words, day, _ in found if day and first <= day <= self.day]

    @cached_property
    def _rows_of_cases(self) -> dict[tuple[str, Any], list[Row]]:
        """The supplied rows of each file by case, and by the root of their URN."""
        found = defaultdict(list)
        for name in DONE:
            for row in self.reading.store.supplied(name):
                found[name, (row.get("force_code"), row.get("case_ref"))].append(row)
                found[name, root_of(row.get("urn"))].append(row)
        return found


def _missing(column: str, facts: Facts, row: Row | None) -> bool:
    """Return whether a part of a duty is not done, by its column."""
    if column == "risk_assessed_on" and row:
        return not (facts.case[column] and facts.case[column] >= row["reported_on"])
    if column.startswith("nfa_"):
        return not (facts.case[column] and facts.case[column] >= facts.case["finalised_on"] - 28 * DAY)
    return not (row or facts.case)[column]


def missing_of_an_order(facts: Facts) -> list[str]:
    """Give what the order that lacks least still lacks."""
    lacking = [
        [column for column, there in (
            ("victim_views_on", row["victim_views_on"]),
            ("decided_on", row["decided_on"] and facts.charged_on and row["decided_on"] >= facts.charged_on),
        ) if not there]
        for row in facts.own("orders") if row["kind"] == "restraining_order"
    ]  # fmt: skip
    return min(lacking, key=len, default=["victim_views_on", "decided_on"])


def _among(pair: tuple[str, str], pairs: str) -> bool:
    return any(f"({pair[0]})" in each and each.lower().endswith(f"cps {pair[1]}") for each in pairs.split("; "))


def _action(row: Row) -> list[tuple[str, date | None]]:
    kind = KINDS.get(row["kind"].upper())
    return [(f"action done ({kind})" if kind else "action done", row["closed_on"])] if row["status"] == "done" else []


def _review(row: Row) -> list[tuple[str, date | None]]:
    if row["kind"] == "supervisor":
        return [("supervisor's review", row["held_on"])]
    return [("joint review held", row["held_on"])] if quorate(row) else []


DONE: dict[str, Callable[[Row], list[tuple[str, date | None]]]] = {
    "actions": _action,
    "reviews": _review,
    "referrals": lambda row: [("referred to CPS", row["submitted_on"]),
                              ("CPS decided on a referral", row["decision_on"])],
    "incidents": lambda row: [("new incident reported", row["reported_on"])],
    "orders": lambda row: [("order made", row["made_on"])],
    "cps_cases": lambda row: [("charge authorised", row["charge_authorised_on"]), ("charged", row["charged_on"])],
}  # fmt: skip


def written(day: date, today: date) -> str:
    """Write a day as letters do: without its year, if that is this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def parsed(written: str, today: date) -> date:
    """Give the day that a letter of today writes; one without its year is of this year. Its weekday has to be true."""
    weekday, number, month, *year = written.split()
    of = int(year[0]) if year else today.year
    assert _is_day(of, month, number), f"{written} is no day of {of}"
    day = date(of, MONTHS.index(month) + 1, int(number))
    assert WEEKDAYS[day.weekday()] == weekday, f"{written} is a {WEEKDAYS[day.weekday()]}"
    return day


def _is_day(year: int, month: str, number: str) -> bool:
    return not (month == "Feb" and number == "29" and (year % 4 or (year % 100 == 0 and year % 400)))


def working_days_until(day: date, today: date) -> int:
    """Count the working days after today up to a day; negative for one that is past."""
    first, last, sign = (today, day, 1) if day >= today else (day, today, -1)
    return sign * sum(working(first + number * DAY) for number in range(1, (last - first).days + 1))


def next_step(life: Life, today: date) -> tuple[str, date] | None:
    """Give the next step that will be taken if nothing changes, and the day on which its letter leaves."""
    for ahead in range(1, FARTHEST):
        day = today + timedelta(days=ahead)
        if life.promised and day <= life.promised and not life.owed.hard:
            continue
        reached = life.reached(day)
        if reached > life.position and life.may_be_taken(life.step(reached)[0], day):
            return life.step(reached)[0], day
    return None


def _subject(who: str) -> str:
    return f"{'whoever is' if who.startswith('named') else 'the'} {who}"
