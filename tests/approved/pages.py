"""Rendered texts that are not messages: pages, notes to operations, and output of commands, of invented values."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace as Values
from typing import Any

from config.checklist import ITEMS, SAFETY, SAFETY_FIRST
from config.pattern import Sign
from config.settings import settings
from config.terms import Agency
from models.queries.intake.offence_codes import UnwatchedCases
from models.queries.intake.volume import UsualVolume
from models.queries.intake.waiting_cases import WaitingLimit
from models.rules.obligations.coverage import Coverage, Seen
from models.rules.rounds.telling import Finding
from models.rules.sight import SentColumn
from tasks.intake.drop import DropCounts
from tasks.intake.results import FileCount
from tasks.messages.rendering import render
from tasks.obligations.coverage import CoverageNews
from tasks.obligations.projection import ProjectionAccount
from tasks.outbox.sending import DeliveryCounts
from tasks.pattern import RelatedCase, RelatedCases
from tasks.platform import faults
from tasks.platform.templates import page, render_text
from tasks.rounds.expected import FeedState, FeedTrouble
from tasks.rounds.verdict import ForceLine, RoundContent, RoundVerdict
from tests.approved.explained import CASES
from tests.worlds.samples import BUSY, CALM, HIDDEN, MAILED, PATTERN, PRESUMED, UNREAD

DAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 6, 12, tzinfo=UTC)
_ACCOUNT = ProjectionAccount("45", 9, 8, 2, 6, 1, 0)
_LINES = (
    ForceLine("45", _ACCOUNT, 3, 1, 9, None),
    ForceLine("46", _ACCOUNT._replace(to_project=10), 0, 1, 1, "X"),
    ForceLine("47", None, 0, 0, 0, "OperationalError"),
)
_CONTENT = RoundContent(_LINES, (("delivery", "Down"), ("intake", "OSError")), expected=("45", "46", "47"))
_WELL = RoundVerdict((), (), (), "Every open case was looked at: 8 cases of 1 force, with every feed in")
_FAULTS = (Finding("round:46", "force 46 failed (X)"), Finding("feed:cms:late", "source cms is late"))
_FAILED = RoundVerdict(_FAULTS[:1], _FAULTS[1:], ("delivery: the carrier is down",), "")
_DEGRADED = RoundVerdict((), (), ("1 case could not be evaluated",), "")
_PASSED_OVER = "obligations that could not be climbed, all others were: 7, 9"
_DAILY = {
    "day": DAY,
    "corrects": False,
    "content": _CONTENT,
    "verdict": _FAILED,
    "alarms": [faults.alarm(settings(), fault) for fault in _FAULTS],
    "looked_at": 16,
    "to_project": 18,
    "open_cases": 16,
    "failed": 2,
    "steps": 5,
    "failed_forces": ["46", "47"],
    "panelless": ["A and B", "C and D", "E and F"],
    "starting": [("Surrey (45)", date(2026, 4, 1))],
    "barring_nobody": [(("45", "niche-45"), 1), (("46", "niche-46"), 2), (("47", "niche-47"), 1)],
    "unwatched": [
        UnwatchedCases("niche-45", ("45",), "niche-45-0317", 1, ["PH97019"]),
        UnwatchedCases("niche-46", ("46",), "niche-46-0317", 12, ["CD71039", "HO00865"]),
        UnwatchedCases("niche-47", ("47",), "niche-47-0317", 1, ["LOC17", "HO00865"]),
    ],
    "limits": [
        WaitingLimit("45", "45AB0000126", date(2026, 3, 19), passed=True),
        WaitingLimit("46", "46AB0000226", date(2026, 4, 2), passed=False),
    ],
    "news": CoverageNews((), (), ""),
    "most": 2,
    "sealed": "812:3f9a0c51d27e44b83f9a0c51d27e44b8",
}
_NOTHING = {
    **_DAILY,
    "sealed": "",
    "content": RoundContent(),
    "failed_forces": [],
    "panelless": [],
    "starting": [],
    "barring_nobody": [],
    "unwatched": [],
    "limits": [],
    "steps": 1,
}
_ALONE = {
    **_DAILY,
    "content": RoundContent(
        (_LINES[0]._replace(passed_over=_PASSED_OVER),), passed_over=(("agendas", "sittings: S1"),), only="45"
    ),
    "verdict": _DEGRADED,
    "alarms": [],
    "failed_forces": [],
    "panelless": [],
    "barring_nobody": [],
    "unwatched": [],
    "limits": [WaitingLimit("45", "45AB0000126", date(2026, 3, 19), passed=False)],
    "corrects": True,
}
_COLUMNS = (SentColumn("cases.csv", "a_on"), SentColumn("cases.csv", "b_on"), SentColumn("orders.csv", "c_on"))
_COVERAGE = [
    Coverage("niche_45", Agency.POLICE, frozenset({"45"}), "order-told", Seen.BLIND, _COLUMNS),
    Coverage("niche_45", Agency.POLICE, frozenset({"45"}), "plea", Seen.PARTLY, _COLUMNS[:1]),
    Coverage("niche_45", Agency.POLICE, frozenset({"45"}), "joint-review", Seen.SEEN, ()),
]
_SEEN = Coverage("cms", Agency.CPS, frozenset({"45", "46"}), "charging-decision", Seen.SEEN, ())
_LINE = Values(
    force_code="45",
    failure=None,
    passed_over="",
    counted=True,
    to_project=9,
    open_cases=8,
    failed=1,
    stalled=2,
    trend="▲",
    steps=4,
    said=9,
    evaluated=2,
    unchanged=6,
    balances=True,
)
_ROUND: dict[str, Any] = {
    "day": DAY,
    "lines": [
        _LINE,
        Values(**{**vars(_LINE), "failure": "X", "counted": False, "trend": ""}),
        Values(**{**vars(_LINE), "passed_over": _PASSED_OVER, "balances": False}),
    ],
    "content": _CONTENT._replace(
        intake=DropCounts(2, 0, 1, 0, ("niche-45-2 of niche-45",)), delivered=DeliveryCounts(mailed=True)
    ),
    "verdict": _FAILED,
    "stalled": [
        Values(
            force_code="45", case_ref="A|1", since=date(2026, 3, 9), owed=("action owed by police", "plea owed by CPS")
        )
    ],
    "stalled_more": 3,
    "stalled_unlisted": 1,
    "outbox": [("sent", 9), ("dead", 1)],
    "nobody_mailed": True,
    "feeds": [
        FeedState("niche_45", ("45",), DAY, date(2026, 3, 17), None),
        FeedState("cms", ("45", "46"), DAY, DAY, FeedTrouble("cms", ("45", "46"), "late", None, "")),
        FeedState("other", (), None, None, None),
    ],
    "coverage": [("niche_45", _COVERAGE), ("cms", [_SEEN])],
}
_NO_TROUBLE = {
    **_ROUND,
    "lines": [],
    "content": RoundContent(),
    "verdict": _WELL,
    "stalled": [],
    "stalled_more": 0,
    "outbox": [],
    "feeds": [],
    "coverage": [],
    "nobody_mailed": False,
}
_GAPS: dict[str, Any] = {
    "away": [Values(contact_ref=f"P{n}", agency="police", from_on=DAY, to_on=date(2026, 3, 20)) for n in range(3)],
    "leaving": [
        Values(contact_ref=f"SP{n}", agency="police", place="Surrey (45)", last_on=DAY, others=n) for n in range(3)
    ],
    "vacant": [Values(agency="cps", place=f"CPS Area {n}", cases=n + 1) for n in range(3)],
    "closed": [("Surrey (45)", 1), ("Sussex (47)", 2), ("Kent (46)", 3)],
    "panelless": ["A and B", "C and D", "E and F"],
    "chairless": [("P9", "A and B", DAY), ("P8", "C and D", DAY), ("P7", "E and F", DAY)],
    "leaderless": [("SP9", "police", "A and B"), ("CS9", "cps", "A and B"), ("SP7", "police", "E and F")],
    "most": 2,
}
_MESSAGE = Values(
    key="letter:P1:email:2026-03-16", state="dead", reason="550 at RCPT", elsewhere=False, about=("45/1 a", "45/2 b")
)
_LOST = [
    _MESSAGE,
    Values(**{**vars(_MESSAGE), "state": "unknown", "reason": "", "about": ("45/1 a", "45/2 b", "45/3 c")}),
    Values(**{**vars(_MESSAGE), "elsewhere": True}),
    Values(**{**vars(_MESSAGE), "about": ()}),
]
_WEEK = Values(monday=DAY, places=12, used=7, needed=9, more=())
_LACKING = Values(
    monday=date(2026, 3, 23),
    places=1,
    used=1,
    needed=4,
    more=(Values(places=1, by=date(2026, 3, 25)), Values(places=2, by=date(2026, 3, 27))),
)
_ROW = Values(
    name="Surrey (45) and CPS South East",
    panel=True,
    more=3,
    weeks=(_WEEK, _LACKING),
    kept=Values(due=9, in_time=6, late=2, not_yet=1),
    failed=Values(unquorate=1, not_held=2),
)
_REGISTER = Values(
    from_on=date(2026, 2, 16),
    to_on=DAY,
    kept=Values(due=18, in_time=12, late=4, not_yet=2),
    failed=Values(unquorate=2, not_held=4),
    rows=[
        _ROW,
        Values(
            **{
                **vars(_ROW),
                "name": "A|B",
                "panel": False,
                "more": 0,
                "weeks": (Values(**{**vars(_WEEK), "places": 90, "used": 41, "needed": 80}),),
            }
        ),
    ],
)
_EMPTY = Values(**{**vars(_REGISTER), "rows": []})
_REFERRAL = Values(
    referral_ref="R-1", submitted_on=DAY, decision_on=None, decision=None, missing=(ITEMS[0].code, ITEMS[1].code),
    unseen="",
)  # fmt: skip
_CHECKLIST: dict[str, Any] = {
    "day": DAY,
    "case": "45/SAMPLE-0001",
    "items": ITEMS,
    "referrals": [
        _REFERRAL,
        Values(**{**vars(_REFERRAL), "decision_on": DAY, "missing": (ITEMS[0].code,)}),
        Values(**{**vars(_REFERRAL), "missing": ()}),
        Values(**{**vars(_REFERRAL), "missing": (), "unseen": "cannot be seen: a.csv of x has no column y"}),
    ],
    "ask": [
        Values(contact_ref="P1", role="officer in the case", note=""),
        Values(contact_ref="S1", role="supervisor", note="why"),
        Values(contact_ref=None, role="operations", note=""),
    ],
    "related": [RelatedCases(sign=Sign.SAME_VICTIM, cases=(RelatedCase(case="46/SAMPLE-0022", force="Kent"),))],
    "leads": [
        Values(agency="police", contact_ref="SP1", named="case", away=False),
        Values(agency="cps", contact_ref=None, named="", away=False),
    ],
}
_PATTERN = [Values(**vars(one), reason=Values(**vars(one), answers=False)) for one in PATTERN.cases]
_PATTERN += [
    Values(**{**vars(_PATTERN[2]), "reason": Values(recorded_on=DAY, latest_on=DAY, unseen=False, answers=True)})
]
_UNDONE = {
    "days": [date(2027, 3, 1), date(2027, 3, 2)],
    "by": "L1",
    "rounds": 4,
    "steps": 115,
    "obligations": 7,
    "revived": 1,
    "promises": 2,
    "messages": 150,
    "sent": 147,
    "notifications": 292,
    "corrections": 13,
    "places": 7,
    "sittings": 6,
    "agendas": 2,
}
_VERSION = Values(
    restricted=False, barred=frozenset(), rule="action", subject="action:A1", force_code="45", case_ref="SAMPLE-0001"
)
_TAKEN = {"case": "45/SAMPLE-0001", "until_on": date(2026, 3, 20), "due_on": DAY, "hard": False}
_WATCHED = replace(BUSY, gaps=tuple(replace(line, item=PRESUMED) for line in BUSY.gaps))
_OWN = {"own": (BUSY, _WATCHED, HIDDEN, UNREAD, CALM), "part": "officer", "asks": "police"}
_ROUND_FAULT = Values(
    title="today's round is not done",
    urgency="page (for today)",
    do="Run casebeat run.",
    see="A round that is not done",
)
_RUNBOOK = "https://guide.example/operate.html#a"
_FOUND = [Values(sentence=sentence, fault=_ROUND_FAULT, runbook=_RUNBOOK) for sentence in (
    "force 45: 2 open cases in scope with no obligation that has a step to come",
    "source niche-45 is late: its last extract is of Fri 13 Mar 2026, more than 1 working day ago",
)]  # fmt: skip
_ALARMS: dict[str, Any] = {"new": [], "still": [], "ended": [], "at": AT, "most": 9, "well": ""}
_RUN = {
    "run_id": "0d1", "page": "https://prefect.example/runs/flow-run/0d1", "at": AT, "message": "delivery timed out",
    "fault": _ROUND_FAULT, "runbook": _RUNBOOK,
}  # fmt: skip
_TICKED = {"missing": ITEMS, "safety": SAFETY, **{key: _CHECKLIST[key] for key in ("leads", "related", "case")}}
_HELD = {
    "extract_id": "niche-45-2",
    "source": "niche-45",
    "sentence": "cases.csv would close 38 and downgrade 2 of the source's 40 open cases",
    "files": [
        FileCount("cases.csv", rows=41, added=1, closed=38, downgraded=2),
        FileCount("actions.csv", rows=1, emptied={"due_on": 1}),
        FileCount("pleas.csv", rows=3),
    ],
    "usual": {
        "cases.csv": UsualVolume("cases.csv", 20, 38, 40, 3, 2, 1, 0, 0),
        "actions.csv": UsualVolume("actions.csv", 20, 1, 1, 0, 0, 0, 0, 0),
    },
}
NOTES: dict[str, tuple[str, dict[str, Any]]] = {
    "note-assurance": ("operations/assurance.txt", {**_ALARMS, "new": _FOUND, "ended": _FOUND[:1]}),
    "note-assurance-more": (
        "operations/assurance.txt",
        {**_ALARMS, "new": _FOUND, "still": _FOUND, "ended": _FOUND, "most": 1},
    ),
    "note-assurance-one": ("operations/assurance.txt", {**_ALARMS, "new": _FOUND[:1]}),
    "note-assurance-still": ("operations/assurance.txt", {**_ALARMS, "still": _FOUND[:1]}),
    "note-assurance-ended": ("operations/assurance.txt", {**_ALARMS, "ended": _FOUND[:1]}),
    "note-well-again": (
        "operations/assurance.txt",
        {**_ALARMS, "ended": _FOUND, "well": "Every open case is watched"},
    ),
    "note-alarm": ("operations/alarm.txt", {**_RUN, "name": "daily-round", "state": "Failed"}),
    "note-alarm-here": (
        "operations/alarm.txt",
        {**_RUN, "page": "/runs/flow-run/0d1", "message": "", "name": "delivery", "state": "Degraded"},
    ),
    "note-alarm-pool": (
        "operations/alarm.txt",
        {**_RUN, "run_id": None, "name": "work pool casebeat", "state": "without a worker"},
    ),
    "note-daily": ("operations/daily.txt", _DAILY),
    "note-daily-two-panels": (
        "operations/daily.txt",
        {**_DAILY, "most": 9, "panelless": ["A and B"], "limits": _DAILY["limits"][:1]},
    ),
    "note-daily-nothing": ("operations/daily.txt", _NOTHING),
    "note-daily-whole": ("operations/daily.txt", {**_NOTHING, "verdict": _WELL, "alarms": []}),
    "note-daily-much": (
        "operations/daily.txt",
        {**_DAILY, "verdict": _FAILED._replace(looks=_FAILED.looks * 2), "most": 1},
    ),
    "note-daily-corrected": ("operations/daily.txt", _ALONE),
    "note-daily-seen-less": (
        "operations/daily.txt",
        {**_DAILY, "news": CoverageNews((*_COVERAGE[:2], _COVERAGE[0]), (("cms", "plea"),), "")},
    ),
    "note-daily-seen-more": (
        "operations/daily.txt",
        {**_DAILY, "news": CoverageNews((), (("cms", "plea"),), ""), "limits": _DAILY["limits"][1:] * 2},
    ),
    "note-round": ("operations/round.md", _ROUND),
    "note-round-in-order": ("operations/round.md", _NO_TROUBLE),
    "note-round-degraded": (
        "operations/round.md",
        {**_NO_TROUBLE, "content": RoundContent(only="45"), "verdict": _DEGRADED},
    ),
    "note-round-nothing-to-list": ("operations/round.md", {**_NO_TROUBLE, "stalled_unlisted": 0}),
    "note-gaps": ("operations/gaps.txt", _GAPS),
    "note-gaps-all-listed": ("operations/gaps.txt", {**_GAPS, "most": 9}),
    "note-gaps-one": (
        "operations/gaps.txt",
        {**{name: [] for name in _GAPS}, "away": _GAPS["away"][:1], "most": 2},
    ),
    "note-held": ("operations/held_extract.txt", _HELD),
    "note-held-no-past": ("operations/held_extract.txt", {**_HELD, "usual": {}}),
    "note-taken": ("operations/decided_extract.txt", {**_HELD, "by": "L1", "taken": True}),
    "note-refused": ("operations/decided_extract.txt", {**_HELD, "by": "L1", "taken": False}),
    "note-refused-extract": (
        "operations/refused_extract.txt",
        {"extract_id": "niche-45-2", "source": "niche-45", "sentence": "Its manifest.json cannot be read."},
    ),
    "note-refused-nobodys": (
        "operations/refused_extract.txt",
        {"extract_id": "x", "source": "", "sentence": "Its manifest.json cannot be read."},
    ),
    "note-growth": ("operations/growth.txt", {**_HELD, "new": 61, "most": 4}),
    "note-missing": (
        "operations/missing_cases.txt",
        {
            "extract_id": "niche-45-2",
            "source": "niche-45",
            "cases": 12,
            "refs": ["45/C2", "45/C5"],
            "open_cases": 11,
            "orders": 2,
            "first_on": DAY,
        },
    ),
    "note-missing-no-end": (
        "operations/missing_cases.txt",
        {
            "extract_id": "niche-45-2",
            "source": "niche-45",
            "cases": 1,
            "refs": [],
            "open_cases": 1,
            "orders": 1,
            "first_on": None,
        },
    ),
    "note-missing-no-order": (
        "operations/missing_cases.txt",
        {
            "extract_id": "niche-45-2",
            "source": "niche-45",
            "cases": 1,
            "refs": ["45/C2"],
            "open_cases": 1,
            "orders": 0,
            "first_on": None,
        },
    ),
    "note-bounced": ("operations/bounced.txt", {"status": "5.1.1", "key": "letter:P1:email:2026-03-16"}),
    "note-not-mine": ("operations/not_mine.txt", {"by": "P1", "version": _VERSION, "told": ["S1", None]}),
    "note-not-mine-restricted": (
        "operations/not_mine.txt",
        {"by": "P1", "version": Values(**{**vars(_VERSION), "restricted": True}), "told": ["S1"]},
    ),
    "note-not-mine-barred": (
        "operations/not_mine.txt",
        {"by": "P1", "version": Values(**{**vars(_VERSION), "barred": frozenset({"S2"})}), "told": ["S1"]},
    ),
    "note-barred-chair": ("operations/barred_chair.txt", {"force_code": "45", "cps_area": "South East"}),
    "note-clock": (
        "operations/clock.txt",
        {"last": date(2026, 2, 3), "today": DAY, "days": (DAY - date(2026, 2, 3)).days, "longest": "28 days"},
    ),
    "note-paused": ("operations/blocked.txt", {"name": "Mail", "why": "refused", "since": AT}),
    "note-ignored": (
        "operations/ignored.txt",
        {"day": AT.date(), "counts": [(1_000, "from nobody known"), (2, "more")]},
    ),
    "note-ignored-one": ("operations/ignored.txt", {"day": AT.date(), "counts": [(1, "from nobody known")]}),
    "note-undone": ("operations/undone.txt", _UNDONE),
    "note-unread": ("operations/unread.txt", {"why": "ValueError"}),
    "note-undelivered": ("operations/undelivered.txt", {"found": _LOST, "capped": 2, "most": 2}),
    "note-undelivered-unknown": ("operations/undelivered.txt", {"found": _LOST[1:2], "capped": 0, "most": 9}),
    "note-undelivered-dead": ("operations/undelivered.txt", {"found": _LOST[:1], "capped": 0, "most": 9}),
    "page-register": ("reviews/artifact.md", {"register": _REGISTER}),
    "page-register-empty": ("reviews/artifact.md", {"register": _EMPTY}),
    "printed-register": ("reviews/body.txt", {"register": _REGISTER}),
    "printed-checklist": ("checklist/body.txt", {**_CHECKLIST, "first": SAFETY}),
    "printed-checklist-without-referral": (
        "checklist/body.txt",
        {**_CHECKLIST, "first": SAFETY, "referrals": [], "related": [], "ask": _CHECKLIST["ask"][:1]},
    ),
    "page-checklist-ticked": ("checklist/artifact.md", _TICKED),
    "page-checklist-ticked-safe": ("checklist/artifact.md", {**_TICKED, "missing": ITEMS[:1]}),
    "page-checklist-ticked-unsafe": ("checklist/artifact.md", {**_TICKED, "missing": SAFETY_FIRST[:1]}),
    "page-checklist-ticked-whole": ("checklist/artifact.md", {**_TICKED, "missing": (), "related": ()}),
    "printed-pattern": ("pattern/body.txt", {"day": DAY, "cases": _PATTERN}),
    "printed-pattern-one": ("pattern/body.txt", {"day": DAY, "cases": _PATTERN[2:3]}),
    "printed-coverage": (
        "coverage/body.txt",
        {
            "sources": [("niche_45", _COVERAGE), ("cms", [_SEEN])],
            "danger": {"niche_45": {"occurred_on": True, "breach": False}},
        },
    ),
    "printed-coverage-of-nothing": ("coverage/body.txt", {"sources": [], "danger": {}}),
    "printed-sittings": (
        "agenda/coming.txt",
        {"sittings": [Values(ref="45-1", starts_at=AT, cases=1), Values(ref="45-2", starts_at=AT, cases=2)]},
    ),
    "printed-no-sitting": ("agenda/coming.txt", {"sittings": []}),
    "own-page-officer": ("agenda/own.txt", _OWN),
    "own-page-prosecutor": ("agenda/own.txt", {**_OWN, "part": "prosecutor"}),
    "click-taken-on": ("slack/taken_on.txt", _TAKEN),
    "click-taken-on-clock": ("slack/taken_on.txt", {**_TAKEN, "hard": True}),
    **{f"printed-explain-{name}": ("explain/body.txt", vars(told)) for name, told in CASES.items()},
    **{f"click-case-{name}": ("slack/case.txt", {"told": told}) for name, told in CASES.items()},
}


_TO_PRINT: dict[str, dict[str, Any]] = {
    "": {**_CHECKLIST, "first": SAFETY, "referrals": _CHECKLIST["referrals"][1:]},
    "-unseen": {**_CHECKLIST, "first": SAFETY, "referrals": _CHECKLIST["referrals"][3:]},
    "-without-referral": {**_CHECKLIST, "first": SAFETY, "referrals": [], "related": []},
}


def of_its_kind(template: str) -> dict[str, Any]:
    """What every note to operations has beside what happened."""
    fault = faults.catalogue().get(Path(template).stem) if template.startswith("operations/") else None
    return {"fault": fault, "runbook": faults.runbook(settings(), fault)} if fault else {}


def texts() -> dict[str, str]:
    """All of them, by the name of the file that holds each."""
    shown = ("answer-promised", "letter-spoc-monday")  # one without a list, one with
    return {
        **{
            f"{name}.{template[-3:].strip('.')}": render_text(template, of_its_kind(template) | values)
            for name, (template, values) in NOTES.items()
        },
        "own-page-officer.html": page("agenda/own.html", **_OWN),
        "own-page-prosecutor.html": page("agenda/own.html", **{**_OWN, "part": "prosecutor"}),
        **{f"page-checklist{name}.html": page("checklist/page.html", **values) for name, values in _TO_PRINT.items()},
        "page-preview.html": page(
            "preview/index.html", messages=[(name, render(*MAILED[name])) for name in (*shown, "operations")]
        ),
    }
