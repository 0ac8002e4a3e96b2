"""Where a member of staff is held, what that shows, and why it stays after they have left."""

from typing import NamedTuple


class StaffColumn(NamedTuple):
    """A column that holds contacts' references, one or an array of them, and the column that dates its rows.

    `prefix` comes before the reference where the column holds other things too.
    """

    table: str
    column: str
    day: str
    shows: str
    stays: str
    many: bool = False
    prefix: str = ""


_SOURCE = "until a purge a year after the source withdrew them (the policy's span); then the reference alone"
_CASE = "as long as the case: who answers for it"
_DONE = "as long as the case: who did what has to be answered for"
_TOLD = "as long as the case: who was told what, and when"
_LOG = "as long as the log: section 62 of the Data Protection Act 2018 asks for who, when and whom to"
_SET = "as long as the installation: who set it"
_SLACK = "as long as the installation: where they are written to, without a case"
_SENT = "as long as the case: whom it was sent to, and when; its content is erased sooner"
COLUMNS = (
    StaffColumn("contacts", "contact_ref", "first_seen_on", "name, work address, roles and places", _SOURCE),
    StaffColumn("contacts", "deputy_ref", "first_seen_on", "deputy of others", _SOURCE),
    StaffColumn("absences", "contact_ref", "from_on", "days away", _SOURCE),
    StaffColumn("training", "contact_ref", "completed_on", "courses completed", _SOURCE),
    StaffColumn("obligations", "subject", "began_on", "training that they owe", _CASE, prefix="contact:"),
    StaffColumn("cases", "oic_ref", "opened_on", "officer in the case", _CASE),
    StaffColumn("cases", "supervisor_ref", "opened_on", "supervisor of the case", _CASE),
    StaffColumn("cases", "spoc_ref", "opened_on", "leading SPOC of the case", _CASE),
    StaffColumn("cps_cases", "prosecutor_ref", "charged_on", "prosecutor of the case", _CASE),
    StaffColumn("cps_cases", "spoc_ref", "charged_on", "leading SPOC of the case for CPS", _CASE),
    StaffColumn("actions", "owner_ref", "raised_on", "owner of an action", _CASE),
    StaffColumn("obligations", "addressed", "began_on", "asked last for what is owed", _CASE, many=True),
    StaffColumn("obligations", "through", "began_on", "on the way to whom was asked", _CASE, many=True),
    StaffColumn("sittings", "chair_ref", "day", "chair of a meeting", _CASE),
    StaffColumn("promises", "by_ref", "made_on", "promises, each with its reason in their own words", _DONE),
    StaffColumn("completions", "by_ref", "made_on", "reports that an action was done", _DONE),
    StaffColumn("confirmations", "by_ref", "confirmed_on", "grades of risk that they confirmed", _DONE),
    StaffColumn("outcomes", "by_ref", "recorded_on", "recorded outcomes of reviews", _DONE),
    StaffColumn("convenings", "chosen_by", "convened_on", "moves of a case to another meeting", _DONE),
    StaffColumn("acts", "by_ref", "made_on", "acts in their name, with the door", _DONE),
    StaffColumn("undoings", "by_ref", "undone_on", "rounds undone", _DONE),
    StaffColumn("holds", "by_ref", "held_at", "cases that they had kept", _DONE),
    StaffColumn("holds", "released_by", "released_at", "holds that they released", _DONE),
    StaffColumn("replies", "contact_ref", "day", "replies to mails, without their words", _DONE),
    StaffColumn("notifications", "contact_ref", "day", "what they were to be told", _TOLD),
    StaffColumn("messages", "contact_ref", "day", "mails and posts to them, with their content", _SENT),
    StaffColumn("invitations", "contact_ref", "told_on", "calendar events as last sent", _TOLD),
    StaffColumn("audit", "by", "at", "what they did or asked to see", _LOG),
    StaffColumn("audit", "to_ref", "at", "what was disclosed to them", _LOG),
    StaffColumn("switches", "set_by", "set_at", "switches that they set", _SET),
)
# In Slack a person is held by their account there.
SLACK_COLUMNS = (
    StaffColumn("slack_conversations", "slack_user_id", "", "the conversation with them", _SLACK),
    StaffColumn("clicks", "slack_user_id", "heard_at", "buttons pressed", _DONE),
)
# That somebody must hear nothing of a case tells what the case may be about: it is never shown, and not counted.
NEVER = frozenset({("cases", "barred_refs"), ("rejected_marks", "barred_refs")})
