"""What may happen between two nights: work done, facts corrected, people moving on."""

from __future__ import annotations

from tests.whole.reading.books import protocol_rows
from tests.whole.reading.books.book import Book
from tests.whole.reading.facts import in_scope
from tests.whole.reading.sheets import Row

SHUT = {"done": None, "cancelled": "not needed", "not_possible": "not to be had"}


def any_row(book: Book, name: str) -> Row | None:
    rows = [row for source in book.sources for row in source.held.get(name, {}).values()]
    return book.rng.choice(rows) if rows else None


def work(book: Book, _case: Row) -> None:
    row = any_row(book, "actions")
    if row is None:
        return
    what = book.rng.randrange(8)
    if what < 3:
        row["status"] = book.rng.choice(["done", "done", "cancelled", "not_possible"])
        row["closed_on"], row["closed_reason"] = book.before(3, row["raised_on"]), SHUT[row["status"]]
    elif what == 3:
        row["status"], row["closed_on"], row["closed_reason"] = "pending", None, None
    elif what < 6:
        row["due_on"] = book.after(20)
    elif what == 6:
        agency = book.rng.choice(["police", "cps"])
        row["owner_agency"] = agency
    else:
        group = "officer:45" if row["owner_agency"] == "police" else "prosecutor:South East"
        row["owner_ref"] = book.pick(group, 0.3)


def case_changes(book: Book, case: Row) -> None:
    force = case["force_code"]
    what = book.rng.randrange(11)
    if what == 10:
        case["offence_codes"] = book.offences()
    elif what == 9:
        case["barred_refs"] = book.bar()
    elif what < 2:
        case["risk"] = book.rng.choice([None, "high", "medium", "standard"])
    elif what == 2:
        case["oic_ref"] = book.pick(f"officer:{force}") or "NOBODY-3"
    elif what == 3:
        case["classification"] = book.rng.choice([None, "stalking", "harassment", "other"])
    elif what == 4:
        status(book, case)
    elif what == 5:
        case["last_act_on"] = book.before(200) if book.maybe(0.7) else None
    elif what == 6 and not case["urn"] and (force, case["case_ref"]) not in book.cps.held["cps_cases"]:
        case["urn"] = book.urn(force)
    elif what == 7:
        case["supervisor_ref"] = book.pick(f"supervisor:{force}") if book.people[f"supervisor:{force}"] else None
    else:
        case["time_limit_noted_on"] = book.before(2, case["opened_on"]) if book.maybe(0.5) else None


def status(book: Book, case: Row) -> None:
    """Change the suspect's status, or what is known of it; its day comes with it, or does not, or later."""
    before = case["suspect_status"]
    if book.maybe(0.7):
        case["suspect_status"] = book.rng.choice([None, "bail", "custody", "rui", "voluntary"])
        case["bail_ends_on"] = book.after(60) if book.maybe(0.6) else None
    if case["suspect_status"] and book.maybe(0.6):
        case["status_changed_on"] = book.before(4, case["opened_on"])
    elif case["suspect_status"] != before and book.maybe(0.5):  # a day that a source does not keep up may stay
        case["status_changed_on"] = None


def charge(book: Book, _case: Row) -> None:
    """Charge a suspect, or say what of a charge was not known: its codes, or the limit of custody."""
    row = any_row(book, "cps_cases")
    if row is None:
        return
    cases = [case for source in book.police.values() for case in source.held["cases"].values()]
    own = [case for case in cases if case["urn"] == row["urn"] if row["urn"] or case["case_ref"] == row["case_ref"]]
    if not row["charged_on"]:
        row["charged_on"] = book.before(3)
        row["charged_codes"] = protocol_rows.charge(book)["charged_codes"] if book.maybe(0.5) else []
        for case in own if book.maybe(0.4) else ():
            case["suspect_status"], case["status_changed_on"] = "custody", book.before(3, case["opened_on"])
            row["ctl_expires_on"] = None
    elif book.maybe(0.4):
        row["ctl_expires_on"] = book.after(60)
    elif book.maybe(0.3):
        row["not_stalking_reason_on"] = book.before(2)
    else:
        row["charged_codes"] = protocol_rows.charge(book)["charged_codes"]


def told(book: Book, case: Row) -> None:
    """Record that somebody was asked, told or reviewed, or take it back."""
    fitting = {"bail": "bail_views_on", "rui": "release_reviewed_on", "voluntary": "release_reviewed_on"}
    column = fitting.get(case["suspect_status"] or "") if book.maybe(0.5) else None
    column = column or book.rng.choice(protocol_rows.TOLD_COLUMNS)
    case[column] = book.before(3) if book.maybe(0.8) else None
    order = any_row(book, "orders")
    if order:
        protocol_rows.order_told(book, order)


def owner(book: Book, case: Row) -> None:
    case["oic_ref"] = book.pick(f"officer:{case['force_code']}") or "NOBODY-3"


def cps(book: Book, case: Row) -> None:
    rows = list(book.cps.held["cps_cases"].values())
    if not rows or book.maybe(0.2):
        known = {(row["force_code"], row["case_ref"]) for row in rows} | {(row["urn"] or "")[:12] for row in rows}
        if (case["force_code"], case["case_ref"]) not in known and (case["urn"] or "-")[:12] not in known:
            book.put_cps_case(case)
        return
    row = book.rng.choice(rows)
    what = book.rng.randrange(9)
    if what > 5:
        protocol_rows.charge_changes(book, row)
    elif what == 0:
        row["prosecutor_ref"] = book.pick("prosecutor:South East", 0.15)
    elif what == 1:
        row["charge_authorised_on"] = book.before(3)
    elif what == 2:
        row["charged_on"] = book.before(1) if row["charge_authorised_on"] and not row["charged_on"] else None
    elif what == 3:
        row["ctl_expires_on"] = book.after(60) if book.maybe(0.7) else None
    else:
        row["next_hearing_on"] = book.after(40) if book.maybe(0.8) else None


def decide(book: Book, _case: Row) -> None:
    row = any_row(book, "referrals")
    if row and book.maybe(0.6):
        row["decision_on"] = book.before(2, row["submitted_on"])
        row["decision"] = book.rng.choice(["charge", "nfa", "further_work"])
    elif row:
        row["decision_required_by"] = book.after(15)
        row["decision_on"] = row["decision"] = None


def new(book: Book, case: Row) -> None:
    what = book.rng.choice(
        ["incident", "incident", "action", "action", "review", "review", "referral", "order", "plea", "case"]
    )
    if what == "case":
        book.add_case()
    else:
        getattr(book, f"add_{what}")(case)


def people(book: Book, _case: Row) -> None:
    if book.maybe(0.5):
        book.add_absence()
        return
    row = any_row(book, "contacts")
    if row and book.maybe(0.5):
        row["active_to"] = None if row["active_to"] else book.after(6)
        row["active_from"] = None
    elif row:
        row["deputy_ref"] = book.rng.choice([None, "P-offi-1", row["contact_ref"], "NOBODY-2"])


def close(book: Book, case: Row) -> None:
    if case["finalised_on"]:
        case["finalised_on"] = case["finalised_reason"] = None
    elif book.maybe(0.6):
        case["finalised_on"], case["finalised_reason"] = (
            book.before(2, case["opened_on"]),
            book.rng.choice(protocol_rows.FINALISED),
        )


def protocol(book: Book, case: Row) -> None:
    protocol_rows.case_changes(book, case)


def paper(book: Book, _case: Row) -> None:
    """Change an order, a plea, a referral's checklist or an incident."""
    name = book.rng.choice(["orders", "orders", "pleas", "pleas", "referrals", "incidents"])
    row = any_row(book, name)
    if row is None:
        return
    if name == "orders":
        protocol_rows.order_changes(book, row)
    elif name == "pleas":
        protocol_rows.plea_changes(book, row)
    elif name == "referrals":
        some = book.rng.sample(protocol_rows.ITEMS, book.rng.randint(1, 3))
        row["checklist_missing"] = [] if row["checklist_missing"] else some
    elif book.maybe(0.5):
        row["breach"] = not row["breach"]
    else:
        row["breach_decided_on"] = book.before(4) if book.maybe(0.8) else None


def settle(book: Book, _case: Row) -> None:
    """Do the work that a closed, charged or warned case owes."""
    cases = [row for source in book.police.values() for row in source.held["cases"].values()]
    closed = [row for row in cases if row["finalised_on"]]
    warned = [row for row in cases if row["pin_issued_on"]]
    authorised = [row for row in book.cps.held["cps_cases"].values() if row["charge_authorised_on"]]
    named = [row["urn"] or row["case_ref"] for row in authorised if row["charged_on"]]
    charged = [row for row in cases if row["urn"] in named or row["case_ref"] in named]
    what = book.rng.randrange(5)
    if what == 0 and closed:
        case = book.rng.choice(closed)
        row = book.add_review(case)
        row |= {"kind": "joint", "police_attended": True, "cps_attended": True}
        row["held_on"] = book.rng.choice([book.day, case["finalised_on"], book.before(9, case["opened_on"])])
    elif what == 1 and charged:
        row = book.add_order(book.rng.choice(charged))
        row |= {"kind": "restraining_order", "victim_views_on": book.before(5), "decided_on": book.before(5)}
        row["made_on"] = row["made_on"] and book.before(5)
    elif what == 2 and warned:
        row = book.rng.choice(warned)
        row["pin_withdrawn_on"] = book.before(2, row["pin_issued_on"])
    elif what == 3 and authorised:
        book.rng.choice(authorised)["charged_on"] = book.day
    else:  # the day of a clock is withdrawn
        book.rng.choice(cases)["bail_ends_on"] = None
        for row in book.cps.held["cps_cases"].values():
            row["ctl_expires_on"] = None if book.maybe(0.2) else row["ctl_expires_on"]


def settle_nfa(book: Book, case: Row) -> None:
    """Close a stalking case without a charge, or review such an end and tell the victim."""
    cases = [row for source in book.police.values() for row in source.held["cases"].values()]
    closed = [row for row in cases if row["finalised_reason"] in ("nfa_cps", "nfa_police")]
    if closed and book.maybe(0.7):
        row = book.rng.choice(closed)
        row["nfa_reviewed_on"], row["nfa_victim_told_on"] = book.before(2), book.before(2)
    elif in_scope(case):
        case["finalised_on"] = book.before(1, case["opened_on"])
        case["finalised_reason"] = book.rng.choice(["nfa_cps", "nfa_police"])


def office(book: Book, _case: Row) -> None:
    changes = protocol_rows.role_changes, protocol_rows.term_changes, protocol_rows.posts_change
    happening = book.rng.choice([protocol_rows.training_changes, *changes])
    happening(book)
