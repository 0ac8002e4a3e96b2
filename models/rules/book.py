"""The book of rules: each rule's name and words, and the evaluation of one case, or of one subject without a case."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from config.numbers import Numbers, Rules
from config.terms import Risk
from models.rules.action import action, action_plan
from models.rules.awaiting_charge import awaiting_charge
from models.rules.bail_end import bail_end
from models.rules.calendar import WorkingCalendar
from models.rules.charging_decision import charging_decision
from models.rules.custody_limit import custody_limit
from models.rules.facts import CaseFacts
from models.rules.feed_stale import feed_stale
from models.rules.joint_review import joint_review
from models.rules.no_progress import no_progress
from models.rules.outcome import Outcome, Owes
from models.rules.outcome_unrecorded import outcome_unrecorded
from models.rules.prosecutor_training import prosecutor_training
from models.rules.spoc_role import spoc_role
from models.rules.spoc_vacancy import spoc_vacancy
from models.rules.supervisor_review import supervisor_review
from models.rules.time_limit import summary_time_limit, time_limit_unknown
from models.rules.whole_book import Facts


class Rule(NamedTuple):
    """A rule and its words. A rule that is not per case has facts of another kind, and its own evaluation."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    title: str
    ends_when: str  # the one fact that would end it, and where it is recorded
    why_it_protects: str
    recurring: bool = False
    per_case: bool = True
    all_numbers: bool = False  # its function takes the numbers of every rule, not only its own


_ALL = (
    Rule(
        "joint-review",
        joint_review,
        "Joint review by police and CPS",
        "A joint review that both police and CPS attended is recorded (reviews.csv: kind joint, held_on, "
        "police_attended yes and cps_attended yes).",
        "Both agencies look at the whole pattern of behaviour, so that rising danger is seen early.",
        recurring=True,
    ),
    Rule(
        "supervisor-review",
        supervisor_review,
        "Supervisor's review",
        "A supervisor's review is recorded (reviews.csv: kind supervisor, held_on).",
        "A second pair of eyes checks that the risk is understood and every line of enquiry is followed.",
        recurring=True,
    ),
    Rule(
        "action",
        action,
        "Outstanding action",
        "The action is recorded as done (actions.csv: status done, closed_on).",
        "Evidence is secured before it is lost, and the case can move on.",
    ),
    Rule(
        "action-plan",
        action_plan,
        "Action plan item for CPS",
        "The action is recorded as done (actions.csv: status done, closed_on).",
        "CPS cannot decide on a charge until it has what it asked for.",
    ),
    Rule(
        "no-progress",
        no_progress,
        "Case without progress",
        "Progress is recorded: an action done (actions.csv: closed_on), a joint review both attended (reviews.csv: "
        "held_on), a referral or its decision (referrals.csv: submitted_on, decision_on), a charge (cps_cases.csv) or "
        "an order made (orders.csv: made_on).",
        "A case in which nothing happens leaves the victim at risk and the suspect unchecked.",
        recurring=True,
        all_numbers=True,
    ),
    Rule(
        "charging-decision",
        charging_decision,
        "Charging decision by CPS",
        "The decision on the referral is recorded (referrals.csv: decision_on).",
        "Until CPS decides, the suspect may be free of conditions and the victim waits.",
    ),
    Rule(
        "awaiting-charge",
        awaiting_charge,
        "Charge authorised but not made",
        "The charge is recorded (cps_cases.csv: charged_on).",
        "An authorised charge protects nobody until it is made.",
    ),
    Rule(
        "summary-time-limit",
        summary_time_limit,
        "Six-month time limit for a summary offence",
        "The charge is recorded (cps_cases.csv: charged_on), or a supervisor records what the expiry means "
        "(cases.csv: time_limit_noted_on).",
        "After six months from the last act a summary offence can no longer be prosecuted.",
    ),
    Rule(
        "time-limit-unknown",
        time_limit_unknown,
        "Last act not recorded: time limit unknown",
        "The last act is recorded (cases.csv: last_act_on, or incidents.csv: occurred_on).",
        "Without the day of the last act nobody can know when the six-month limit ends.",
    ),
    Rule(
        "bail-end",
        bail_end,
        "Pre-charge bail ends",
        "The suspect's new status, or a later end of bail, is recorded (cases.csv: suspect_status, bail_ends_on).",
        "When bail ends, so do the conditions that keep the suspect away.",
    ),
    Rule(
        "custody-limit",
        custody_limit,
        "Custody time limit ends",
        "An extended limit, or the suspect's new status, is recorded (cps_cases.csv: ctl_expires_on; cases.csv: "
        "suspect_status).",
        "When the limit passes, the defendant may have to be released.",
    ),
    Rule(
        "feed-stale",
        feed_stale,
        "Source has stopped sending",
        "A newer extract of the source is loaded (manifest.json: extracted_at).",
        "What is not sent cannot be chased: silence must not look like nothing being overdue.",
        recurring=True,
        per_case=False,
    ),
    Rule(
        "outcome-unrecorded",
        outcome_unrecorded,
        "Outcome of a sitting not recorded",
        "What came of the case at the sitting is recorded (casebeat record-review, or its form), or a joint review "
        "held on the sitting's day or after it (reviews.csv: kind joint, held_on, police_attended, cps_attended).",
        "Only a review of which it is known what it decided keeps anybody safe.",
    ),
    Rule(
        "prosecutor-training",
        prosecutor_training,
        "Stalking training of a prosecutor",
        "The training is recorded (training.csv: course stalking_prosecutor, with no expires_on, or a later one).",
        "A prosecutor who knows what stalking is sees the pattern behind the single acts.",
        per_case=False,
    ),
    Rule(
        "spoc-role",
        spoc_role,
        "Training of a SPOC for the role",
        "The training is recorded (training.csv: course spoc_role, with no expires_on, or a later one).",
        "A single point of contact who knows the role is one whom both agencies can turn to.",
        per_case=False,
    ),
    Rule(
        "spoc-vacancy",
        spoc_vacancy,
        "SPOC to be named",
        "A SPOC without a last day is recorded (contacts.csv: roles spoc; force_code or cps_area; active_to empty).",
        "Where nobody is the single point of contact, a stalled case is reported to nobody.",
        per_case=False,
    ),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}


class _Page(NamedTuple):
    """An enabled rule for cases, with what its function is given and its own numbers."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    given: Any
    own: Numbers


class _Open(NamedTuple):
    """The book opened at one policy's numbers, which are kept so that their identity stays theirs."""

    rules: Rules
    pages: tuple[_Page, ...]
    enabled: frozenset[str]


_opened: dict[int, _Open] = {}  # by identity: a process holds few policies, and they are slow to hash


def _open(rules: Rules) -> _Open:
    found = _opened.get(id(rules))
    if found is None:
        on = [rule for rule in _ALL if rules.of(rule.name).enabled]
        pages = (
            _Page(rule.name, rule.function, rules if rule.all_numbers else rules.of(rule.name), rules.of(rule.name))
            for rule in on
            if rule.per_case
        )
        found = _opened[id(rules)] = _Open(rules, tuple(pages), frozenset(rule.name for rule in on))
    return found


def enabled(rules: Rules) -> frozenset[str]:
    """The names of the rules that the policy has on."""
    return _open(rules).enabled


def evaluate(facts: CaseFacts, rules: Rules, calendar: WorkingCalendar) -> Iterator[tuple[str, Outcome]]:
    """What every enabled rule answers for one case. A rule that the policy turned off answers nothing at all.

    Raises `models.rules.calendar.OutsideCalendar` where a day falls outside 2000 to 2099.
    """
    risk = facts.risk
    for name, function, given, own in _open(rules).pages:
        for outcome in function(facts, given, calendar):
            yield name, dated(outcome, own, risk, calendar) if isinstance(outcome, Owes) else outcome


def evaluate_without_case(
    name: str, facts: Facts, rules: Rules, calendar: WorkingCalendar
) -> Iterator[tuple[str, Outcome]]:
    """What a rule that is not per case answers for one of its subjects; nothing at all when the policy turned it off.

    Raises `models.rules.calendar.OutsideCalendar` as `evaluate` does.
    """
    own = rules.of(name)
    for outcome in RULES[name].function(facts, own, calendar) if own.enabled else ():
        yield name, dated(outcome, own, Risk.UNKNOWN, calendar) if isinstance(outcome, Owes) else outcome


def dated(owes: Owes, numbers: Numbers, risk: Risk, calendar: WorkingCalendar) -> Owes:
    """With its reminder and escalation days; where day arithmetic would pass the due day, that day is taken."""
    subject, owed_by, due, because, done, _, _, note = owes
    remind = calendar.plus(due, numbers.remind)
    escalate = calendar.plus(due, numbers.escalate.of(risk))
    return Owes(subject, owed_by, due, because, done, min(remind, due), max(escalate, due), note)
