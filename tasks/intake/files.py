"""The table of an extract's files and columns, from which headers, validation, staging and the guide are derived.

To add a column, add a line here and a column of the same name in `models`. `required` is the guide's star. `stored` is
the model's name if it differs, or None if the cell is only checked.
"""

from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    Classification,
    Decision,
    FinalisedReason,
    OrderKind,
    Relationship,
    ReviewKind,
    Risk,
    SuspectStatus,
)
from models import cases, suspects
from tasks.intake import checks, forms, listed_people, urns
from tasks.intake.columns import Column, File, days, may, need, people
from tasks.intake.forms import DAY, FUTURE_DAY, PERSON, REF, YES_NO, one_of
from tasks.intake.staff_files import ABSENCES, CONTACTS, TRAINING

OWN_CASE = (need("force_code", forms.FORCE), need("case_ref", REF))
_URN = Column("urn", urns.URN, instead=forms.NO_URN)
EITHER_CASE = (may("force_code", forms.FORCE), may("case_ref", REF), _URN)

_OF_A_SUSPECT = (
    may("suspect_status", one_of(SuspectStatus)),
    may("status_changed_on", DAY),
    may("bail_ends_on", FUTURE_DAY),
    *days("bail_varied_on", "bail_views_on", "release_reviewed_on", "arrest_attempted_on", "charged_on"),
    may("suspect_key", forms.KEYED),
)
_FAR_BAIL = checks.far_end("bail_ends_on", "status_changed_on")
CASES = File(
    "cases.csv",
    cases.Case,
    ("force_code", "case_ref"),
    (
        *OWN_CASE,
        _URN,
        need("opened_on", DAY),
        need("offence_codes", forms.CODES),
        Column("oic_ref", PERSON, required=True, instead=""),  # a case without its officer still has to be watched
        may("cps_area", forms.AREA),
        may("classification", one_of(Classification)),
        may("risk", one_of(Risk, empty=Risk.UNKNOWN, but=Risk.UNKNOWN)),
        may("relationship", one_of(Relationship)),
        *people("supervisor_ref", "spoc_ref"),
        may("barred_refs", listed_people.BARRED),
        *_OF_A_SUSPECT,
        *days("last_act_on", "time_limit_noted_on", "finalised_on"),
        may("finalised_reason", one_of(FinalisedReason)),
        may("restricted", YES_NO),
        *days("why_not_stalking_on", "risk_assessed_on", "risk_ratified_on", "advocate_referred_on"),
        *days("advocate_declined_on", "victim_contacted_on"),
        may("victim_contact_days", forms.NUMBER),
        *days("spo_considered_on", "pin_issued_on", "pin_withdrawn_on"),
        *days("victim_told_on", "nfa_reviewed_on", "nfa_victim_told_on"),
        may("victim_key", forms.KEYED),
    ),
    (checks.case_defaults, _FAR_BAIL),
    only_from=Agency.POLICE,
    people=("oic_ref", "supervisor_ref", "spoc_ref", "barred_refs"),
    lasting=frozenset({"restricted", "barred_refs", "bail_ends_on", "last_act_on"}),
)
SUSPECTS = File(
    "suspects.csv",
    suspects.SuspectRow,
    ("suspect_ref",),
    (*OWN_CASE, need("suspect_ref", REF), *_OF_A_SUSPECT),
    (_FAR_BAIL,),
    only_from=Agency.POLICE,
    lasting=frozenset({"bail_ends_on"}),
)
_OF_A_DEFENDANT = (may("ctl_expires_on", FUTURE_DAY), may("in_custody", forms.MAYBE))
CPS_CASES = File(
    "cps_cases.csv",
    cases.CpsCase,
    ("force_code", "case_ref", "urn_root"),
    (
        *EITHER_CASE,
        *people("prosecutor_ref", "spoc_ref"),
        *days("charge_authorised_on", "charged_on"),
        may("charged_codes", forms.CODES),
        may("not_stalking_reason_on", DAY),
        *_OF_A_DEFENDANT,
        may("next_hearing_on", FUTURE_DAY),
    ),
    (checks.by_urn_or_force, checks.far_end("ctl_expires_on", "charged_on")),
    either=True,
    people=("prosecutor_ref", "spoc_ref"),
    lasting=frozenset({"ctl_expires_on"}),
)
DEFENDANTS = File(
    "defendants.csv",
    suspects.DefendantRow,
    ("defendant_ref",),
    (need("defendant_ref", REF), *EITHER_CASE, *_OF_A_DEFENDANT),
    (checks.by_force_or_urn, checks.far_end("ctl_expires_on")),
    either=True,
    only_from=Agency.CPS,
    lasting=frozenset({"ctl_expires_on"}),
)
INCIDENTS = File(
    "incidents.csv",
    cases.IncidentRow,
    ("incident_ref",),
    (
        *OWN_CASE,
        need("incident_ref", REF),
        need("occurred_on", DAY),
        may("reported_on", DAY),
        may("kind", forms.UNSTORED, None),
        may("breach", YES_NO),
        may("breach_decided_on", DAY),
    ),
    (checks.reported_when_it_occurred,),
)
ACTIONS = File(
    "actions.csv",
    cases.ActionRow,
    ("action_ref",),
    (
        need("action_ref", REF),
        *EITHER_CASE,
        need("kind", forms.KIND),
        need("source", one_of(ActionSource)),
        need("owner_agency", one_of(Agency)),
        need("status", one_of(ActionStatus)),
        need("raised_on", DAY),
        *people("owner_ref"),
        may("due_on", FUTURE_DAY),
        may("closed_on", DAY),
        may("closed_reason", forms.UNSTORED, None),
    ),
    (checks.by_force_or_urn, checks.closed_with_day_and_reason),
    either=True,
    people=("owner_ref",),
)
REVIEWS = File(
    "reviews.csv",
    cases.ReviewRow,
    ("review_ref",),
    (
        need("review_ref", REF),
        *EITHER_CASE,
        need("kind", one_of(ReviewKind)),
        need("held_on", DAY),
        may("police_attended", YES_NO),
        may("cps_attended", YES_NO),
    ),
    (checks.by_force_or_urn,),
    either=True,
)
REFERRALS = File(
    "referrals.csv",
    cases.ReferralRow,
    ("referral_ref",),
    (
        need("referral_ref", REF),
        *EITHER_CASE,
        need("submitted_on", DAY),
        may("decision_required_by", FUTURE_DAY),
        may("decision_on", DAY),
        may("decision", one_of(Decision)),
        may("checklist_missing", forms.ITEMS),
    ),
    (checks.by_force_or_urn,),
    either=True,
)
_ORDER = days("sought_on", "made_on", "served_on", "notified_on", "victim_told_on")
_ORDER += (may("expires_on", FUTURE_DAY), *days("renewal_decided_on", "victim_views_on", "decided_on"))
ORDERS = File(
    "orders.csv",
    cases.OrderRow,
    ("order_ref",),
    (
        need("order_ref", REF),
        *EITHER_CASE,
        need("kind", one_of(OrderKind)),
        *_ORDER,
    ),
    (checks.by_force_or_urn,),
    either=True,
    lasting=frozenset(column.name for column in _ORDER),
)
PLEAS = File(
    "pleas.csv",
    cases.PleaRow,
    ("plea_ref",),
    (
        need("plea_ref", REF),
        *EITHER_CASE,
        need("offered_on", DAY),
        need("charged_code", forms.CODE),
        need("plea_code", forms.CODE),
        *days("accepted_on", "victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on"),
    ),
    (checks.by_force_or_urn,),
    either=True,
)

# In loading order: people, then cases, then the rows that belong to a case.
FILES: dict[str, File] = {
    file.name: file
    for file in (
        CONTACTS, ABSENCES, TRAINING, CASES, SUSPECTS, CPS_CASES, DEFENDANTS, INCIDENTS, ACTIONS, REVIEWS, REFERRALS,
        ORDERS, PLEAS,
    )
}  # fmt: skip
WITHDRAWN = Column("withdrawn", YES_NO)  # allowed in any file of a delta
