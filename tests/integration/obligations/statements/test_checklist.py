"""The referrals of a case with what their checklists lack, in the order in which they matter."""

from datetime import timedelta

from models.cases import ReferralRow
from models.queries.obligations import checklist
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)


def test_undecided_referrals_come_first_then_the_latest_then_by_reference(connection):
    rows = ReviewRows(connection)
    urn = rows.urn("45ZZ0000126")
    case_id, other = rows.case_of("T1", urn_key_id=urn), rows.case_of("T2")
    for ref, key, days, decided in (
        ("decided", case_id, 1, True), ("old", case_id, 9, False), ("b", urn, 3, False), ("a", case_id, 3, False),
        ("decided-late", urn, 0, True), ("other", other, 0, False),
    ):  # fmt: skip
        values = {"submitted_on": TUESDAY - days * DAY, "decision_on": TUESDAY if decided else None}
        rows.add(ReferralRow, referral_ref=ref, key_id=key, source_id=rows.source_id, checklist_missing=[], **values)
    rows.add(ReferralRow, referral_ref="gone", key_id=case_id, source_id=rows.source_id, checklist_missing=[],
             submitted_on=TUESDAY, withdrawn_on=TUESDAY)  # fmt: skip
    found = [one.ref for one in checklist.referrals(connection, case_id, urn)]
    assert found == ["a", "b", "old", "decided-late", "decided"]
