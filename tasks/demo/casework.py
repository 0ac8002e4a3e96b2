"""Cases of the demo's force on the first morning and later: most are up to date, some are left behind."""

from datetime import date, timedelta

from tasks.demo.diary import Deed, ForceBook
from tasks.demo.people import CATCHING_UP, LED_BY_THE_SECOND, NEXT_DOOR, SECOND_SPOC, TEAM_SIZE, TEAMS
from tasks.demo.prosecution import add_cps
from tasks.demo.rows import AREA, FORCE, NEXT_AREA, ActionCsvRow, CaseCsvRow, CaseFile, IncidentCsvRow, ReviewCsvRow
from tasks.demo.safety import keep_safe
from tasks.demo.victims import SOUGHT, add_second_suspect, set_status

JOINT = {"high": 14, "medium": 28, "standard": 56, "": 14}  # days between reviews before the demo, by risk
SUPERVISOR = {"high": 7, "medium": 14, "standard": 28, "": 7}
_SHORT = (
    "VICTIM_STATEMENT WITNESS_STATEMENT OFFICER_STATEMENT HOUSE_TO_HOUSE CHRONOLOGY PREVIOUS_REPORTS "
    "BODY_WORN_VIDEO CALL_RECORDING CCTV ANPR SCREENSHOTS OPEN_SOURCE SUSPECT_INTERVIEW BAD_CHARACTER "
    "EXISTING_ORDERS RISK_ASSESSMENT SAFETY_PLAN SPO_APPLICATION"
)
_LONG = "PHONE_DOWNLOAD_VICTIM PHONE_DOWNLOAD_SUSPECT COMMUNICATIONS_DATA PLATFORM_DATA MEDICAL_EVIDENCE"
CODES = {
    "stalking": (("PH97010", 40), ("PH97011", 40), ("PH97006", 20)),
    "harassment": (("PH97009", 55), ("SE20002", 15), ("FL96001", 15), ("PH97004", 15)),
    "other": (("CD98071", 60), ("PU86116", 40)),
}
RELATIONSHIPS = ("ex_partner", "partner", "family", "acquaintance", "stranger"), (50, 6, 9, 25, 10)
REPORTS = (
    (1, 2, 3, 4, 5, 6, 8, 12, 20, 40),
    (35, 25, 18, 11, 4, 3, 2, 1, 0.6, 0.4),
)  # most have few, a tenth five or more
_INCIDENT_KINDS = "messages calls following watching gift approach damage online third_party"
_STATUSES = ("not_identified", "at_large", "wanted", "voluntary", "rui", "bail"), (18, 3, 1, 32, 36, 10)
_SECOND = 0.03  # of stalking cases: someone acted with the suspect
AT_ONCE = ("CCTV",)  # overwritten within days
SHORT = _SHORT.split()
LONG = _LONG.split()
INCIDENT_KINDS = _INCIDENT_KINDS.split()


def add_case(book: ForceBook, opened_on: date, *, backlog: float) -> CaseFile:
    """Add a case opened on a day. `backlog` is the probability that one of its duties is left behind."""
    kind = book.rng.choices(("stalking", "harassment", "other"), (52, 38, 10))[0]
    case = _case(book, opened_on, kind)
    team = book.rng.randrange(TEAMS)
    case.supervisor_ref = book.people.supervisors[team]
    case.spoc_ref = SECOND_SPOC if team in LED_BY_THE_SECOND else ""
    case.cps_area = NEXT_AREA if team in NEXT_DOOR else AREA
    case.oic_ref = book.people.teams[team][book.rng.randrange(TEAM_SIZE)]
    file = CaseFile(case, team)
    book.cases[case.case_ref] = file
    behind = min(0.5, backlog * (7 if team in CATCHING_UP else 1))
    anchor = _reviews(book, file, behind)
    _incidents(book, file, anchor)
    keep_safe(book, file, behind)
    _actions(book, file, behind)
    _status(book, file, behind)
    add_cps(book, file, behind)
    return file


def _case(book: ForceBook, opened_on: date, kind: str) -> CaseCsvRow:
    rng = book.rng
    codes, weights = zip(*CODES[kind], strict=True)
    case = CaseCsvRow(
        force_code=FORCE,
        case_ref=f"45{opened_on:%y}{book.number('case'):06}",
        opened_on=opened_on,
        offence_codes=(rng.choices(codes, weights)[0],),
        oic_ref="",
        supervisor_ref="",
        classification=kind,
        risk=rng.choices(("high", "medium", "standard", ""), (20, 45, 33, 2))[0],
        relationship=rng.choices(*RELATIONSHIPS)[0],
        victim_contact_days=rng.choice((7, 14, 28, 28)),
    )
    if book.chance(0.8):
        unit = rng.choice(("WP", "GD", "RG", "SH", "E1", "K2"))
        case.urn = f"45{unit}{book.number('urn'):05}{opened_on:%y}"
    if kind == "harassment" and book.chance(0.97):
        case.why_not_stalking_on = min(book.yesterday, opened_on + book.days(0, 3))
    return case


def _reviews(book: ForceBook, file: CaseFile, behind: float) -> date:
    """Add past reviews, and return the day after which nothing was reported: of the last joint review, if stalking."""
    case, yesterday = file.case, book.yesterday
    age = (yesterday - case.opened_on).days
    anchor, every = case.opened_on, JOINT[case.risk]
    if not file.stalking:
        return max(case.opened_on, yesterday - book.days(5, 60))
    late = book.chance(behind)
    if age > every * 0.8:
        back = book.days(every * 1.15, every * 1.6) if late else book.days(1, every * 0.7)
        anchor = max(case.opened_on, yesterday - back)
        if anchor > case.opened_on:
            add_review(book, file, "joint", anchor)
    look, weekly = case.opened_on, SUPERVISOR[case.risk]
    if age > weekly * 0.7:
        look = max(case.opened_on, yesterday - book.days(0, weekly * 0.75))
        add_review(book, file, "supervisor", look)
    book.plan(Deed(case.case_ref, "supervisor"), max(look, anchor) + timedelta(days=weekly - 2), keeps=0.93)
    return anchor


def add_review(book: ForceBook, file: CaseFile, kind: str, held_on: date, *, quorate: bool = True) -> None:
    """Add a review that was held. A joint review without CPS is not quorate and does not count."""
    both = kind == "joint" and quorate
    ref = f"RV{book.number('review'):06}"
    file.reviews.append(
        ReviewCsvRow(ref, FORCE, file.case.case_ref, "", kind, held_on, police_attended=True, cps_attended=both)
    )


def _incidents(book: ForceBook, file: CaseFile, anchor: date) -> None:
    case = file.case
    many = book.rng.choices(*REPORTS)[0]
    first = case.opened_on - book.days(5, 60)
    last = max(case.opened_on, anchor - book.days(0, 20))
    for occurred in sorted(first + book.days(0, (last - first).days) for _ in range(many - 1)):
        add_incident(book, file, occurred, max(case.opened_on, occurred))
    add_incident(book, file, last, last)


def add_incident(book: ForceBook, file: CaseFile, occurred: date, reported: date, *, overlooked: bool = False) -> None:
    """Add an incident; an overlooked one is a breach of an order to which nobody has responded."""
    file.incidents.append(
        IncidentCsvRow(
            FORCE,
            file.case.case_ref,
            f"IN{book.number('incident'):07}",
            occurred,
            reported,
            book.rng.choice(INCIDENT_KINDS),
            breach=(breach := overlooked or book.chance(0.04)),
            breach_decided_on=reported if breach and not overlooked else None,
        )
    )
    file.case.last_act_on = max(file.case.last_act_on or occurred, occurred)
    if overlooked:
        return
    assessed, contacted = file.case.risk_assessed_on, file.case.victim_contacted_on
    before = min(reported + book.days(0, 1), max(reported, book.yesterday))
    file.case.risk_assessed_on = max(assessed or before, before)
    file.case.victim_contacted_on = max(contacted or before, before)


def _actions(book: ForceBook, file: CaseFile, behind: float) -> None:
    case, yesterday = file.case, book.yesterday
    age = max(0, (yesterday - case.opened_on).days)
    total, live = book.rng.randint(5, 10), book.rng.choices((1, 2, 3), (30, 50, 20))[0]
    for place in range(total - live if age > 3 else 0):
        raised = case.opened_on + book.days(0, age * 0.6)
        closed = min(yesterday, raised + book.days(1, 16))
        action = add_action(book, file, raised)
        action.status, action.closed_on = "done", closed
        if place == 0:
            action.closed_on = max(closed, yesterday - book.days(0, 25 if book.chance(behind) else 9))
        elif book.chance(0.08):
            action.status, action.closed_reason = "cancelled", "superseded by another line of enquiry"
    for _ in range(live):
        late = book.chance(behind * 0.6)
        raised = max(case.opened_on, yesterday - (book.days(20, 34) if late else book.days(0, 9)))
        action = add_action(book, file, raised)
        if action.kind in AT_ONCE and not late:
            action.raised_on, action.due_on = max(raised, yesterday - book.days(0, 2)), None
        schedule(book, file, action, late=late)


def add_action(book: ForceBook, file: CaseFile, raised: date) -> ActionCsvRow:
    """Add an action that police own."""
    long = book.chance(0.15)
    action = ActionCsvRow(
        action_ref=f"AC{book.number('action'):07}",
        force_code=FORCE,
        case_ref=file.case.case_ref,
        urn="",
        kind=book.rng.choice(LONG if long else SHORT),
        source="joint_review" if book.chance(0.2) else "investigation",
        owner_agency="police",
        status="waiting_third_party" if long else "pending",
        raised_on=raised,
        owner_ref=file.case.oic_ref if book.chance(0.7) else book.rng.choice(book.people.teams[file.team]),
    )
    if book.chance(0.4):
        action.due_on = raised + timedelta(days=_span(action))
    file.actions.append(action)
    return action


def _span(action: ActionCsvRow) -> int:
    """Return the days that an action may take."""
    return 5 if action.kind in AT_ONCE else 28 if action.status == "waiting_third_party" else 14


def schedule(book: ForceBook, file: CaseFile, action: ActionCsvRow, *, late: bool = False) -> None:
    """Enter an action in its owner's diary, well before it is due; one in fourteen is forgotten until a reminder."""
    span = _span(action)
    book.plan(
        Deed(file.case.case_ref, "act", action.action_ref),
        action.raised_on + book.days(span * 0.4, span * 0.8),
        keeps=0.0 if late else 0.93,
    )


def _status(book: ForceBook, file: CaseFile, behind: float) -> None:
    case = file.case
    status = book.rng.choices(*_STATUSES)[0]
    set_status(book, file, status, min(book.yesterday, case.opened_on + book.days(0, 5)), 1 - behind)
    if status == "bail":
        case.bail_ends_on = book.today + book.days(9 if book.chance(0.9) else 2, 90)
        book.diary[Deed(case.case_ref, "bail")] = case.bail_ends_on - book.days(3, 16)
    if status in SOUGHT:
        case.arrest_attempted_on = None if book.chance(behind) else book.yesterday
    if file.stalking and book.chance(_SECOND):
        add_second_suspect(book, file)
