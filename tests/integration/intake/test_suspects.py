"""Suspects and defendants row by row: whose they are, how they come and go, and the status day of each."""

from datetime import timedelta

import pytest

from tasks.intake.files import FILES
from tasks.intake.options import Allowed
from tests.worlds.extracts import TAKEN, a_case, a_contact
from tests.worlds.intake import Intake

SENT = """select suspect_ref, k.case_ref, s.withdrawn_on::text
          from suspects s join case_keys k on k.id = s.key_id order by 1"""
KEPT = "select status_on::text, status_seen_on::text from suspects where suspect_ref = 'S1'"
NO_SUSPECTS = f"{','.join(column.name for column in FILES['suspects.csv'].columns)}\n".encode()
CPS = {"source": "cms-se", "agency": "cps"}
URN = "45AB0001226"


def a_suspect(suspect_ref: str = "S1", case_ref: str = "C1", **said: str) -> dict[str, str]:
    return {"force_code": "45", "case_ref": case_ref, "suspect_ref": suspect_ref, **said}


class Nights(Intake):
    """Extracts of a source, each with its day of November 2026."""

    def night(self, day: int, files, **said):
        taken = TAKEN - timedelta(days=25 - day)
        result = self.sends(files, extracted_at=taken.isoformat(), **said)
        assert result.sentence == ""
        return result

    def cases(self, day: int, *suspects, cases=(), **said):
        sent = list(suspects) or NO_SUSPECTS
        files = {"cases.csv": cases or [a_case()], "contacts.csv": [a_contact()], "suspects.csv": sent}
        return self.night(day, files, **said)


@pytest.fixture
def nights(database, tmp_path) -> Nights:
    return Nights(database, tmp_path)


def test_a_case_has_each_suspect_that_police_send_and_loses_whom_a_snapshot_leaves_out(nights):
    nights.cases(10, a_suspect(), a_suspect("S2"))
    nights.settle()
    nights.cases(11, a_suspect())
    assert nights.rows(SENT) == [("S1", "C1", None), ("S2", "C1", "2026-11-11")]
    assert nights.changed == ["C1"]


def test_a_delta_changes_and_withdraws_the_suspects_that_it_names(nights):
    nights.cases(10, a_suspect(bail_ends_on="2026-12-24"), a_suspect("S2"), a_suspect("S3"))
    rows = [a_suspect(charged_on="2026-11-09"), a_suspect("S2", withdrawn="yes")]
    nights.night(11, {"suspects.csv": rows}, mode="delta", lacking={"suspects.csv": ["bail_ends_on"]})
    assert [ref for ref, _, gone in nights.rows(SENT) if gone is None] == ["S1", "S3"]
    known = "select bail_ends_on::text, charged_on::text from suspects where suspect_ref = 'S1'"
    assert nights.rows(known) == [("2026-12-24", "2026-11-09")]


def test_a_suspect_of_an_unknown_case_waits_and_joins_it(nights):
    result = nights.cases(10, a_suspect(case_ref="C2"))
    assert [file.waiting for file in result.files if file.name == "suspects.csv"] == [1]
    nights.settle()
    nights.cases(11, a_suspect(case_ref="C2"), cases=[a_case(), a_case("C2")])
    assert nights.rows(SENT) == [("S1", "C2", None)]
    assert nights.changed == ["C2"]


def test_a_suspect_belongs_to_the_source_that_sent_it_first(nights):
    nights.cases(10, a_suspect())
    other = {"cases.csv": [a_case("C9")], "suspects.csv": [a_suspect(case_ref="C9")]}
    result = nights.night(11, other, source="athena-45")
    assert [file.rejected for file in result.files] == [0, 1]
    assert nights.rows(SENT) == [("S1", "C1", None)]


@pytest.mark.parametrize(("name", "who"), [("suspects.csv", CPS), ("defendants.csv", {})])
def test_each_file_comes_from_its_own_agency_alone(nights, name, who):
    result = nights.sends({name: [a_suspect(defendant_ref="D1")]}, **who)
    assert f"{name} comes from" in result.sentence


def test_a_known_end_of_bail_stays_where_a_snapshot_may_have_fewer_columns(nights):
    nights.cases(10, a_suspect(bail_ends_on="2026-12-24", bail_varied_on="2026-11-09"))
    nights.cases(11, a_suspect(), lacking={"suspects.csv": ["bail_ends_on", "bail_varied_on"]},
                 allowed=Allowed(fewer_columns=True))  # fmt: skip
    assert nights.rows("select bail_ends_on::text, bail_varied_on from suspects") == [("2026-12-24", None)]


def test_a_defendant_is_named_by_urn_or_by_case_and_custody_may_be_unknown(nights):
    nights.cases(10, cases=[a_case(urn=URN)])
    nights.settle()
    rows = [
        {"defendant_ref": "D1", "urn": f"{URN}/1", "in_custody": "yes", "ctl_expires_on": "2027-03-01"},
        {"defendant_ref": "D2", "force_code": "45", "case_ref": "C1", "urn": URN, "in_custody": ""},
        {"defendant_ref": "D3", "urn": URN, "in_custody": "no"},
    ]
    nights.night(11, {"defendants.csv": rows, "cps_cases.csv": [{"urn": URN, "in_custody": "no"}]}, **CPS)
    stored = """select defendant_ref, k.case_ref, in_custody, ctl_expires_on::text
                from defendants d join case_keys k on k.id = d.key_id order by 1"""
    known = [("D1", None, True, "2027-03-01"), ("D2", "C1", None, None), ("D3", None, False, None)]
    assert nights.rows(stored) == known
    assert nights.rows("select in_custody from cps_cases") == [False]
    assert nights.changed == ["C1"]


def test_a_known_time_limit_of_a_defendant_stays_where_a_snapshot_may_have_fewer_columns(nights):
    row = {"defendant_ref": "D1", "urn": URN}
    nights.night(10, {"defendants.csv": [{**row, "in_custody": "yes", "ctl_expires_on": "2027-03-01"}]}, **CPS)
    without = {"defendants.csv": ["ctl_expires_on", "in_custody"]}
    nights.night(11, {"defendants.csv": [row]}, lacking=without, allowed=Allowed(fewer_columns=True), **CPS)
    assert nights.rows("select in_custody, ctl_expires_on::text from defendants") == [(None, "2027-03-01")]


def bail(suspect_ref: str = "S1", **said: str) -> dict[str, str]:
    return a_suspect(suspect_ref, suspect_status="bail", **said)


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        pytest.param(bail(), bail(), ("2026-11-10", None), id="known since the source's first suspects"),
        pytest.param(bail(), a_suspect(suspect_status="wanted"), ("2026-11-10", "2026-11-20"), id="changed"),
        pytest.param(bail(), a_suspect(suspect_status="wanted", status_changed_on="2026-11-15"),
                     ("2026-11-15", "2026-11-20"), id="changed with its day"),
        pytest.param(a_suspect("S2"), bail(), ("2026-11-10", "2026-11-20"), id="a suspect who comes later"),
        pytest.param(bail(), a_suspect(), (None, None), id="sent no more"),
    ],
)  # fmt: skip
def test_each_suspect_has_a_status_day(nights, before, after, kept):
    nights.cases(10, before)
    nights.cases(20, after, bail("S9"))
    assert nights.rows(KEPT) == [kept]


def test_the_status_of_a_suspect_is_not_older_than_the_case(nights):
    nights.cases(10, bail("S9"))
    nights.cases(20, bail("S9"), bail(case_ref="C2"), cases=[a_case(), a_case("C2", opened_on="2026-11-18")])
    assert nights.rows(KEPT) == [("2026-11-18", "2026-11-20")]


def test_the_first_suspect_in_a_file_that_was_empty_before_changed_since_then(nights):
    nights.cases(10)
    nights.cases(20, bail())
    assert nights.rows(KEPT) == [("2026-11-10", "2026-11-20")]


def test_first_statuses_of_a_source_that_sent_cases_before_are_no_change(nights):
    nights.night(10, {"cases.csv": [a_case(suspect_status="bail")]})
    nights.cases(20, bail(), cases=[a_case(suspect_status="bail")])
    assert nights.rows(KEPT) == [("2026-11-20", None)]
