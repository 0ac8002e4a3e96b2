"""Facts of persons: no case takes them from one of its persons, and a status after the charge is a charge."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from config.sources.cells import folded
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fits import Fit
from tasks.intake.profiles.proposal.joins import Join
from tasks.intake.profiles.proposal.looking import LookedAt, keys_of, repeat
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness
from tasks.intake.profiles.proposal.roles import role_column, roles_of
from tasks.intake.profiles.proposal.several import OF_CASES, differs, of_persons, several_rows
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import begins_with, counted, plain

_READERS = {"spoc", "lead"}
_READ = "May {} read restricted cases, and nobody else?"
CHILDREN = {"actions.csv", "incidents.csv", "orders.csv", "referrals.csv", "reviews.csv", "pleas.csv"}
MOST = 0.95  # of the persons of the file that has the most, below which another lacks some
_OF_A_CASE = {"force_code", "case_ref", "urn"}
_KEY = "Has a person the same number in all of their cases, and nobody else?"


def has_several_persons(rows: ProposedRows, looked: LookedAt) -> bool:
    """Return whether a file of suspects has several of them in a case, each with a row."""
    person, case = rows.of("suspect_ref"), rows.of("case_ref")
    return person is not None and case is not None and differs(looked, [case.own[0]], looked.cells(person.own[0]))


def persons_in(rows: ProposedRows, looked: LookedAt) -> int:
    """Return how many persons of cases a file is of, those in other roles aside; 0 of a file that is of no persons."""
    named = [
        match.own[0] for match in rows.matches if match.name in {"case_ref", "urn", "suspect_ref", "defendant_ref"}
    ]
    if not vocabulary().files[rows.file.name].persons_of:
        return 0
    roles, title = roles_of(looked, rows.file.name), role_column(looked, rows.file.name)
    cells = looked.cells(title) if title and roles else None
    keys = keys_of(looked, named)
    return len({key for place, key in enumerate(keys) if cells is None or cells[place].strip() in (roles or ())})


def without_persons(rows: ProposedRows, made: Sequence[str]) -> ProposedRows:
    """Return rows of cases without what files of their persons, which are made too, have for each of them."""
    files = [name for name in made if vocabulary().files[name].persons_of == rows.file.name]
    notes, matches = list(rows.notes), rows.matches
    for name in files:
        theirs = FILES[name].names - OF_CASES
        if dropped := [match.name for match in matches if match.name in theirs]:
            notes.append(f"left out, since {name} has it of each person: {', '.join(dropped)}")
        matches = tuple(match for match in matches if match.name not in theirs)
    return rows._replace(matches=matches, notes=tuple(notes))


def without_cases(rows: ProposedRows, joins: Sequence[Join]) -> ProposedRows:
    """Return rows of persons without what is looked up by the case alone, and so is of no one of its persons."""
    person = next((match.own[0] for match in rows.matches if match.name in {"suspect_ref", "defendant_ref"}), None)
    cases = vocabulary().files[rows.file.name].persons_of
    theirs = of_persons(cases) if cases else set()
    of_cases = tuple(join.begins for join in joins if not join.is_by(person or ""))
    dropped = [match for match in rows.matches if match.name in theirs and match.own[0].startswith(of_cases)]
    if not dropped:
        return rows
    notes = f"left out, since it is looked up for the case, not the person: {', '.join(one.name for one in dropped)}"
    matches = tuple(match for match in rows.matches if match not in dropped)
    return rows._replace(matches=matches, notes=(*rows.notes, notes))


def of_themselves(rows: ProposedRows, joins: Sequence[Join]) -> ProposedRows:
    """Return contacts without what is looked up by the number of another of them, as their line manager's address."""
    own = rows.of("contact_ref")
    if rows.file.name != "contacts.csv" or own is None:
        return rows
    others = tuple(join.begins for join in joins if not join.is_by(own.own[0]))
    return rows._replace(matches=tuple(match for match in rows.matches if not match.own[0].startswith(others)))


def is_repeated(rows: ProposedRows, match: Match, looked: LookedAt) -> bool:
    """Return whether a match is the reference of tasks, orders and so on that several of them have."""
    return match.name == rows.file.key[-1] and rows.file.name in CHILDREN and repeat(looked, match.own)


def without_children(rows: ProposedRows, joins: Sequence[Join], made: Mapping[str, Collection[str]]) -> ProposedRows:
    """Return rows without what is looked up among the tasks, orders and so on of their case, which is not of them.

    Nor has one of these what is looked up of the case, but for the case itself.
    """
    others = [join for join in joins if join.repeated and {*made.get(join.theirs.named, ())} & CHILDREN]
    begins = tuple(join.begins for join in others)
    matches = [one for match in rows.matches if (one := _without(match, begins))]
    if rows.file.name in CHILDREN:
        parents = tuple(join.begins for join in joins if not join.identifies)
        matches = [one for one in matches if one.name in _OF_A_CASE or not one.own[0].startswith(parents)]
    return rows._replace(matches=tuple(matches))


def _without(match: Match, begins: tuple[str, ...]) -> Match | None:
    left = [choice for choice in match.choices if not choice.own[0].startswith(begins)]
    return left[0]._replace(rivals=tuple(left[1:]), doubt=match.doubt) if left else None


def with_keys(rows: ProposedRows) -> ProposedRows:
    """Return rows of suspects of whom it is asked whether their number is a key that finds their other cases."""
    person = next((match for match in rows.matches if match.name == "suspect_ref" and not match.is_asked), None)
    if rows.file.name != "suspects.csv" or person is None or any(one.name == "suspect_key" for one in rows.matches):
        return rows
    key = person._replace(name="suspect_key", fit=person.fit._replace(recipe={"key": True}), required=False, doubt=_KEY)
    return rows._replace(matches=(*rows.matches, key))


def with_readers(rows: ProposedRows) -> ProposedRows:
    """Return contacts of whom it is asked whether those who lead, and nobody else, may read restricted cases."""
    roles, known = rows.of("roles"), any(match.name == "restricted_access" for match in rows.matches)
    table = roles.fit.recipe.get("codes", {}) if roles and "list_at" not in roles.fit.recipe else {}
    leads = {word: "yes" for word, role in table.items() if role in _READERS}
    if roles is None or known or not leads:
        return rows
    fit = Fit({"codes": leads, "otherwise": "no"}, roles.fit.filled, roles.fit.filled)
    asked = Match("restricted_access", roles.own, fit, Sureness.GUESS, doubt=_READ.format(", ".join(leads)))
    return rows._replace(matches=(*rows.matches, asked))


def with_charges(rows: ProposedRows, looked: LookedAt) -> ProposedRows:
    """Return rows of suspects whose statuses after the charge are no status, since the day of the charge says so.

    It is the day of such a status, where no column has it. Without either nothing is known of these words.
    """
    status, since, charged = rows.of("suspect_status"), rows.of("status_changed_on"), rows.of("charged_on")
    unknown: dict[str, int] = status.fit.recipe.get("unknown", {}) if status else {}
    words = [word for word in unknown if begins_with(word, vocabulary().after_charge)]
    if status is None or not words:
        return rows
    if charged is None and since is None:
        return rows
    if charged and not _filled_beside(looked, status, charged, words):
        return rows
    table = status.fit.recipe["codes"] | dict.fromkeys(words, "")
    left = {word: many for word, many in unknown.items() if word not in words}
    read = status.fit.read + sum(unknown[word] for word in words)
    fit = status.fit._replace(recipe=status.fit.recipe | {"codes": table, "unknown": left}, read=read)
    matches = [match._replace(fit=fit) if match is status else match for match in rows.matches]
    if charged is None and since is not None:
        matches.append(_charged_since(rows, looked, status, since, words))
    return rows._replace(matches=tuple(matches))


def _filled_beside(looked: LookedAt, status: Match, charged: Match, words: Sequence[str]) -> bool:
    asked = set(map(plain, words))
    pairs = zip(looked.cells(status.own[0]), looked.cells(charged.own[0]), strict=True)
    return all(day.strip() for word, day in pairs if plain(word) in asked)


def _charged_since(rows: ProposedRows, looked: LookedAt, status: Match, since: Match, words: Sequence[str]) -> Match:
    recipe: dict[str, Any] = {**since.fit.recipe, "where": {"column": status.own[0], "is": list(words)}}
    if several_rows(rows, looked):
        recipe["take"] = "first"
    many = sum(status.fit.recipe["unknown"][word] for word in words)
    return Match("charged_on", since.own, Fit(recipe, many, many), Sureness.LIKELY)


def unknown_words(match: Match) -> str:
    """Return the words of a column of which nothing is known, each with how many rows have it."""
    return counted(match.fit.recipe.get("unknown") or {})


def empty_words(match: Match, looked: LookedAt) -> str:
    """Return the words of a column that are made into an empty cell, each with how many rows have it."""
    codes = match.fit.recipe.get("codes")
    words = [word for word, code in codes.items() if not code] if isinstance(codes, dict) else []
    many = Counter(map(folded, looked.cells(match.own[0])))
    return counted({word: many[folded(word)] for word in words})


def no_further_action(match: Match) -> list[str]:
    """Return the words of a suspect's status that say that he is a suspect no more."""
    unknown = match.fit.recipe.get("unknown") or {}
    return [word for word in unknown if begins_with(word, vocabulary().no_further_action)]
