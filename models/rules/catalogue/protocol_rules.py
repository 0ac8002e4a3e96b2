"""The protocol's own rules, each with its name and texts, in the order of the policy file."""

from config.authority import Authority
from models.rules.catalogue.breach_unanswered import breach_unanswered
from models.rules.catalogue.closed_silently import closed_silently
from models.rules.catalogue.order_expiry import order_expiry
from models.rules.catalogue.outcome_unrecorded import outcome_unrecorded
from models.rules.catalogue.pin_issued import pin_issued
from models.rules.catalogue.plea import plea
from models.rules.catalogue.prosecutor_training import prosecutor_training
from models.rules.catalogue.referral_checklist import referral_checklist
from models.rules.catalogue.restraining_order import restraining_order
from models.rules.catalogue.risk_assessment import risk_assessment
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.spo_considered import spo_considered
from models.rules.catalogue.spoc_role import spoc_role
from models.rules.catalogue.spoc_vacancy import spoc_vacancy
from models.rules.catalogue.victim_contact import victim_contact
from models.rules.catalogue.why_not_stalking import why_not_stalking

PROTOCOL_RULES = (
    Rule(
        "why-not-stalking",
        why_not_stalking,
        "Reason why the case is not stalking",
        "The day on which the reason was recorded is sent (cases.csv: why_not_stalking_on), or the case is recorded as "
        "stalking (cases.csv: classification).",
        "Stalking that is taken for something less goes without the safeguards made for it.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "referral-checklist",
        referral_checklist,
        "Missing items of the referral's checklist",
        "No item is recorded as missing any more, or CPS's decision is recorded (referrals.csv: checklist_missing, "
        "decision_on).",
        "CPS decides on what it is sent: what is missing about the victim's safety cannot count.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "pin-issued",
        pin_issued,
        "Withdrawal of a Police Information Notice",
        "The withdrawal of the notice is recorded (cases.csv: pin_withdrawn_on).",
        "A notice in place of an investigation tells the suspect that nothing more will come.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "risk-assessment",
        risk_assessment,
        "Risk assessment",
        "A risk assessment is recorded (cases.csv: risk_assessed_on).",
        "Risk in stalking changes fast; what is done for the victim's safety follows the assessment.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
        recurring=True,
    ),
    Rule(
        "victim-contact",
        victim_contact,
        "Contact with the victim",
        "Contact with the victim is recorded (cases.csv: victim_contacted_on).",
        "A victim who hears nothing stops reporting, and new danger goes unseen.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
        recurring=True,
    ),
    Rule(
        "plea",
        plea,
        "Harassment plea to a stalking charge",
        "All three are recorded: the victim consulted, the reason, the SPOC's review (pleas.csv: victim_consulted_on, "
        "rationale_recorded_on, spoc_reviewed_on).",
        "A lesser plea taken lightly leaves the victim without what a stalking conviction would bring.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "restraining-order",
        restraining_order,
        "Victim's views and decision on a restraining order",
        "Both are recorded of one restraining order: the victim's views and the decision (orders.csv: kind "
        "restraining_order, victim_views_on, decided_on).",
        "At the hearing it is too late to ask what would keep the victim safe afterwards.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "spo-considered",
        spo_considered,
        "Consideration of a stalking protection order",
        "The consideration is recorded (cases.csv: spo_considered_on), or such an order (orders.csv: kind spo or "
        "interim_spo).",
        "Such an order can protect the victim long before a charge, and without one.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "order-expiry",
        order_expiry,
        "Protective order expires",
        "The decision on its renewal is recorded (orders.csv: renewal_decided_on), or a later order of its kind "
        "(orders.csv: made_on).",
        "On the day after an order ends, nothing forbids the suspect to come near.",
        duty=Authority.COURT_ORDER,
        number=Authority.COURT_ORDER,
    ),
    Rule(
        "breach-unanswered",
        breach_unanswered,
        "Risk assessment after a breach",
        "A risk assessment on or after the day of the report is recorded (cases.csv: risk_assessed_on).",
        "A breach is new stalking, and often the sign that the danger is growing.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
    ),
    Rule(
        "closed-silently",
        closed_silently,
        "Joint review of a case finalised administratively",
        "A joint review that both police and CPS attended, on the day it was finalised or later, is recorded "
        "(reviews.csv: kind joint, held_on, police_attended yes and cps_attended yes).",
        "A case that is closed without a word may be one in which the danger goes on.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
    ),
    Rule(
        "outcome-unrecorded",
        outcome_unrecorded,
        "Outcome of a sitting not recorded",
        "What came of the case at the sitting is recorded (casebeat record-review, or its form), or a joint review "
        "held on the sitting's day or after it (reviews.csv: kind joint, held_on, police_attended, cps_attended).",
        "Only a review of which it is known what it decided keeps anybody safe.",
        duty=Authority.LOCAL,
        number=Authority.LOCAL,
    ),
    Rule(
        "prosecutor-training",
        prosecutor_training,
        "Stalking training of a prosecutor",
        "The training is recorded (training.csv: course stalking_prosecutor, with no expires_on, or a later one).",
        "A prosecutor who knows what stalking is sees the pattern behind the single acts.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
        per_case=False,
    ),
    Rule(
        "spoc-role",
        spoc_role,
        "Training of a SPOC for the role",
        "The training is recorded (training.csv: course spoc_role, with no expires_on, or a later one).",
        "A single point of contact who knows the role is one whom both agencies can turn to.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
        per_case=False,
    ),
    Rule(
        "spoc-vacancy",
        spoc_vacancy,
        "SPOC to be named",
        "A SPOC without a last day is recorded (contacts.csv: roles spoc; force_code or cps_area; active_to empty).",
        "Where nobody is the single point of contact, a stalled case is reported to nobody.",
        duty=Authority.PUBLISHED,
        number=Authority.LOCAL,
        per_case=False,
    ),
)
