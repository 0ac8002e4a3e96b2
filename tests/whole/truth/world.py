"""The truth of a day: obligations and steps by an independent reading, days by the calendar, letters as they came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tests.whole.reading.days import DAY, working
from tests.whole.reading.duties.rules import quorate
from tests.whole.reading.letters import hidden
from tests.whole.reading.lives import Reading
from tests.whole.reading.people import People
from tests.whole.reading.sheets import Row
from tests.whole.reading.store import root_of
from tests.whole.truth.words import FILES, KINDS, STALLING

if TYPE_CHECKING:
    from tests.whole.reading.life import Life
    from tests.whole.reading.panels import Sitting

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WRITTEN = rf"(?:{'|'.join(WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?"
FARTHEST = 800  # days ahead in which a next step is looked for


class Act(NamedTuple):
    """What somebody did by a command: reported an action of a case as done, or took that back."""

    about: str
    action: str
    day: date
    back: bool


class LastLetter(NamedTuple):
    """The day of a letter, and the cases that were stalled then for a SPOC or a lead; None for others."""

    day: date
    stalled: set[str] | None


@dataclass
class World:
    """The truth of one day, the days of the standings that each address was sent, and what was done in whose name."""

    reading: Reading
    day: date
    standings: dict[str, date] = field(default_factory=dict)
    patterns: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)  # what each address read of each case
    acts: dict[str, set[Act]] = field(default_factory=dict)  # by the address of whoever has not read of them yet
    letters: dict[str, LastLetter] = field(default_factory=dict)  # the last of each address

    def address(self, ref: str) -> str:
        """Give the address of a contact."""
        return next(row["email"] for row in self.reading.store.rows("contacts") if row["contact_ref"] == ref)

    def person(self, address: str) -> Row:
        """Give the contact of an address."""
        return next(row for row in self.reading.store.rows("contacts") if row["email"].lower() == address.lower())

    def lives(self, about: str) -> list[Life]:
        """Give the obligations of a reference: force and case, or the subject of one without a case."""
        return [
            life
            for (force, case_ref, _, subject), life in self.reading.lives.items()
            if about == (f"{force}/{case_ref}" if case_ref else subject.replace(":", " ", 1))
        ]

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
        named = [f"{self._name(ref)} ({who})" for who, ref in found if ref]
        lacking = "".join(f"; no {who} is recorded" for who, ref in found if not ref)
        return (" and ".join(named) or sides[life.owed.owed_by]) + lacking

    def _name(self, ref: str) -> str:
        """Give the name of a contact; their reference where no contact of it is known."""
        return next((row["name"] for row in self.reading.store.rows("contacts") if row["contact_ref"] == ref), ref)

    def _owers(self, life: Life) -> list[tuple[str, str | None]]:
        if not life.owed.case_ref:
            return []
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
        person = self.person(address)
        if not {"spoc", "lead"} & set(person["roles"]) or (self.stands_in(address) and not own):
            return None
        police = person["agency"] == "police"
        places = {each.replace("&", "and").lower() for each in person["force_code" if police else "cps_area"]}
        secret = {(row["force_code"], row["case_ref"]) for row in hidden(self.reading.store)}
        found = set()
        for (force, case_ref), case in self.reading.cases.items():
            there = (force if police else case.area) in places and person["contact_ref"] not in case.barred
            open_to = person["restricted_access"] or (force, case_ref) not in secret
            if there and open_to and self.stalled_since(f"{force}/{case_ref}"):
                found.add(f"{force}/{case_ref}")
        return found

    def stalled_now_and_then(self, address: str) -> tuple[set[str] | None, set[str] | None]:
        """Give the stalled cases of a SPOC or a lead today, and on the day of their last letter if there was one."""
        now, last = self.stalled_cases(address, own=True), self.letters.get(address)
        return now, last.stalled if last else now

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
        said = (*self.reading.rows, *self.reading.handed)
        names = ("force_code", "case_ref", "rule", "subject")
        return {
            date.fromisoformat(row["day"]) for row in said if tuple(row[name] for name in names) == life.owed.identity
        }

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
            if _among(self.reading.reviews.pairs[case], pairs) and seat.sitting.day > seat.deadline:
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

    def done_since(self, about: str, since: date | None) -> list[str]:
        """Give what was done on a case, by the facts' own days, from a day on; without one, in the last week.

        Two actions of one day are two if their kinds are two, even where neither kind has words.
        """
        first, case = since or self.day - 7 * DAY, self.case(about)
        assert case
        key, root = (case["force_code"], case["case_ref"]), root_of(case["urn"])
        found: set[tuple[str, date | None, str | None]]
        found = {("risk assessed", case["risk_assessed_on"], ""), ("victim contacted", case["victim_contacted_on"], "")}
        for name, told in DONE.items():
            for row in self.reading.store.supplied(name):
                own = (row.get("force_code"), row.get("case_ref")) == key or (root and root_of(row.get("urn")) == root)
                found |= {(*each, row.get("kind") if name == "actions" else "") for each in told(row)} if own else set()
        return [f"{words} {written(day, self.day)}" for words, day, _ in found if day and first <= day <= self.day]


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
    """Give the day that a letter of today writes; a day without its year is the nearest. Its weekday has to be true."""
    weekday, number, month, *year = written.split()
    years = [int(year[0])] if year else [today.year - 1, today.year, today.year + 1]
    found = [date(each, MONTHS.index(month) + 1, int(number)) for each in years if _is_day(each, month, number)]
    nearest = min(found, key=lambda each: abs(each - today))
    assert WEEKDAYS[nearest.weekday()] == weekday, f"{written} is a {WEEKDAYS[nearest.weekday()]}"
    return nearest


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
        reached = life.reached(day)
        if reached > life.position and life.may_be_taken(life.step(reached)[0], day):
            return life.step(reached)[0], day
    return None
