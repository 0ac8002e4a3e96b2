"""The cases that may be meant by a reference that is not known."""

from models.queries.obligations import explain
from models.rules.references import CaseReference


def test_no_case_is_meant_that_is_restricted_or_bars_anybody(rows):
    urn = rows.urn("45ZZ0000126")
    for ref, given in (
        ("1243", {"restricted": True}), ("2134", {"barred_refs": ["of1"]}), ("1324", {"urn_key_id": urn}),
        ("45/1234", {"urn_key_id": urn, "restricted": True}), ("12345", {}),
    ):  # fmt: skip
        rows.case_of(ref, "45", **given)
    assert explain.similar_references(rows.connection, CaseReference("45", "1234")) == ["45/12345"]
