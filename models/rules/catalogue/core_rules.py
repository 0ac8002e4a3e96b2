"""The core rules, each with its name and texts, in the order of the policy file."""

from config.authority import Authority
from config.leading import OwnerKind
from models.rules.catalogue.action import action, action_plan
from models.rules.catalogue.awaiting_charge import CHARGED_ON, awaiting_charge
from models.rules.catalogue.bail_end import BAIL_ENDS_ON, bail_end
from models.rules.catalogue.bail_end_unknown import bail_end_unknown
from models.rules.catalogue.charge_code_unknown import charge_code_unknown
from models.rules.catalogue.charging_decision import charging_decision
from models.rules.catalogue.custody_limit import CTL_EXPIRES_ON, custody_limit
from models.rules.catalogue.custody_limit_unknown import custody_limit_unknown
from models.rules.catalogue.feed_stale import feed_stale
from models.rules.catalogue.joint_review import joint_review
from models.rules.catalogue.no_progress import no_progress
from models.rules.catalogue.rule import Rule, Seeing
from models.rules.catalogue.summary_time_limit import summary_time_limit
from models.rules.catalogue.supervisor_review import supervisor_review
from models.rules.catalogue.time_limit_unknown import LAST_ACT_ON, OCCURRED_ON, time_limit_unknown
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, DECISION_ON
from models.rules.sight import SentColumn

_AUTHORISED_ON = SentColumn("cps_cases.csv", "charge_authorised_on")
_NOTED_ON = SentColumn("cases.csv", "time_limit_noted_on")
_SUSPECT_STATUS = SentColumn("cases.csv", "suspect_status")

CORE_RULES = (
    Rule(
        "joint-review",
        joint_review,
        "Joint review by police and CPS",
        "A joint review that both police and CPS attended is recorded (reviews.csv: kind joint, held_on, "
        "police_attended yes and cps_attended yes).",
        "Both agencies look at the whole pattern of behaviour, so that rising danger is seen early.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
        only_where=(Trait.IN_SCOPE,),
        recurring=True,
    ),
    Rule(
        "supervisor-review",
        supervisor_review,
        "Supervisor's review",
        "A supervisor's review is recorded (reviews.csv: kind supervisor, held_on).",
        "A second pair of eyes checks that the risk is understood and every line of enquiry is followed.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.IN_SCOPE, Trait.UNCHARGED),
        recurring=True,
        also=(CHARGED_ON,),
        owner=OwnerKind.SUPERVISOR,
    ),
    Rule(
        "action",
        action,
        "Outstanding action",
        "The action is recorded as done (actions.csv: status done, closed_on).",
        "Evidence is secured before it is lost, and the case can move on.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.STALKING_OR_HARASSMENT, Trait.ACTIONS),
    ),
    Rule(
        "action-plan",
        action_plan,
        "Action plan item for CPS",
        "The action is recorded as done (actions.csv: status done, closed_on).",
        "CPS cannot decide on a charge until it has what it asked for.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.STALKING_OR_HARASSMENT, Trait.ACTIONS),
    ),
    Rule(
        "no-progress",
        no_progress,
        "Case without progress",
        "Progress is recorded: an action done (actions.csv: closed_on), a joint review both attended (reviews.csv: "
        "held_on), a referral or its decision (referrals.csv: submitted_on, decision_on), a charge (cps_cases.csv) or "
        "an order made (orders.csv: made_on).",
        "A case in which nothing happens leaves the victim at risk and the suspect unchecked.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.IN_SCOPE, Trait.UNCHARGED),
        recurring=True,
        all_numbers=True,
        also=(DECISION_ON, CHARGED_ON),
    ),
    Rule(
        "charging-decision",
        charging_decision,
        "Charging decision by CPS",
        "The decision on the referral is recorded (referrals.csv: decision_on).",
        "Until CPS decides, the suspect may be free of conditions and the victim waits.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.STALKING_OR_HARASSMENT, Trait.REFERRALS),
        needs=(DECISION_ON,),
    ),
    Rule(
        "awaiting-charge",
        awaiting_charge,
        "Charge authorised but not made",
        "The charge is recorded (cps_cases.csv: charged_on).",
        "An authorised charge protects nobody until it is made.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.IN_SCOPE, Trait.UNCHARGED, Trait.AUTHORISED),
        needs=(CHARGED_ON,),
        begins=(_AUTHORISED_ON,),
    ),
    Rule(
        "summary-time-limit",
        summary_time_limit,
        "Six-month time limit (STL) for a summary offence",
        "A charge of stalking or harassment is recorded (cps_cases.csv: charged_on, charged_codes), or a supervisor "
        "records what the expiry means (cases.csv: time_limit_noted_on).",
        "After six months from the last act a summary offence can no longer be prosecuted.",
        duty=Authority.LAW,
        number=Authority.LAW,
        only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE),
        seeing=Seeing.EITHER,
        begins=(LAST_ACT_ON, OCCURRED_ON),
        also=(CHARGED_ON, CHARGED_CODES, _NOTED_ON),
    ),
    Rule(
        "time-limit-unknown",
        time_limit_unknown,
        "Last act not recorded: time limit unknown",
        "The last act is recorded (cases.csv: last_act_on, or incidents.csv: occurred_on), or what makes the limit "
        "none of its matter: a charge of stalking or harassment (cps_cases.csv: charged_on, charged_codes) or a "
        "supervisor's note (cases.csv: time_limit_noted_on).",
        "Without the day of the last act nobody can know when the six-month limit ends.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE),
        needs=(LAST_ACT_ON, OCCURRED_ON),
        seeing=Seeing.EITHER,
        also=(CHARGED_ON, CHARGED_CODES, _NOTED_ON),
    ),
    Rule(
        "charge-code-unknown",
        charge_code_unknown,
        "Code of the charge not recorded",
        "The codes of the charge are recorded (cps_cases.csv: charged_codes).",
        "Only a charge of stalking or harassment stops the six-month limit: without its code nobody can know.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE, Trait.CHARGED),
        needs=(CHARGED_CODES,),
        begins=(CHARGED_ON,),
    ),
    Rule(
        "bail-end",
        bail_end,
        "End of pre-charge bail",
        "The charge (cps_cases.csv: charged_on), the suspect's new status, or a later end of bail is recorded "
        "(cases.csv: suspect_status, bail_ends_on).",
        "When bail ends, so do the conditions that keep the suspect away.",
        duty=Authority.LAW,
        number=Authority.LAW,
        only_where=(Trait.CLOCK_CASE, Trait.UNCHARGED, Trait.ON_BAIL, Trait.BAIL_ENDS),
        begins=(_SUSPECT_STATUS, BAIL_ENDS_ON),
        also=(CHARGED_ON,),
    ),
    Rule(
        "bail-end-unknown",
        bail_end_unknown,
        "Bail without a recorded end",
        "The day on which bail ends, the charge, or the suspect's new status is recorded (cases.csv: bail_ends_on, "
        "suspect_status; cps_cases.csv: charged_on).",
        "Bail that nobody knows the end of lapses unseen, and its conditions with it.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.CLOCK_CASE, Trait.UNCHARGED, Trait.ON_BAIL),
        needs=(BAIL_ENDS_ON,),
        begins=(_SUSPECT_STATUS,),
        also=(CHARGED_ON,),
    ),
    Rule(
        "custody-limit",
        custody_limit,
        "Custody time limit (CTL)",
        "An extended limit, or the suspect's new status, is recorded (cps_cases.csv: ctl_expires_on; cases.csv: "
        "suspect_status).",
        "When the limit passes, the defendant may have to be released.",
        duty=Authority.LAW,
        number=Authority.LAW,
        only_where=(Trait.CLOCK_CASE, Trait.IN_CUSTODY),
        begins=(_SUSPECT_STATUS, CTL_EXPIRES_ON),
    ),
    Rule(
        "custody-limit-unknown",
        custody_limit_unknown,
        "Custody without a recorded time limit",
        "The day on which the custody time limit ends, or the suspect's new status, is recorded (cps_cases.csv: "
        "ctl_expires_on; cases.csv: suspect_status).",
        "A custody time limit that nobody has in view ends with a release that nobody prepared for.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        only_where=(Trait.CLOCK_CASE, Trait.IN_CUSTODY, Trait.CHARGED),
        needs=(CTL_EXPIRES_ON,),
        begins=(_SUSPECT_STATUS, CHARGED_ON),
    ),
    Rule(
        "feed-stale",
        feed_stale,
        "Source has stopped sending",
        "A newer extract of the source is loaded (manifest.json: extracted_at).",
        "What is not sent cannot be chased: silence must not look like nothing being overdue.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        recurring=True,
        per_case=False,
    ),
)
