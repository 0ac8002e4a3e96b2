"""The rows of a random book for the protocol rules, and their changes: columns of cases, orders, pleas, training."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from tests.whole.reading.books.book import Book
    from tests.whole.reading.books.staff import Staff

CHARGES = ("PH97006", "PH97004", "ph97010", "PH97011B", "PH97009", "PH97005", "SE20002", "TH68001", "ST19001")
TOLD_COLUMNS = ("bail_views_on", "release_reviewed_on", "victim_told_on", "nfa_reviewed_on", "nfa_victim_told_on")
CHARGED = ("PH97006", "PH97011b", "ST19001", "ph97010", "PH97004", "PH97009")
PLEADED = ("PH97004", "PH97009A", "sE20002", "PH97005", "PH97006", "TH68001")
ORDERS = ("spo", "spo", "interim_spo", "interim_spo", "restraining_order", "restraining_order", "non_molestation")
ORDER_DAYS = ("renewal_decided_on", "victim_views_on", "decided_on", "made_on", "served_on", "served_on")
DUTIES = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")
COURSES = ("stalking_prosecutor", "spoc_role")
ITEMS = [f"C{number:02}" for number in range(1, 16)]
FINALISED = (*["nfa_cps", "nfa_police", "transferred", "administrative"] * 3, "charged_and_disposed", "other")
RELATIONSHIPS = (None, "ex_partner", "ex_partner", "partner", "family", "acquaintance", "stranger", "other")
CLASSES = (None, None, "stalking", "stalking", "harassment", "harassment", "other")


def _perhaps(book: Staff, chance: float, since: date, most: int = 40) -> date | None:
    return book.before(most, since) if book.maybe(chance) else None


def case_columns(book: Book, opened: date) -> Row:
    """Give the columns of a case that only the protocol rules read."""
    issued = _perhaps(book, 0.2, opened)
    return {
        "relationship": book.rng.choice(RELATIONSHIPS),
        "why_not_stalking_on": _perhaps(book, 0.15, opened),
        "risk_assessed_on": _perhaps(book, 0.6, opened),
        "victim_contacted_on": _perhaps(book, 0.6, opened),
        "victim_contact_days": book.rng.choice([None, None, 0, 1, 7, 14, 28, 60]),
        "spo_considered_on": _perhaps(book, 0.4, opened),
        "pin_issued_on": issued,
        "pin_withdrawn_on": _perhaps(book, 0.3, issued, 5) if issued else None,
        **{column: _perhaps(book, 0.4, opened) for column in TOLD_COLUMNS},
    }


def case_changes(book: Book, case: Row) -> None:
    """Change one of those columns."""
    opened, what = case["opened_on"], book.rng.randrange(16)
    if what < 2:
        case["risk_assessed_on"] = book.before(3, opened)
    elif what == 12:  # on the very day of an incident
        incidents = [
            row for row in book.source_of(case).held["incidents"].values() if row["case_ref"] == case["case_ref"]
        ]
        case["risk_assessed_on"] = book.rng.choice(incidents)["reported_on"] if incidents else None
    elif what < 4:
        case["victim_contacted_on"] = book.before(3, opened)
    elif what == 4:
        case["victim_contact_days"] = book.rng.choice([None, 0, 1, 7, 14, 28, 60])
    elif what == 5:
        case["spo_considered_on"] = None if case["spo_considered_on"] else book.before(2, opened)
    elif what == 6:
        case["pin_issued_on"], case["pin_withdrawn_on"] = book.before(5, opened), None
    elif what == 7:
        case["pin_withdrawn_on"] = book.before(2, case["pin_issued_on"]) if case["pin_issued_on"] else None
    elif what == 8:
        case["why_not_stalking_on"] = _perhaps(book, 0.8, opened, 2)
    elif what < 11 or what > 12:
        case["classification"] = book.rng.choice(CLASSES)
    else:
        case["relationship"] = book.rng.choice(RELATIONSHIPS)


def order(book: Book, case: Row) -> Row:
    """Give a new order's own columns."""
    made = book.progress_day(case) if book.maybe(0.7) else None
    return {
        "kind": book.rng.choice(ORDERS),
        "sought_on": book.before(60),
        "made_on": made,
        "expires_on": book.after(150) if book.maybe(0.75) else None,
        "renewal_decided_on": _perhaps(book, 0.15, case["opened_on"]),
        "victim_views_on": _perhaps(book, 0.5, case["opened_on"]),
        "decided_on": _perhaps(book, 0.3, case["opened_on"]),
        "served_on": _perhaps(book, 0.6, made, 5) if made else None,
        "notified_on": _perhaps(book, 0.3, made, 5) if made else None,
        "victim_told_on": _perhaps(book, 0.3, made, 5) if made else None,
    }


def order_changes(book: Book, row: Row) -> None:
    """Make one change to an order."""
    if row["kind"] == "restraining_order" and book.maybe(0.5):
        row["victim_views_on"], row["decided_on"] = book.before(5), book.before(5)
        return
    name = book.rng.choice(["expires_on", "expires_on", "renewal_decided_on", *ORDER_DAYS])
    if name == "expires_on":
        row[name] = book.after(120) if book.maybe(0.85) else None
    else:
        row[name] = book.before(10) if book.maybe(0.8) else None


def order_told(book: Book, row: Row) -> None:
    """Record that the victim was told of an order, or that its subject gave name and address, or take it back."""
    row[book.rng.choice(["victim_told_on", "notified_on"])] = book.before(3) if book.maybe(0.8) else None


def charge(book: Book) -> Row:
    """Give the columns of a charge that say what was charged."""
    charged = book.rng.sample(CHARGES, book.rng.choice([0, 1, 1, 1, 2]))
    return {"charged_codes": charged, "not_stalking_reason_on": _perhaps(book, 0.2, book.before(9))}


def charge_changes(book: Book, row: Row) -> None:
    """Make one change to them."""
    if book.maybe(0.7):
        row["charged_codes"] = charge(book)["charged_codes"]
    else:
        row["not_stalking_reason_on"] = book.before(3) if book.maybe(0.7) else None


def together(column: str) -> set[str]:
    """Give the columns that a file has or lacks with one: a decision has a day."""
    return {"decision", "decision_on"} if column.startswith("decision") else {column}


def plea(book: Book, case: Row) -> Row:
    """Give a new plea's own columns."""
    offered = book.progress_day(case)
    done = {duty: _perhaps(book, 0.4, offered, 4) for duty in DUTIES}
    codes = {"charged_code": book.rng.choice(CHARGED), "plea_code": book.rng.choice(PLEADED)}
    return {"offered_on": offered, **codes, "accepted_on": _perhaps(book, 0.4, offered, 4), **done}


def plea_changes(book: Book, row: Row) -> None:
    """Make one change to a plea."""
    what = book.rng.randrange(8)
    if what < 5:
        for duty in DUTIES:
            row[duty] = row[duty] or _perhaps(book, 0.7, row["offered_on"], 2)
    elif what == 5:
        row["plea_code"] = book.rng.choice(PLEADED)
    elif what == 6:
        row["offered_on"] = book.before(4)
    else:
        row[book.rng.choice(DUTIES)] = None


def add_training(book: Staff) -> None:
    """Let a contact complete a course, with or without an expiry."""
    source = book.rng.choice([source for source in book.sources if source.held["contacts"]])
    chosen = [row for row in source.held["contacts"].values() if {"spoc", "prosecutor"} & set(row["roles"])]
    people = chosen or list(source.held["contacts"].values())
    person = book.rng.choice(people)
    ref, fitting = person["contact_ref"], COURSES["prosecutor" not in person["roles"]]
    course = fitting if book.maybe(0.8) else book.rng.choice(COURSES)
    done = book.before(300)
    row = {"contact_ref": ref, "course": course, "completed_on": done}
    row["expires_on"] = book.after(90) if book.maybe(0.6) else None
    source.put("training", (ref, course, str(done)), row)


def training_changes(book: Book) -> None:
    """Add training, or change or remove the expiry of one."""
    rows = [row for source in book.sources for row in source.held["training"].values()]
    if not rows or book.maybe(0.5):
        add_training(book)
    else:
        book.rng.choice(rows)["expires_on"] = book.after(120) if book.maybe(0.5) else None


def role_changes(book: Book) -> None:
    """Make a contact a SPOC, or end that role."""
    rows = [row for source in book.sources for row in source.held["contacts"].values()]
    row = book.rng.choice(rows)
    if "spoc" in row["roles"] and len(row["roles"]) > 1:
        row["roles"] = [role for role in row["roles"] if role != "spoc"]
    elif row["roles"] == ["spoc"] and book.maybe(0.5):
        row["roles"] = ["lead"]
    elif "spoc" not in row["roles"]:
        row["roles"] = [*row["roles"], "spoc"]


def term_changes(book: Book) -> None:
    """Change the beginning or the end of a contact's time, or remove its end."""
    rows = [row for source in book.sources for row in source.held["contacts"].values()]
    spocs = [row for row in rows if "spoc" in row["roles"]]
    row = book.rng.choice(spocs if spocs and book.maybe(0.7) else rows)
    row["active_to"] = (
        None if row["active_to"] and book.maybe(0.5) else book.day + timedelta(days=book.rng.randrange(-5, 60))
    )
    row["active_from"] = book.day - timedelta(days=book.rng.randrange(10, 200)) if book.maybe(0.3) else None


def posts_change(book: Book) -> None:
    """Give all the SPOCs of a place a last day, or withdraw one of them from their source."""
    held = [
        (source, key, row)
        for source in book.sources
        for key, row in source.held["contacts"].items()
        if "spoc" in row["roles"]
    ]
    if not held:
        return
    source, key, chosen = book.rng.choice(held)
    if book.maybe(0.4):
        source.drop("contacts", key)
        return
    for _, _, row in held:
        if set(row["force_code"] + row["cps_area"]) & set(chosen["force_code"] + chosen["cps_area"]):
            row["active_to"] = book.day + timedelta(days=book.rng.randrange(-5, 60))
