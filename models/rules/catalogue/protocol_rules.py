"""The protocol's own rules, in the order of the policy file. Each stands with its texts beside its function."""

from models.rules.catalogue import (
    breach_unanswered,
    closed_silently,
    order_expiry,
    outcome_unrecorded,
    pin_issued,
    plea,
    prosecutor_training,
    referral_checklist,
    restraining_order,
    risk_assessment,
    spo_considered,
    spoc_role,
    spoc_vacancy,
    victim_contact,
    why_not_stalking,
)

PROTOCOL_RULES = (
    why_not_stalking.RULE,
    referral_checklist.RULE,
    pin_issued.RULE,
    risk_assessment.RULE,
    victim_contact.RULE,
    plea.RULE,
    restraining_order.RULE,
    spo_considered.RULE,
    order_expiry.RULE,
    breach_unanswered.RULE,
    closed_silently.RULE,
    outcome_unrecorded.RULE,
    prosecutor_training.RULE,
    spoc_role.RULE,
    spoc_vacancy.RULE,
)
