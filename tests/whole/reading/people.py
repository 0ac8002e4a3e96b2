"""The readers of a step: addressees, fallbacks, deputies (specification 4, Whom)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.whole.reading.facts import Facts, area_of
from tests.whole.reading.store import Store

OPERATIONS = None
AFTER = {
    ("police", "owner"): ("supervisor", "spoc", "lead", "operations"),
    ("cps", "owner"): ("spoc", "lead", "operations"),
    ("police", "supervisor"): ("spoc", "lead", "operations"),
    ("cps", "supervisor"): ("spoc", "lead", "operations"),
    ("police", "spoc"): ("lead", "operations"),
    ("cps", "spoc"): ("lead", "operations"),
    ("police", "lead"): ("operations",),
    ("cps", "lead"): ("operations",),
}
OTHER = {"police": "cps", "cps": "police"}


@dataclass
class Case:
    """The facts of a case that addressing needs."""

    force: str
    area: str
    oic: str | None
    supervisor: str | None
    prosecutor: str | None
    barred: frozenset[str] = frozenset()
    spocs: dict[str, str | None] = field(default_factory=dict)  # whom the row of each agency names to lead
    restricted: bool = False

    @classmethod
    def of(cls, facts: Facts) -> Case:
        row, named = facts.case, {"police": facts.case["spoc_ref"], "cps": facts.cps_spoc}
        people = (row["oic_ref"], row["supervisor_ref"], facts.prosecutor)
        return cls(row["force_code"], area_of(row), *people, facts.barred, named, facts.restricted)


@dataclass(frozen=True)
class Owner:
    """Who owes an obligation of a case: by its rule the supervisor or a chair, or the owner whom an action names."""

    whose: str = "case"  # supervisor, chair, case
    ref: str | None = None  # the chair, or the action's owner


USUAL = Owner()


@dataclass
class People:
    """The contacts and absences of one day, as they are for a case that some of them may hear nothing of."""

    store: Store
    day: date
    barred: frozenset[str] = frozenset()
    panels: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)  # each pair's `spocs`

    def active(self, ref: str | None) -> bool:
        held = self.store.files["contacts"].get((ref,)) if ref else None
        if held is None or not held.supplied or ref in self.barred:
            return False
        row = held.row
        return (row["active_from"] or self.day) <= self.day <= (row["active_to"] or self.day)

    def absent(self, ref: str) -> bool:
        away = (row for row in self.store.supplied("absences") if row["contact_ref"] == ref)
        return any(row["from_on"] <= self.day <= row["to_on"] for row in away)

    def deputy(self, ref: str) -> str | None:
        """Follow deputies up to three times, never in a circle, to one who is present."""
        seen = {ref}
        for _ in range(3):
            ref = self.store.files["contacts"][ref,].row["deputy_ref"]
            if not self.active(ref) or ref in seen:
                return None
            if not self.absent(ref):
                return ref
            seen.add(ref)
        return None

    def with_role(self, role: str, agency: str, place: str) -> list[str]:
        place = place.replace("&", "and").lower()
        column = "force_code" if agency == "police" else "cps_area"
        found = []
        for row in self.store.supplied("contacts"):
            places = [each.replace("&", "and").lower() for each in row[column]]
            if row["agency"] == agency and role in row["roles"] and place in places:
                found.append(row["contact_ref"])
        return [ref for ref in found if self.active(ref)]

    def leader(self, agency: str, case: Case) -> str | None:
        """Give the SPOC who leads for an agency: the row's, else the panel's, each only if it may."""
        there = self.with_role("spoc", agency, case.force if agency == "police" else case.area)
        for ref in (case.spocs.get(agency), self.panels.get((case.force, case.area), {}).get(agency)):
            if ref in there:
                sees = not case.restricted or self.store.files["contacts"][ref,].row["restricted_access"]
                if sees:
                    return ref
        return None

    def _named(self, word: str, agency: str, case: Case, owner: Owner) -> list[str | None]:
        place = case.force if agency == "police" else case.area
        if word == "owner" and owner.whose == "supervisor":
            word = "supervisor"
        if word == "owner":
            usual = case.oic if agency == "police" else case.prosecutor
            found: list[str | None] = [owner.ref] if owner.whose == "chair" else [owner.ref, usual]
            return [ref for ref in found if self.active(ref)][:1]
        if word == "supervisor" and agency == "police":
            return [case.supervisor] if self.active(case.supervisor) else []
        return [*self.with_role("legal_manager" if word == "supervisor" else word, agency, place)]

    def follow(self, chain: tuple[str, ...], agency: str, case: Case, owner: Owner, *, every: bool) -> list[str | None]:
        """Resolve the first of a chain of addressees that leads to someone; with `every`, spoc is all of them."""
        word, rest = chain[0], chain[1:]
        if word == "operations":
            return [OPERATIONS]
        named = self._named(word, agency, case, owner)
        alone: list[str | None] = []
        if word == "spoc" and not every and (lead := self.leader(agency, case)):
            if not self.absent(lead) or self.deputy(lead):
                return [self.deputy(lead) if self.absent(lead) else lead]
            alone, named = [lead], [ref for ref in named if ref != lead]
        told: list[str | None] = []
        helpless = False
        for ref in named:
            deputy = self.deputy(ref) if self.absent(ref) else ref
            told.append(deputy or ref)
            helpless = helpless or deputy is None
        if helpless or not told:
            told += self.follow(rest, agency, case, owner, every=every)
        return alone + told

    def told(
        self, words: tuple[str, ...], owed_by: str, case: Case, owner: Owner = USUAL, *, every: bool = False
    ) -> dict[str | None, str]:
        """Give the readers, each with the first addressee that led to them."""
        found: dict[str | None, str] = {}
        people = People(self.store, self.day, case.barred, self.panels)
        for word in words:
            halves: tuple[str, ...] = ("police", "cps") if owed_by == "both" else (owed_by,)
            chain_word = word
            if word == "counterpart":
                halves = () if owed_by == "both" else (OTHER[owed_by],)
                chain_word = "spoc"
            for agency in halves:
                chain = (chain_word, *AFTER[agency, chain_word])
                for ref in people.follow(chain, agency, case, owner, every=every):
                    found.setdefault(ref, word)
        return found

    def told_without_case(self, words: tuple[str, ...], agency: str, places: list[str]) -> dict[str | None, str]:
        """Give the readers for an obligation of a place or of a person of it: its leads, otherwise operations."""
        found: dict[str | None, str] = {}
        for word in words:
            refs = [ref for place in places for ref in self.with_role(word, agency, place)]
            for ref in refs:
                found.setdefault((self.deputy(ref) or ref) if self.absent(ref) else ref, word)
            if not refs or any(self.absent(ref) and not self.deputy(ref) for ref in refs):
                found.setdefault(OPERATIONS, word)
        return found

    def told_of_source(self, words: tuple[str, ...], covers: list[str]) -> dict[str | None, str]:
        """Give the readers for a source's columns: the leads of each force that it covers, otherwise operations."""
        found: dict[str | None, str] = {}
        for word in words:
            for force in covers:
                for ref in self.told_without_case((word,), "police", [force]):
                    found.setdefault(ref, word)
        return found

    def told_of_feed(self, words: tuple[str, ...], covers: list[str]) -> dict[str | None, str]:
        """Give the readers for a silent source: operations, then every SPOC of the forces that it covers."""
        found: dict[str | None, str] = {OPERATIONS: "operations"}
        for force in covers if "spoc" in words else ():
            case = Case(force, "", None, None, None)
            for ref in self.follow(("spoc", *AFTER["police", "spoc"]), "police", case, USUAL, every=True):
                found.setdefault(ref, "spoc")
        return found
