"""Keep which columns each source sends. Of a source known already, the columns of the version before count as sent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The columns that the version before read, by file. It took a column that was not there for empty cells.
READ_BEFORE = {
    "contacts.csv": "contact_ref agency name email roles force_code cps_area slack_user_id deputy_ref active_from "
    "active_to restricted_access",
    "absences.csv": "contact_ref from_on to_on",
    "training.csv": "contact_ref course completed_on expires_on",
    "cases.csv": "force_code case_ref urn opened_on offence_codes oic_ref cps_area classification risk relationship "
    "supervisor_ref suspect_status bail_ends_on last_act_on time_limit_noted_on finalised_on finalised_reason "
    "restricted why_not_stalking_on risk_assessed_on victim_contacted_on victim_contact_days spo_considered_on "
    "pin_issued_on pin_withdrawn_on",
    "cps_cases.csv": "force_code case_ref urn prosecutor_ref charge_authorised_on charged_on ctl_expires_on "
    "next_hearing_on",
    "incidents.csv": "force_code case_ref incident_ref occurred_on reported_on kind breach",
    "actions.csv": "action_ref force_code case_ref urn kind source owner_agency status raised_on owner_ref due_on "
    "closed_on closed_reason",
    "reviews.csv": "review_ref force_code case_ref urn kind held_on police_attended cps_attended",
    "referrals.csv": "referral_ref force_code case_ref urn submitted_on decision_required_by decision_on decision "
    "checklist_missing",
    "orders.csv": "order_ref force_code case_ref urn kind sought_on made_on expires_on renewal_decided_on "
    "victim_views_on decided_on",
    "pleas.csv": "plea_ref force_code case_ref urn offered_on charged_code plea_code accepted_on victim_consulted_on "
    "rationale_recorded_on spoc_reviewed_on",
}
# A file that the source ever sent had these columns, or counted as if it had: they are supposed to be sent.
SUPPOSED = """
insert into source_columns (source_id, file, name, state, since)
select s.id, f.file, f.name, 'supposed', (s.first_loaded_at at time zone 'Europe/London')::date
from sources s cross join (select :file as file, unnest(string_to_array(:names, ' ')) as name) f
where s.agency is not null and exists (
    select from extracts e where e.source_name = s.name and e.state = 'loaded' and e.counts ? f.file)"""


def upgrade() -> None:
    op.create_table(
        "source_columns",
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.CheckConstraint("state in ('sent', 'supposed', 'lacking')", name=op.f("ck_source_columns_state")),
        sa.PrimaryKeyConstraint("source_id", "file", "name", name=op.f("pk_source_columns")),
    )
    for file, names in READ_BEFORE.items():
        op.get_bind().execute(sa.text(SUPPOSED), {"file": file, "names": names})
