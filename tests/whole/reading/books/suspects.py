"""Suspects, defendants and days of danger in a random book: the columns and files that tell of them, and changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.sheets import Key, Row

if TYPE_CHECKING:
    from tests.whole.reading.books.book import Book
    from tests.whole.reading.books.extracts import Source

STATUSES = (None, "not_identified", "at_large", "wanted", "wanted", "rui", "voluntary", "bail", "bail", "custody")
ORDERS = ("dapo", "dapo", "dvpn", "dvpo", "occupation_order", "civil_injunction")
CODES = ("DA21001", "da21004a", "DA21005")
DAYS = ("bail_varied_on", "bail_views_on", "release_reviewed_on", "arrest_attempted_on")
PEOPLE = 12  # suspects with a key, so few that some have several cases


def _perhaps(book: Book, chance: float, since: date, most: int = 20) -> date | None:
    return book.before(most, since) if book.maybe(chance) else None


def key_of(book: Book) -> str | None:
    """Give a suspect's key, in either case of letters."""
    key = f"a{book.rng.randrange(PEOPLE):x}".rjust(2, "a") * 8
    return book.rng.choice([None, None, None, key, key.upper()])


def case_columns(book: Book, opened: date) -> Row:
    """Give the newer columns of a case."""
    return {
        "arrest_attempted_on": _perhaps(book, 0.4, opened),
        "risk_ratified_on": _perhaps(book, 0.4, opened),
        "bail_varied_on": _perhaps(book, 0.2, opened),
        "advocate_referred_on": _perhaps(book, 0.4, opened),
        "advocate_declined_on": _perhaps(book, 0.1, opened),
        "charged_on": _perhaps(book, 0.1, opened),
    }


def add_suspects(book: Book, case: Row) -> None:
    """Let a case have suspects of its own file, where its source sends one."""
    source = book.source_of(case)
    for _ in range(book.rng.choice([1, 2, 2, 3]) if "suspects" in source.held else 0):
        ref, opened = f"S{next(book.numbers)}", case["opened_on"]
        row: Row = {
            "force_code": case["force_code"],
            "case_ref": case["case_ref"],
            "suspect_ref": ref,
            "suspect_status": book.rng.choice(STATUSES),
            "status_changed_on": _perhaps(book, 0.4, opened, 9),
            "bail_ends_on": book.after(70) if book.maybe(0.6) else None,
            "charged_on": _perhaps(book, 0.15, opened),
            "suspect_key": key_of(book),
            **{column: _perhaps(book, 0.4, opened) for column in DAYS},
        }
        source.put("suspects", (ref,), row)


def add_defendants(book: Book, case: Row) -> None:
    """Let CPS tell of each defendant of a case, by its URN or its reference."""
    if "defendants" not in book.cps.held:
        return
    for _ in range(book.rng.choice([1, 2, 2])):
        ref = f"D{next(book.numbers)}"
        row: Row = {"defendant_ref": ref, "urn": None, "force_code": case["force_code"], "case_ref": case["case_ref"]}
        if case["urn"] and book.maybe(0.6):
            row |= {"urn": case["urn"], "force_code": None, "case_ref": None}
        row |= {"in_custody": custody(book), "ctl_expires_on": book.after(70) if book.maybe(0.5) else None}
        book.cps.put("defendants", (ref,), row)


def custody(book: Book) -> bool | None:
    """Give whether a defendant is in custody, as CPS say."""
    return book.rng.choice([None, True, True, False])


def suspects_change(book: Book, case: Row) -> None:
    """Change a suspect, of the file or of a case's own row; or let one come, or go."""
    source = book.source_of(case)
    held = source.held.get("suspects", {})
    what = book.rng.randrange(12)
    if what == 0:
        add_suspects(book, case)
    elif what == 1 and held:
        source.drop("suspects", book.rng.choice(list(held)))
    elif held and book.maybe(0.7):
        key: Key = book.rng.choice(list(held))
        cases = source.held["cases"]
        its = cases.get((held[key]["force_code"], held[key]["case_ref"]), case)
        _changed(book, held[key], its["opened_on"])
    else:
        _changed(book, case, case["opened_on"])


def _changed(book: Book, row: Row, opened: date) -> None:
    what = book.rng.randrange(10)
    if what < 3:
        row["suspect_status"] = book.rng.choice(STATUSES)
        row["status_changed_on"] = _perhaps(book, 0.6, opened, 4)
    elif what == 3 and row["bail_ends_on"]:
        row["bail_ends_on"] += timedelta(days=book.rng.choice([-7, 14, 28]))
    elif what == 4:
        row["bail_ends_on"] = book.after(60) if book.maybe(0.7) else None
    elif what == 5:
        row["charged_on"] = None if row["charged_on"] else book.before(4, opened)
    elif what == 6:
        row["suspect_key"] = key_of(book)
    else:
        row[book.rng.choice(DAYS)] = book.before(3, opened) if book.maybe(0.85) else None


def defendants_change(book: Book, case: Row) -> None:
    """Change what CPS say of a defendant; or let one come, or go."""
    held = book.cps.held.get("defendants", {})
    what = book.rng.randrange(6)
    if what == 0:
        add_defendants(book, case)
    elif what == 1 and held:
        book.cps.drop("defendants", book.rng.choice(list(held)))
    else:
        rows = [*held.values(), *book.cps.held["cps_cases"].values()]
        row = book.rng.choice(rows) if rows else {}
        if what < 4:
            row["in_custody"] = custody(book)
        else:
            row["ctl_expires_on"] = book.after(60) if book.maybe(0.7) else None


def danger(book: Book, case: Row) -> None:
    """Let a case become more dangerous, or its grade be lowered or confirmed, or an advocate be asked."""
    what, opened = book.rng.randrange(10), case["opened_on"]
    if what < 3:
        book.add_fresh_incident(case)
    elif what == 3:
        lower = {"high": ("medium", "standard"), None: ("medium", "standard"), "medium": ("standard",)}
        case["risk"] = book.rng.choice(lower.get(case["risk"], ("high",)))
        case["risk_assessed_on"] = book.before(3, opened) if book.maybe(0.3) else case["risk_assessed_on"]
    elif what < 8:
        case["risk_ratified_on"] = book.before(2, opened) if book.maybe(0.9) else None
    else:
        column = book.rng.choice(["advocate_referred_on", "advocate_referred_on", "advocate_declined_on"])
        case[column] = book.before(3, opened) if book.maybe(0.8) else None


def served(book: Book, case: Row) -> None:
    """Let an order be made, or served."""
    if book.maybe(0.5):
        row = book.add_order(case)
        row["kind"] = book.rng.choice(ORDERS)
        return
    rows = [row for source in book.sources for row in source.held["orders"].values()]
    if rows:
        row = book.rng.choice(rows)
        row["served_on"] = None if row["served_on"] else book.before(3)


def files_of(book: Book, source: Source) -> None:
    """Let most sources have a file of suspects or of defendants."""
    name = "suspects" if source.agency == "police" else "defendants"
    if book.maybe(0.75):
        source.held[name] = {}


def policy_of(book: Book) -> tuple[str, list[list[str]]]:
    """Give what the policy says of presumed cases, and which sources make their keys with one secret."""
    presumed = book.rng.choice(["safety", "safety", "safety", "all", "off"])
    return presumed, [["niche-se", "athena-tv"]] if book.maybe(0.5) else []
