"""The parts of a case that an extract for a victim or a suspect shows, column by column.

Source: section 45 of the Data Protection Act 2018. A person gets what is held of them, and nothing of another person;
subsection 4 lets a controller hold back what would prejudice an investigation, a prosecution or the rights of others.
The choice here is local and cautious: what is about the other, what the other asked for, what weighs the case or shows
its next move is left out. The controller's disclosure officer may add what is left out.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from config.terms import BOTH, NOBODY, SUSPECT, VICTIM, Party, Readers


class HeldField(NamedTuple):
    """A column in plain words, and who gets its value; `hidden` are those who learn only that it is recorded."""

    column: str
    label: str
    to: Readers
    hidden: bool = False


class HeldTable(NamedTuple):
    """The rows of a case in one table. A party of `only_with` gets a row only where that column has a day.

    `of_one` is the table whose row tells the same where a case has no row for each suspect or defendant. Where it has
    several rows, no suspect gets any: which of them asks is not known.
    """

    name: str
    title: str
    fields: tuple[HeldField, ...]
    only_with: Mapping[Party, str] = MappingProxyType({})
    of_one: str = ""


def _staff(column: str, label: str, to: Readers = BOTH) -> HeldField:
    return HeldField(column, label, to, hidden=True)


# Of a source's row and of the work on it, which say nothing of a person.
TECHNICAL = frozenset({
    "id", "key_id", "source_id", "urn_key_id", "urn_suffix", "withdrawn_on", "as_sent", "projection", "projected_at",
    "failure", "force_code", "case_ref", "quorate", "status_seen_on",
})  # fmt: skip
# The marks that guard a case: that they are set tells who else is in it.
GUARDS = frozenset({"restricted", "barred_refs"})
TABLES = (
    HeldTable("cases", "The case", (
        HeldField("opened_on", "opened", BOTH),
        HeldField("cps_area", "CPS Area", BOTH),
        HeldField("offence_codes", "codes of the alleged offences", BOTH),
        HeldField("classification", "recorded as", BOTH),
        HeldField("declassified_on", "recorded as something else than stalking", BOTH),
        HeldField("risk", "level of risk", VICTIM),
        HeldField("risk_assessed_on", "risk assessed", VICTIM),
        HeldField("risk_ratified_on", "level of risk confirmed by a supervisor", VICTIM),
        HeldField("advocate_referred_on", "referred to an independent advocate", VICTIM),
        HeldField("advocate_declined_on", "independent advocate declined", VICTIM),
        HeldField("relationship", "relationship of the suspect to the victim", VICTIM),
        HeldField("last_act_on", "last act", VICTIM),
        HeldField("time_limit_noted_on", "supervisor's note on the time limit", VICTIM),
        HeldField("why_not_stalking_on", "reason recorded why it is not stalking", VICTIM),
        HeldField("victim_contacted_on", "victim contacted", VICTIM),
        HeldField("victim_contact_days", "days between contacts that the victim asked for", VICTIM),
        HeldField("victim_told_on", "victim told of what happened", VICTIM),
        HeldField("bail_views_on", "victim's views on bail", VICTIM),
        HeldField("nfa_reviewed_on", "decision to end the case reviewed", VICTIM),
        HeldField("nfa_victim_told_on", "victim told why the case ended", VICTIM),
        HeldField("spo_considered_on", "stalking protection order considered", VICTIM),
        HeldField("victim_key", "keyed hash of the victim's identity", VICTIM, hidden=True),
        HeldField("suspect_status", "status", SUSPECT),
        HeldField("status_on", "status since", SUSPECT),
        HeldField("status_changed_on", "status changed, by its source", SUSPECT),
        HeldField("bail_ends_on", "bail ends", SUSPECT),
        HeldField("bail_varied_on", "bail varied", SUSPECT),
        HeldField("arrest_attempted_on", "arrest attempted, or its plan reviewed", NOBODY),
        HeldField("charged_on", "charged, as police record it", BOTH),
        HeldField("pin_issued_on", "Police Information Notice issued", SUSPECT),
        HeldField("pin_withdrawn_on", "Police Information Notice withdrawn", SUSPECT),
        HeldField("suspect_key", "keyed hash of the suspect's identity", SUSPECT, hidden=True),
        HeldField("release_reviewed_on", "release without bail reviewed", NOBODY),
        _staff("oic_ref", "officer in the case"),
        _staff("supervisor_ref", "supervisor"),
        _staff("spoc_ref", "single point of contact of police"),
        HeldField("finalised_on", "finalised", BOTH),
        HeldField("finalised_reason", "how it ended", BOTH),
        HeldField("transfer_seen_on", "transferred to another force", BOTH),
    )),
    HeldTable("suspects", "The suspect", (
        HeldField("suspect_ref", "reference", NOBODY),
        HeldField("suspect_status", "status", SUSPECT),
        HeldField("status_on", "status since", SUSPECT),
        HeldField("status_changed_on", "status changed, by its source", SUSPECT),
        HeldField("bail_ends_on", "bail ends", SUSPECT),
        HeldField("bail_varied_on", "bail varied", SUSPECT),
        HeldField("bail_views_on", "victim's views on bail", VICTIM),
        HeldField("release_reviewed_on", "release without bail reviewed", NOBODY),
        HeldField("arrest_attempted_on", "arrest attempted, or its plan reviewed", NOBODY),
        HeldField("charged_on", "charged", BOTH),
        HeldField("suspect_key", "keyed hash of the suspect's identity", SUSPECT, hidden=True),
    ), of_one="cases"),
    HeldTable("cps_cases", "What CPS recorded", (
        HeldField("charge_authorised_on", "charge authorised", NOBODY),
        HeldField("charged_on", "charged", BOTH),
        HeldField("charged_codes", "codes of the charge", BOTH),
        HeldField("not_stalking_reason_on", "reason recorded why the charge is not stalking", VICTIM),
        HeldField("in_custody", "in custody", SUSPECT),
        HeldField("ctl_expires_on", "custody time limit ends", SUSPECT),
        HeldField("next_hearing_on", "next hearing", BOTH),
        _staff("prosecutor_ref", "prosecutor"),
        _staff("spoc_ref", "single point of contact of CPS"),
    )),
    HeldTable("defendants", "The defendant", (
        HeldField("defendant_ref", "reference", NOBODY),
        HeldField("in_custody", "in custody", SUSPECT),
        HeldField("ctl_expires_on", "custody time limit ends", SUSPECT),
    ), of_one="cps_cases"),
    HeldTable("incidents", "Acts that were reported", (
        HeldField("incident_ref", "reference", VICTIM),
        HeldField("occurred_on", "day", VICTIM),
        HeldField("reported_on", "reported", VICTIM),
        HeldField("breach", "breach of an order or of bail", VICTIM),
        HeldField("breach_decided_on", "decision on the breach", VICTIM),
    )),
    HeldTable("actions", "Steps of the investigation", (
        HeldField("action_ref", "reference", NOBODY),
        HeldField("kind", "kind", NOBODY),
        HeldField("source", "where it came from", NOBODY),
        HeldField("owner_agency", "agency", VICTIM),
        HeldField("status", "progress", VICTIM),
        HeldField("raised_on", "raised", VICTIM),
        HeldField("due_on", "due", VICTIM),
        HeldField("closed_on", "closed", VICTIM),
        _staff("owner_ref", "member of staff who does it", VICTIM),
    )),
    HeldTable("reviews", "Reviews of the case", (
        HeldField("review_ref", "reference", NOBODY),
        HeldField("kind", "kind", VICTIM),
        HeldField("held_on", "held", VICTIM),
        HeldField("police_attended", "police attended", VICTIM),
        HeldField("cps_attended", "CPS attended", VICTIM),
    )),
    HeldTable("referrals", "Referrals to CPS", (
        HeldField("referral_ref", "reference", NOBODY),
        HeldField("submitted_on", "submitted", VICTIM),
        HeldField("decision_required_by", "decision asked for by", VICTIM),
        HeldField("decision_on", "decided", VICTIM),
        HeldField("decision", "decision", VICTIM),
        HeldField("checklist_missing", "items missing from the checklist", NOBODY),
    )),
    HeldTable("orders", "Protective orders", (
        HeldField("order_ref", "reference", NOBODY),
        HeldField("kind", "kind", BOTH),
        HeldField("sought_on", "applied for", VICTIM),
        HeldField("made_on", "made", BOTH),
        HeldField("served_on", "served", BOTH),
        HeldField("notified_on", "name and address given to police", SUSPECT),
        HeldField("victim_told_on", "victim told", VICTIM),
        HeldField("expires_on", "ends", BOTH),
        HeldField("renewal_decided_on", "renewal decided", VICTIM),
        HeldField("victim_views_on", "victim's views", VICTIM),
        HeldField("decided_on", "application decided on", VICTIM),
    ), {Party.SUSPECT: "made_on"}),
    HeldTable("pleas", "Pleas", (
        HeldField("plea_ref", "reference", NOBODY),
        HeldField("offered_on", "offered", SUSPECT),
        HeldField("charged_code", "charged", SUSPECT),
        HeldField("plea_code", "plea to", SUSPECT),
        HeldField("accepted_on", "accepted", BOTH),
        HeldField("victim_consulted_on", "victim consulted", VICTIM),
        HeldField("rationale_recorded_on", "reason recorded", VICTIM),
        HeldField("spoc_reviewed_on", "reviewed by the single point of contact", VICTIM),
    )),
)  # fmt: skip
# Of what its source has replaced since: the days, and the status that began on one, each for whom it is for now.
_REPLACED = frozenset({
    "victim_told_on", "risk_assessed_on", "victim_contacted_on", "spo_considered_on", "last_act_on", "bail_ends_on",
    "bail_views_on", "release_reviewed_on", "risk_ratified_on", "arrest_attempted_on", "ctl_expires_on", "status_on",
    "suspect_status",
})  # fmt: skip
EARLIER = HeldTable(
    "earlier_days", "What was recorded before",
    tuple(field for table in TABLES for field in table.fields
          if table.name in {"cases", "cps_cases"} and field.column in _REPLACED),
)  # fmt: skip
# By these the suspect has been spoken to. Before that, an extract would tell them of the case.
KNOWS_OF_IT = frozenset({"voluntary", "rui", "bail", "custody"})
