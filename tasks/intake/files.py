"""The table of an extract's files and columns, from which headers, validation, staging and the guide are derived.

To add a column, add a line here and a column of the same name in `models`. `required` is the guide's star. `stored` is
the model's name if it differs, or None if the cell is only checked.
"""

from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    Classification,
    Course,
    Decision,
    FinalisedReason,
    OrderKind,
    Relationship,
    ReviewKind,
    Risk,
    Role,
    SuspectStatus,
)
from models import cases, people
from tasks.intake import checks, forms, listed_people, urns
from tasks.intake.columns import Column, File
from tasks.intake.forms import DAY, FUTURE_DAY, PERSON, REF, YES_NO, Form, one_of


def _need(name: str, form: Form, stored: str | None = "") -> Column:
    return Column(name, form, required=True, stored=stored)


def _may(name: str, form: Form, stored: str | None = "") -> Column:
    return Column(name, form, stored=stored)


def _days(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, DAY) for name in names)


OWN_CASE = (_need("force_code", forms.FORCE), _need("case_ref", REF))
EITHER_CASE = (_may("force_code", forms.FORCE), _may("case_ref", REF), _may("urn", urns.URN))

CONTACTS = File(
    "contacts.csv",
    people.Contact,
    ("contact_ref",),
    (
        _need("contact_ref", PERSON),
        _need("agency", one_of(Agency)),
        _need("name", forms.TEXT),
        _need("email", forms.EMAIL),
        _need("roles", forms.roles(Role)),
        _may("force_code", forms.FORCES_LIST, "force_codes"),
        _may("cps_area", forms.AREAS_LIST, "cps_areas"),
        _may("slack_user_id", forms.SLACK_USER),
        _may("deputy_ref", PERSON),
        _may("active_from", FUTURE_DAY),
        _may("active_to", FUTURE_DAY),
        _may("restricted_access", YES_NO),
    ),
    people=("deputy_ref",),
)
ABSENCES = File(
    "absences.csv",
    people.Absence,
    ("contact_ref", "from_on", "to_on"),
    (_need("contact_ref", PERSON), _need("from_on", FUTURE_DAY), _need("to_on", FUTURE_DAY)),
    (checks.from_before_to,),
    people=("contact_ref",),
)
TRAINING = File(
    "training.csv",
    people.Training,
    ("contact_ref", "course", "completed_on"),
    (
        _need("contact_ref", PERSON),
        _need("course", one_of(Course)),
        _need("completed_on", DAY),
        _may("expires_on", FUTURE_DAY),
    ),
    people=("contact_ref",),
)
CASES = File(
    "cases.csv",
    cases.Case,
    ("force_code", "case_ref"),
    (
        *OWN_CASE,
        _may("urn", urns.URN),
        _need("opened_on", DAY),
        _need("offence_codes", forms.CODES),
        _need("oic_ref", PERSON),
        _may("cps_area", forms.AREA),
        _may("classification", one_of(Classification)),
        _may("risk", one_of(Risk, empty=Risk.UNKNOWN, but=Risk.UNKNOWN)),
        _may("relationship", one_of(Relationship)),
        _may("supervisor_ref", PERSON),
        _may("spoc_ref", PERSON),
        _may("barred_refs", listed_people.BARRED),
        _may("suspect_status", one_of(SuspectStatus)),
        _may("status_changed_on", DAY),
        _may("bail_ends_on", FUTURE_DAY),
        *_days("last_act_on", "time_limit_noted_on", "finalised_on"),
        _may("finalised_reason", one_of(FinalisedReason)),
        _may("restricted", YES_NO),
        *_days("why_not_stalking_on", "risk_assessed_on", "victim_contacted_on"),
        _may("victim_contact_days", forms.NUMBER),
        *_days("spo_considered_on", "pin_issued_on", "pin_withdrawn_on", "bail_views_on", "release_reviewed_on"),
        *_days("victim_told_on", "nfa_reviewed_on", "nfa_victim_told_on"),
        _may("suspect_key", forms.KEYED),
        _may("victim_key", forms.KEYED),
    ),
    (checks.case_defaults,),
    only_from=Agency.POLICE,
    people=("oic_ref", "supervisor_ref", "spoc_ref", "barred_refs"),
    lasting=frozenset({"restricted", "barred_refs", "bail_ends_on", "last_act_on"}),
)
CPS_CASES = File(
    "cps_cases.csv",
    cases.CpsCase,
    ("force_code", "case_ref", "urn_root"),
    (
        *EITHER_CASE,
        _may("prosecutor_ref", PERSON),
        _may("spoc_ref", PERSON),
        *_days("charge_authorised_on", "charged_on"),
        _may("charged_codes", forms.CODES),
        _may("not_stalking_reason_on", DAY),
        _may("ctl_expires_on", FUTURE_DAY),
        _may("next_hearing_on", FUTURE_DAY),
    ),
    (checks.by_urn_or_force,),
    either=True,
    people=("prosecutor_ref", "spoc_ref"),
    lasting=frozenset({"ctl_expires_on"}),
)
INCIDENTS = File(
    "incidents.csv",
    cases.IncidentRow,
    ("incident_ref",),
    (
        *OWN_CASE,
        _need("incident_ref", REF),
        _need("occurred_on", DAY),
        _may("reported_on", DAY),
        _may("kind", forms.UNSTORED, None),
        _may("breach", YES_NO),
        _may("breach_decided_on", DAY),
    ),
    (checks.reported_when_it_occurred,),
)
ACTIONS = File(
    "actions.csv",
    cases.ActionRow,
    ("action_ref",),
    (
        _need("action_ref", REF),
        *EITHER_CASE,
        _need("kind", forms.KIND),
        _need("source", one_of(ActionSource)),
        _need("owner_agency", one_of(Agency)),
        _need("status", one_of(ActionStatus)),
        _need("raised_on", DAY),
        _may("owner_ref", PERSON),
        _may("due_on", FUTURE_DAY),
        _may("closed_on", DAY),
        _may("closed_reason", forms.UNSTORED, None),
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
        _need("review_ref", REF),
        *EITHER_CASE,
        _need("kind", one_of(ReviewKind)),
        _need("held_on", DAY),
        _may("police_attended", YES_NO),
        _may("cps_attended", YES_NO),
    ),
    (checks.by_force_or_urn,),
    either=True,
)
REFERRALS = File(
    "referrals.csv",
    cases.ReferralRow,
    ("referral_ref",),
    (
        _need("referral_ref", REF),
        *EITHER_CASE,
        _need("submitted_on", DAY),
        _may("decision_required_by", FUTURE_DAY),
        _may("decision_on", DAY),
        _may("decision", one_of(Decision)),
        _may("checklist_missing", forms.ITEMS),
    ),
    (checks.by_force_or_urn,),
    either=True,
)
_ORDER = _days("sought_on", "made_on", "served_on", "notified_on", "victim_told_on")
_ORDER += (_may("expires_on", FUTURE_DAY), *_days("renewal_decided_on", "victim_views_on", "decided_on"))
ORDERS = File(
    "orders.csv",
    cases.OrderRow,
    ("order_ref",),
    (
        _need("order_ref", REF),
        *EITHER_CASE,
        _need("kind", one_of(OrderKind)),
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
        _need("plea_ref", REF),
        *EITHER_CASE,
        _need("offered_on", DAY),
        _need("charged_code", forms.CODE),
        _need("plea_code", forms.CODE),
        *_days("accepted_on", "victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on"),
    ),
    (checks.by_force_or_urn,),
    either=True,
)

# In loading order: people, then cases, then the rows that belong to a case.
FILES: dict[str, File] = {
    file.name: file
    for file in (
        CONTACTS, ABSENCES, TRAINING, CASES, CPS_CASES, INCIDENTS, ACTIONS, REVIEWS, REFERRALS, ORDERS, PLEAS,
    )
}  # fmt: skip
WITHDRAWN = Column("withdrawn", YES_NO)  # allowed in any file of a delta
