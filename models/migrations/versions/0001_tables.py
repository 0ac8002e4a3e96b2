"""Create every table."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("contact_ref", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("changed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("contact_ref", "from_on", "to_on", name=op.f("pk_absences")),
    )
    op.create_index(
        "ix_absences_changed", "absences", ["contact_ref"], unique=False, postgresql_where=sa.text("changed")
    )
    op.create_index("ix_absences_to_on", "absences", ["to_on"], unique=False)
    op.create_table(
        "actions",
        sa.Column("action_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner_agency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("owner_ref", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("action_ref", name=op.f("pk_actions")),
    )
    op.create_index(
        "ix_actions_in_hand",
        "actions",
        ["owner_ref"],
        unique=False,
        postgresql_where=sa.text("status in ('pending', 'waiting_third_party') and withdrawn_on is null"),
    )
    op.create_index(op.f("ix_actions_key_id"), "actions", ["key_id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("to_ref", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "case_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=True),
        sa.Column("case_ref", sa.Text(), nullable=True),
        sa.Column("urn_root", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(urn_root is null) = (force_code is not null and case_ref is not null)", name=op.f("ck_case_keys_one_form")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_keys")),
        sa.UniqueConstraint("force_code", "case_ref", name=op.f("uq_case_keys_force_code_case_ref")),
        sa.UniqueConstraint("urn_root", name=op.f("uq_case_keys_urn_root")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=False),
        sa.Column("case_ref", sa.Text(), nullable=False),
        sa.Column("urn_key_id", sa.BigInteger(), nullable=True),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("cps_area", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("offence_codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("declassified_on", sa.Date(), nullable=True),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=True),
        sa.Column("oic_ref", sa.Text(), nullable=False),
        sa.Column("supervisor_ref", sa.Text(), nullable=True),
        sa.Column("suspect_status", sa.Text(), nullable=True),
        sa.Column("bail_ends_on", sa.Date(), nullable=True),
        sa.Column("last_act_on", sa.Date(), nullable=True),
        sa.Column("time_limit_noted_on", sa.Date(), nullable=True),
        sa.Column("finalised_on", sa.Date(), nullable=True),
        sa.Column("finalised_reason", sa.Text(), nullable=True),
        sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("why_not_stalking_on", sa.Date(), nullable=True),
        sa.Column("risk_assessed_on", sa.Date(), nullable=True),
        sa.Column("victim_contacted_on", sa.Date(), nullable=True),
        sa.Column("victim_contact_days", sa.Integer(), nullable=True),
        sa.Column("spo_considered_on", sa.Date(), nullable=True),
        sa.Column("pin_issued_on", sa.Date(), nullable=True),
        sa.Column("pin_withdrawn_on", sa.Date(), nullable=True),
        sa.Column("projection", sa.Text(), server_default=sa.text("'changed'"), nullable=False),
        sa.Column("projected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("projection in ('changed', 'evaluated', 'failed')", name=op.f("ck_cases_projection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_oic_ref", "cases", ["oic_ref"], unique=False, postgresql_where=sa.text("finalised_on is null")
    )
    op.create_index(
        "ix_cases_open",
        "cases",
        ["force_code", "cps_area", "classification", "projection"],
        unique=False,
        postgresql_where=sa.text("finalised_on is null"),
    )
    op.create_index("ix_cases_restricted", "cases", ["id"], unique=False, postgresql_where=sa.text("restricted"))
    op.create_index(
        "ix_cases_supervisor_ref",
        "cases",
        ["supervisor_ref"],
        unique=False,
        postgresql_where=sa.text("finalised_on is null"),
    )
    op.create_index(
        "ix_cases_urn_key_id", "cases", ["urn_key_id"], unique=False, postgresql_where=sa.text("urn_key_id is not null")
    )
    op.create_index(
        "ix_cases_waiting",
        "cases",
        ["force_code", "id"],
        unique=False,
        postgresql_where=sa.text("projection <> 'evaluated'"),
    )
    op.create_table(
        "clicks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("click", sa.Text(), nullable=False),
        sa.Column("slack_user_id", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'heard'"), nullable=False),
        sa.Column("answer", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clicks")),
        sa.UniqueConstraint(
            "channel_id",
            "ts",
            "key",
            "click",
            "slack_user_id",
            "nonce",
            name=op.f("uq_clicks_channel_id_ts_key_click_slack_user_id_nonce"),
        ),
    )
    op.create_index("ix_clicks_heard", "clicks", ["id"], unique=False, postgresql_where=sa.text("state = 'heard'"))
    op.create_table(
        "contacts",
        sa.Column("contact_ref", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("force_codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("cps_areas", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("slack_user_id", sa.Text(), nullable=True),
        sa.Column("deputy_ref", sa.Text(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("restricted_access", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("first_seen_on", sa.Date(), nullable=False),
        sa.Column("changed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("contact_ref", name=op.f("pk_contacts")),
    )
    op.create_index(
        "ix_contacts_leading",
        "contacts",
        ["contact_ref"],
        unique=False,
        postgresql_where=sa.text("roles && array['spoc', 'lead', 'legal_manager']"),
    )
    op.create_index(
        "ix_contacts_moving",
        "contacts",
        ["contact_ref"],
        unique=False,
        postgresql_where=sa.text(
            "changed or active_from is not null or active_to is not null or withdrawn_on is not null"
        ),
    )
    op.create_table(
        "cps_cases",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("prosecutor_ref", sa.Text(), nullable=True),
        sa.Column("charge_authorised_on", sa.Date(), nullable=True),
        sa.Column("charged_on", sa.Date(), nullable=True),
        sa.Column("ctl_expires_on", sa.Date(), nullable=True),
        sa.Column("next_hearing_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_cps_cases")),
    )
    op.create_index(
        "ix_cps_cases_prosecutor_ref",
        "cps_cases",
        ["prosecutor_ref"],
        unique=False,
        postgresql_where=sa.text("withdrawn_on is null"),
    )
    op.create_table(
        "extracts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("extract_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("extracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('loaded', 'refused')", name=op.f("ck_extracts_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extracts")),
        sa.UniqueConstraint("extract_id", "content", name="uq_extracts_extract_id_content"),
    )
    op.create_index("uq_extracts_loaded", "extracts", ["extract_id"], unique=True, postgresql_where="state = 'loaded'")
    op.create_table(
        "incidents",
        sa.Column("incident_ref", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("breach", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("incident_ref", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_key_id"), "incidents", ["key_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("contact_ref", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hard", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_ref", sa.Text(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index("ix_messages_day", "messages", ["day", "kind"], unique=False)
    op.create_index(
        "ix_messages_held",
        "messages",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state in ('claimed', 'sending')"),
    )
    op.create_index(
        "ix_messages_remote_ref",
        "messages",
        ["remote_ref"],
        unique=False,
        postgresql_where=sa.text("channel = 'slack'"),
    )
    op.create_index(
        "ix_messages_said",
        "messages",
        ["contact_ref", "sending_at"],
        unique=False,
        postgresql_where=sa.text("sending_at is not null"),
    )
    op.create_index(
        "ix_messages_unknown", "messages", ["sending_at"], unique=False, postgresql_where=sa.text("state = 'unknown'")
    )
    op.create_index(
        "ix_messages_unsaid",
        "messages",
        ["told"],
        unique=False,
        postgresql_where=sa.text("state in ('dead', 'unknown')"),
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["channel", sa.literal_column("hard desc"), "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'retry')"),
    )
    op.create_table(
        "obligations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("force_code", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chain_from", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("owed_by", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("remind_on", sa.Date(), nullable=False),
        sa.Column("escalate_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("stalls", sa.Boolean(), nullable=False),
        sa.Column("because", postgresql.JSON(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("last_step", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken_on", sa.ARRAY(sa.Date()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("owner_told", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("owner_direct", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
        sa.UniqueConstraint(
            "case_id",
            "rule",
            "subject",
            "version",
            name=op.f("uq_obligations_case_id_rule_subject_version"),
            postgresql_nulls_not_distinct=True,
        ),
        postgresql_with={"fillfactor": "85"},
    )
    op.create_index(
        "ix_obligations_indirect",
        "obligations",
        ["force_code"],
        unique=False,
        postgresql_where=sa.text("ended_on is null and last_step > 0 and not owner_direct"),
    )
    op.create_index(
        "ix_obligations_next_step",
        "obligations",
        ["force_code", "next_step_on"],
        unique=False,
        postgresql_where=sa.text("ended_on is null"),
    )
    op.create_index(
        "ix_obligations_owner_told",
        "obligations",
        ["owner_told", sa.literal_column("(array[force_code])")],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("ended_on is null and last_step > 0"),
    )
    op.create_index(
        "ix_obligations_stalling",
        "obligations",
        ["force_code", "escalate_on"],
        unique=False,
        postgresql_where=sa.text("ended_on is null and stalls"),
    )
    op.create_index(
        "uq_obligations_live",
        "obligations",
        ["case_id", "rule", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_on is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "orders",
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sought_on", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("renewal_decided_on", sa.Date(), nullable=True),
        sa.Column("victim_views_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("order_ref", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_key_id"), "orders", ["key_id"], unique=False)
    op.create_table(
        "pleas",
        sa.Column("plea_ref", sa.Text(), nullable=False),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("charged_code", sa.Text(), nullable=False),
        sa.Column("plea_code", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("victim_consulted_on", sa.Date(), nullable=True),
        sa.Column("rationale_recorded_on", sa.Date(), nullable=True),
        sa.Column("spoc_reviewed_on", sa.Date(), nullable=True),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("plea_ref", name=op.f("pk_pleas")),
    )
    op.create_index(op.f("ix_pleas_key_id"), "pleas", ["key_id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("referral_ref", sa.Text(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("decision_required_by", sa.Date(), nullable=True),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("checklist_missing", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("referral_ref", name=op.f("pk_referrals")),
    )
    op.create_index(op.f("ix_referrals_key_id"), "referrals", ["key_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("review_ref", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("police_attended", sa.Boolean(), nullable=False),
        sa.Column("cps_attended", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("urn_suffix", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("review_ref", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_key_id"), "reviews", ["key_id"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("force_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_index("ix_rounds_force_code_day", "rounds", ["force_code", "day"], unique=False)
    op.create_table(
        "slack_conversations",
        sa.Column("slack_user_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slack_user_id", name=op.f("pk_slack_conversations")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("covers", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("first_loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_extracted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )
    op.create_table(
        "training",
        sa.Column("contact_ref", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("as_sent", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("contact_ref", "course", "completed_on", name=op.f("pk_training")),
    )
    op.create_table(
        "completions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("action_ref", sa.Text(), nullable=False),
        sa.Column("by_ref", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["action_ref"], ["actions.action_ref"], name=op.f("fk_completions_action_ref_actions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
    )
    op.create_index(op.f("ix_completions_action_ref"), "completions", ["action_ref"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), nullable=False),
        sa.Column("happening", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_name", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("manner", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("contact_ref", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_notifications_message_id_messages")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_notifications_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint(
            "obligation_id",
            "step",
            "occasion",
            "contact_ref",
            "channel",
            name=op.f("uq_notifications_obligation_id_step_occasion_contact_ref_channel"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_notifications_contact_ref", "notifications", ["contact_ref", "obligation_id"], unique=False)
    op.create_index("ix_notifications_day", "notifications", ["day"], unique=False)
    op.create_index(
        "ix_notifications_message_id",
        "notifications",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id is not null"),
    )
    op.create_index(
        "ix_notifications_unsaid",
        "notifications",
        ["contact_ref", "channel"],
        unique=False,
        postgresql_where=sa.text("message_id is null and state = 'queued'"),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), nullable=False),
        sa.Column("by_ref", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("renewals", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_promises_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_obligation_id"), "promises", ["obligation_id"], unique=False)
    op.create_index(
        "uq_promises_standing", "promises", ["obligation_id"], unique=True, postgresql_where=sa.text("ended_on is null")
    )
    op.create_table(
        "replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_ref", sa.Text(), nullable=True),
        sa.Column("obligation_id", sa.BigInteger(), nullable=True),
        sa.Column("answered", sa.Text(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("because", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("in_reply_to", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_replies_message_id_messages")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligations.id"], name=op.f("fk_replies_obligation_id_obligations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("identity", name=op.f("uq_replies_identity")),
    )
    op.create_index("ix_replies_contact_ref_day", "replies", ["contact_ref", "day"], unique=False)
    op.create_index(
        "ix_replies_message_id",
        "replies",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id is not null"),
    )
    op.create_table(
        "steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligations.id"], name=op.f("fk_steps_obligation_id_obligations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("obligation_id", "step", "outcome", name=op.f("uq_steps_obligation_id_step_outcome")),
    )
    op.create_table(
        "threads",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_threads_case_id_cases")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_threads_message_id_messages")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_threads")),
    )
    op.create_index("ix_threads_case_id_place", "threads", ["case_id", "place"], unique=False)
    op.create_table(
        "thread_posts",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_thread_posts_message_id_messages")),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notifications.id"], name=op.f("fk_thread_posts_notification_id_notifications")
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.message_id"], name=op.f("fk_thread_posts_thread_id_threads")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_thread_posts")),
    )
    op.create_index("ix_thread_posts_thread_id", "thread_posts", ["thread_id"], unique=False)
