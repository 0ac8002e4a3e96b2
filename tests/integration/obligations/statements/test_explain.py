"""What `explain` reads: the cases that may be meant by an unknown reference, and what was said and not said."""

from datetime import timedelta

from config.terms import StepOutcome
from models.obligations import StepTaken
from models.queries.obligations import explain
from models.rules.references import CaseReference
from tests.worlds.rows import TUESDAY


def test_no_case_is_meant_that_is_restricted_or_bars_anybody(rows):
    urn = rows.urn("45ZZ0000126")
    for ref, given in (
        ("1243", {"restricted": True}), ("2134", {"barred_refs": ["of1"]}), ("1324", {"urn_key_id": urn}),
        ("45/1234", {"urn_key_id": urn, "restricted": True}), ("12345", {}),
    ):  # fmt: skip
        rows.case_of(ref, "45", **given)
    assert explain.similar_references(rows.connection, CaseReference("45", "1234")) == [CaseReference("45", "12345")]


def test_notifications_and_silences_come_by_their_days_and_tell_why(rows):
    case_id, before = rows.case_of("R1"), [TUESDAY - timedelta(days=days) for days in range(3)]
    owed = rows.owes(case_id, TUESDAY, rule="action", subject="action:A1")
    whole = rows.owes(case_id, TUESDAY)
    for step, outcome in ((1, StepOutcome.TAKEN), (2, StepOutcome.SILENT), (3, StepOutcome.SILENT)):
        given = {"name": "late", "on_day": before[3 - step], "outcome": outcome, "reason": "promised"}
        rows.add(StepTaken, obligation_id=owed, step=step, **given)
    rows.notification(owed, None, "of1", note="note", reason="why")
    rows.notification(whole, None, "of1", day=before[2], note="", reason="left", state="silent")
    rows.notification(rows.owes(rows.case_of("R2"), TUESDAY), None, "of2")
    found = explain.notifications(rows.connection, case_id)
    assert [(one.on, one.subject, one.step, one.state, one.contact_ref, one.reason) for one in found] == [
        (before[2], "", "critical", "silent", "of1", "left"),
        (before[1], "action:A1", "late", "silent", None, "promised"),
        (before[0], "action:A1", "critical", "queued", "of1", "note; why"),
        (before[0], "action:A1", "late", "silent", None, "promised"),
    ]
