"""The facts of a case for tests: values that matter to a rule are required keywords, the others are ordinary."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

from config.policy import load_policy
from config.rules import Rules
from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    Classification,
    OrderKind,
    ReviewKind,
    Risk,
    SuspectStatus,
)
from models.rules.calendar import WorkingCalendar
from models.rules.case_row import CaseRow
from models.rules.facts import CaseFacts
from models.rules.obligations.rulebook import RULES, dated
from models.rules.result import Outcome, Owes, OwesNothing
from models.rules.row_facts import (
    ActionFact,
    DefendantFact,
    IncidentFact,
    OrderFact,
    OtherCase,
    PleaFact,
    ReferralFact,
    ReviewFact,
    SittingFact,
    SuspectFact,
)
from models.rules.sight import SentColumn, Sight

CALENDAR = WorkingCalendar()
POLICY = load_policy()
_refs = count(1)
ROWS = (
    "incidents", "actions", "reviews", "referrals", "orders", "pleas", "linked_reviews", "linked_incidents", "sittings",
    "suspect_rows", "defendant_rows", "seen_changes", "same_suspect",
)  # fmt: skip


def case_row(*, opened_on: date, **given: Any) -> CaseRow:
    """An open stalking case of high risk without any other facts."""
    ordinary: dict[str, Any] = {
        **dict.fromkeys(CaseRow._fields),
        "case_id": 1,
        "force_code": "45",
        "case_ref": "45/1234",
        "cps_area": "South East",
        "classification": Classification.STALKING,
        "risk": Risk.HIGH,
        "offence_codes": ("PH97011",),
        "charged_codes": (),
        "source_id": 1,
    }
    return CaseRow(**ordinary | given | {"opened_on": opened_on})


def case(*, opened_on: date, principal: bool = True, **given: Any) -> CaseFacts:
    """A case with its rows: keywords of `CaseFacts` are its rows; all others are columns of its own row."""
    rows = {name: tuple(given.pop(name)) for name in ROWS if name in given}
    return CaseFacts(case_row(opened_on=opened_on, **given), principal=principal, **rows)


def incident(
    *,
    reported_on: date,
    occurred_on: date | None = None,
    breach: bool = False,
    breach_decided_on: date | None = None,
    source_id: int = 1,
    supplied: bool = True,
) -> IncidentFact:
    return IncidentFact(
        f"I{next(_refs)}", occurred_on or reported_on, reported_on, breach, breach_decided_on, source_id, supplied
    )


def joint(*, held_on: date, quorate: bool = True, source_id: int = 1, supplied: bool = True) -> ReviewFact:
    return ReviewFact(f"R{next(_refs)}", ReviewKind.JOINT, held_on, quorate, source_id, supplied)


def supervisors(*, held_on: date, supplied: bool = True) -> ReviewFact:
    return ReviewFact(f"R{next(_refs)}", ReviewKind.SUPERVISOR, held_on, False, 1, supplied)


def action(
    *,
    raised_on: date,
    ref: str = "A1",
    kind: str = "WITNESS_STATEMENT",
    source: ActionSource = ActionSource.INVESTIGATION,
    owner_agency: Agency = Agency.POLICE,
    status: ActionStatus = ActionStatus.PENDING,
    due_on: date | None = None,
    closed_on: date | None = None,
    supplied: bool = True,
) -> ActionFact:
    return ActionFact(ref, kind, source, owner_agency, status, raised_on, due_on, closed_on, None, 1, supplied)


def referral(
    *,
    submitted_on: date,
    ref: str = "F1",
    required_by: date | None = None,
    decision_on: date | None = None,
    missing: tuple[str, ...] = (),
    source_id: int = 1,
    supplied: bool = True,
) -> ReferralFact:
    return ReferralFact(ref, submitted_on, required_by, decision_on, missing, source_id, supplied)


def order(
    *,
    made_on: date | None,
    ref: str | None = None,
    kind: OrderKind = OrderKind.SPO,
    served_on: date | None = None,
    notified_on: date | None = None,
    victim_told_on: date | None = None,
    expires_on: date | None = None,
    renewal_decided_on: date | None = None,
    victim_views_on: date | None = None,
    decided_on: date | None = None,
    source_id: int = 1,
    supplied: bool = True,
) -> OrderFact:
    return OrderFact(
        ref or f"O{next(_refs)}", kind, made_on, served_on, notified_on, victim_told_on, expires_on,
        renewal_decided_on, victim_views_on, decided_on, source_id, supplied,
    )  # fmt: skip


def plea(
    *,
    offered_on: date,
    ref: str = "L1",
    charged_code: str = "PH97011",
    plea_code: str = "PH97004",
    victim_consulted_on: date | None = None,
    rationale_recorded_on: date | None = None,
    spoc_reviewed_on: date | None = None,
    source_id: int = 1,
    supplied: bool = True,
) -> PleaFact:
    return PleaFact(
        ref, offered_on, charged_code, plea_code, victim_consulted_on, rationale_recorded_on, spoc_reviewed_on,
        source_id, supplied,
    )  # fmt: skip


def suspect(
    *,
    ref: str = "S1",
    status: SuspectStatus | None,
    status_on: date | None = None,
    source_id: int = 1,
    supplied: bool = True,
    **given: Any,
) -> SuspectFact:
    """A row of suspects.csv; its status came with its day."""
    days = {"suspect_status": status, "status_changed_on": status_on, "status_on": status_on}
    empty = dict.fromkeys(SuspectFact._fields)
    return SuspectFact(**empty | days | {"ref": ref, "source_id": source_id, "supplied": supplied} | given)


def defendant(
    *,
    ref: str = "D1",
    in_custody: bool | None,
    ctl_expires_on: date | None = None,
    source_id: int = 2,
    supplied: bool = True,
) -> DefendantFact:
    return DefendantFact(ref, in_custody, ctl_expires_on, source_id, supplied)


def other_case(
    *, opened_on: date, finalised_on: date | None = None, victim_key: str | None = None, linked: bool = False
) -> OtherCase:
    """Another case of the same suspect."""
    return OtherCase("46", f"46/{next(_refs)}", opened_on, finalised_on, victim_key, linked)


def sitting(
    *,
    on: date,
    ref: str = "S1",
    chair: Agency | None = Agency.POLICE,
    recorded_on: date | None = None,
    convened: bool = True,
) -> SittingFact:
    return SittingFact(ref, on, chair, recorded_on, convened)


def unseen(facts: CaseFacts, *lacking: str) -> CaseFacts:
    """The case where its sources, police 1 and CPS 2, send all columns of the rules but these (`file: column`)."""
    known = {column for rule in RULES.values() for column in (*rule.needs, *rule.begins, *rule.also)}
    gone = {SentColumn(*one.split(": ")) for one in lacking}
    assert gone <= known, f"no rule declares {gone - known}"
    files = {column.file: frozenset(one.name for one in known - gone if one.file == column.file) for column in known}
    sent = {(source, file): names for source in (1, 2) for file, names in files.items()}
    sight = Sight(sent, {1: "niche-45", 2: "cms-se"}, {Agency.POLICE: (1,), Agency.CPS: (2,)})
    return facts._replace(sight=sight, case=facts.case._replace(cps_source_id=2))


def answers(rule: str, facts: CaseFacts, rules: Rules = POLICY.rules) -> list[Outcome]:
    """A rule's outcomes under the shipped policy, obligations with their three days."""
    return list(_answers(rule, facts, rules))


def _answers(rule: str, facts: CaseFacts, rules: Rules) -> Iterator[Outcome]:
    own = rules.of(rule)
    for outcome in RULES[rule].function(facts, rules if RULES[rule].all_numbers else own, CALENDAR):
        yield dated(outcome, own, facts.risk, CALENDAR) if isinstance(outcome, Owes) else outcome


def owed(rule: str, facts: CaseFacts) -> Owes:
    """The one obligation the rule yields."""
    (only,) = answers(rule, facts)
    assert isinstance(only, Owes), only
    return only


def nothing(rule: str, facts: CaseFacts) -> OwesNothing:
    """The one reason why the rule owes nothing."""
    (only,) = answers(rule, facts)
    assert isinstance(only, OwesNothing), only
    return only
