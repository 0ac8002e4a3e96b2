"""The table of contents: every rule, in the order of the policy file. Each stands beside its function."""

from config.leading import OwnerKind
from models.rules.catalogue import (
    action,
    advocate_referral,
    awaiting_charge,
    bail_end,
    bail_end_unknown,
    bail_views,
    breach_unanswered,
    charge_code_unknown,
    charge_not_stalking,
    charging_decision,
    closed_silently,
    column_missing,
    custody_limit,
    custody_limit_unknown,
    danger,
    feed_stale,
    joint_review,
    nfa_review,
    no_progress,
    order_expiry,
    order_served,
    order_told,
    outcome_unrecorded,
    pin_issued,
    plea,
    prosecutor_training,
    referral_checklist,
    release_review,
    restraining_order,
    risk_assessment,
    spo_considered,
    spo_notification,
    spoc_role,
    spoc_vacancy,
    summary_time_limit,
    supervisor_review,
    suspect_wanted,
    time_limit_unknown,
    victim_contact,
    victim_told,
    why_not_stalking,
)
from models.rules.catalogue.rule import About, PartOwner
from models.rules.literals import Literals

CORE_RULES = (
    joint_review.RULE,
    supervisor_review.RULE,
    action.RULE,
    action.PLAN_RULE,
    no_progress.RULE,
    charging_decision.RULE,
    awaiting_charge.RULE,
    summary_time_limit.RULE,
    time_limit_unknown.RULE,
    charge_code_unknown.RULE,
    bail_end.RULE,
    bail_end_unknown.RULE,
    custody_limit.RULE,
    custody_limit_unknown.RULE,
    feed_stale.RULE,
)
PROTOCOL_RULES = (  # the protocol's own
    why_not_stalking.RULE,
    charge_not_stalking.RULE,
    referral_checklist.RULE,
    pin_issued.RULE,
    risk_assessment.RULE,
    victim_contact.RULE,
    plea.RULE,
    restraining_order.RULE,
    spo_considered.RULE,
    order_expiry.RULE,
    order_told.RULE,
    order_served.RULE,
    spo_notification.RULE,
    breach_unanswered.RULE,
    bail_views.RULE,
    release_review.RULE,
    victim_told.RULE,
    nfa_review.RULE,
    advocate_referral.RULE,
    suspect_wanted.RULE,
    danger.RULE,
    closed_silently.RULE,
    outcome_unrecorded.RULE,
    column_missing.RULE,
    prosecutor_training.RULE,
    spoc_role.RULE,
    spoc_vacancy.RULE,
)
ALL_RULES = (*CORE_RULES, *PROTOCOL_RULES)
CONVENED = Literals(rule.name for rule in ALL_RULES if rule.convened)  # their cases have places at sittings
CHAIRED = Literals(rule.name for rule in ALL_RULES if rule.owner is OwnerKind.CHAIR)  # the sitting's chair owes them
CONFIRMED = Literals(rule.name for rule in ALL_RULES if rule.confirmed)  # somebody's word on the grade ends them
OF_A_SPOC = Literals(rule.name for rule in ALL_RULES if PartOwner.SPOC in rule.parts.values())  # CPS's, of a part


def about(*subjects: About) -> Literals[str]:
    """Return the names of the rules about these subjects."""
    return Literals(rule.name for rule in ALL_RULES if rule.about in subjects)
