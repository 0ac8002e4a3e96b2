"""Intake of extracts: loaded rows, reported problems, and which rows change."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.options import Allowed
from tasks.intake.results import Fate, exit_code
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, write
from tests.worlds.intake import Intake


@pytest.fixture
def intake(database: Engine, tmp_path: Path) -> Intake:
    return Intake(database, tmp_path)


def test_a_first_extract_loads_its_rows_and_marks_its_cases_changed(intake: Intake) -> None:
    result = intake.sends({"contacts.csv": [a_contact()], "cases.csv": [a_case()], "actions.csv": [an_action()]})
    assert (result.fate, result.sentence, exit_code([result])) == (Fate.LOADED, "", 0)
    assert intake.rows("select case_ref, classification, risk, cps_area from cases") == [
        ("C1", "stalking", "unknown", "South East")
    ]
    assert intake.rows("select action_ref, status from actions") == [("A1", "pending")]
    assert intake.changed == ["C1"]


def test_a_quiet_nights_delta_names_no_file_and_is_a_sign_of_life(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]})
    before = intake.rows("select last_extracted_at from sources")
    assert intake.sends({}, mode="delta").fate is Fate.LOADED
    assert intake.rows("select last_extracted_at from sources") > before
    assert "says nothing" in intake.sends({}, mode="snapshot").sentence


def test_the_same_extract_again_is_a_no_op_and_reported_as_one(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]})
    (result,) = load_folders(configured(), [intake.path / "x1"], AS_OF)
    assert (result.fate, exit_code([result])) == (Fate.ALREADY, 0)


def test_the_same_id_with_other_content_is_refused(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]}, extract_id="one")
    result = intake.sends({"cases.csv": [a_case(), a_case("C2")]}, extract_id="one")
    assert (result.fate, exit_code([result])) == (Fate.REFUSED, 2)
    assert "other content" in result.sentence
    assert intake.rows("select case_ref from cases") == ["C1"]


def test_the_same_facts_again_change_nothing(intake: Intake) -> None:
    files = {
        "contacts.csv": [a_contact(), a_contact("P2", deputy_ref="P1")],
        "absences.csv": [{"contact_ref": "P1", "from_on": "2026-12-01", "to_on": "2026-12-08"}],
        "cases.csv": [a_case(urn="45 AB 12345/26 (M)"), a_case("C2")],
        "actions.csv": [an_action(), an_action("A2", "C9")],
    }
    intake.sends(files)
    intake.settle()
    result = intake.sends(files)
    assert [(f.added, f.changed, f.withdrawn) for f in result.files] == [(0, 0, 0)] * 4
    assert intake.changed == []
    assert intake.rows("select contact_ref from contacts where changed") == []
    assert intake.rows("select 1 from absences where changed") == []


def test_only_the_case_whose_row_really_changed_is_marked(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), a_case("C2")], "actions.csv": [an_action(), an_action("A2", "C2")]})
    intake.settle()
    intake.sends({"actions.csv": [an_action(), an_action("A2", "C2", due_on="2027-01-05")]})
    assert intake.changed == ["C2"]


def test_a_changed_case_marks_the_cases_that_share_its_urn_root(intake: Intake) -> None:
    cases = [a_case(urn="45AB1234526M"), a_case("C2", urn="45ab 12345/26 S"), a_case("C3")]
    intake.sends({"cases.csv": cases})
    intake.settle()
    intake.sends({"cases.csv": [cases[0] | {"risk": "high"}, *cases[1:]]})
    assert intake.changed == ["C1", "C2"]
    assert intake.rows("select urn_suffix from cases where urn_suffix is not null order by 1") == ["M", "S"]


def test_a_row_of_one_case_marks_the_cases_that_share_its_urn_root(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(urn="45AB1234526"), a_case("C2", urn="45AB1234526"), a_case("C3")]})
    intake.settle()
    intake.sends({"actions.csv": [an_action("A1", "C2")]})
    assert intake.changed == ["C1", "C2"]


def test_a_case_that_leaves_a_root_marks_those_it_leaves(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(urn="45AB1234526"), a_case("C2", urn="45AB1234526"), a_case("C3")]})
    intake.settle()
    intake.sends({"cases.csv": [a_case(), a_case("C2", urn="45AB1234526"), a_case("C3")]})
    assert intake.changed == ["C1", "C2"]


def test_a_row_of_an_unknown_case_waits_and_joins_it_when_it_arrives(intake: Intake) -> None:
    result = intake.sends({"actions.csv": [an_action()]})
    assert (result.files[0].waiting, result.files[0].added) == (1, 1)
    intake.sends({"cases.csv": [a_case()]})
    assert intake.rows("select c.case_ref from actions a join cases c on c.id = a.key_id") == ["C1"]


def test_a_cps_row_by_urn_joins_every_case_of_its_root(intake: Intake) -> None:
    cps = {"source": "cms", "agency": "cps"}
    first = intake.sends({"cps_cases.csv": [{"urn": "45AB1234526/1", "charged_on": "2026-11-20"}]}, **cps)
    assert first.files[0].waiting == 1
    intake.sends({"cases.csv": [a_case(urn="45AB1234526"), a_case("C2", urn="45AB1234526(M)")]})
    intake.settle()
    again = intake.sends({"cps_cases.csv": [{"urn": "45AB1234526", "charged_on": "2026-11-21"}]}, **cps)
    assert again.files[0].waiting == 0
    assert intake.changed == ["C1", "C2"]


def test_a_ref_of_another_source_is_a_problem_that_names_the_first(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action()]})
    result = intake.sends({"actions.csv": [an_action(due_on="2027-01-01")]}, source="athena", agency="police")
    assert (result.fate, result.rejected, exit_code([result])) == (Fate.LOADED, 1, 1)
    assert result.files[0].examples == ['line 2: action_ref belongs to source "niche-45", which sent it first']
    assert intake.rows("select due_on from actions") == [None]


def test_what_a_snapshot_no_longer_holds_is_withdrawn_and_comes_back_when_sent_again(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action(), an_action("A2")]})
    intake.settle()
    result = intake.sends({"actions.csv": [an_action()]})
    assert result.files[0].withdrawn == 1
    assert [str(day) for day in intake.rows("select withdrawn_on from actions where action_ref = 'A2'")] == [
        "2026-11-25"
    ]
    assert intake.changed == ["C1"]
    intake.settle()
    intake.sends({"actions.csv": [an_action(), an_action("A2")]})
    assert intake.rows("select action_ref from actions where withdrawn_on is null order by 1") == ["A1", "A2"]
    assert intake.changed == ["C1"]


def test_a_file_that_a_snapshot_does_not_have_withdraws_nothing(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action()]})
    intake.sends({"cases.csv": [a_case()]})
    assert intake.rows("select withdrawn_on from actions") == [None]


def test_a_rejected_row_is_still_supplied(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action()]})
    result = intake.sends({"actions.csv": [an_action(status="lost")]})
    assert (result.files[0].rejected, result.files[0].withdrawn) == (1, 0)


def test_a_case_that_disappears_stays_and_operations_are_told(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case(), a_case("C2")]})
    result = intake.sends({"cases.csv": [a_case()]})
    assert result.cases_missing == 1
    assert intake.rows("select case_ref from cases where withdrawn_on is not null") == ["C2"]
    (words,) = intake.rows("select text from messages where key like 'missing:%'")
    assert "no longer holds 1 case that the source supplied before" in words


def test_a_truncated_snapshot_is_refused_and_allow_shrink_lifts_it(intake: Intake) -> None:
    rows = [an_action(f"A{n}") for n in range(30)]
    intake.sends({"cases.csv": [a_case()], "actions.csv": rows})
    refused = intake.sends({"actions.csv": rows[:9]})
    assert (refused.fate, "truncated" in refused.sentence) == (Fate.REFUSED, True)
    assert intake.rows("select count(*) from actions where withdrawn_on is null") == [30]
    assert intake.sends({"actions.csv": rows[:9]}, allowed=Allowed(shrink=True)).files[0].withdrawn == 21


def test_twenty_rows_gone_are_not_many(intake: Intake) -> None:
    rows = [an_action(f"A{n}") for n in range(30)]
    intake.sends({"actions.csv": rows})
    assert intake.sends({"actions.csv": rows[:10]}).files[0].withdrawn == 20


def test_a_snapshot_says_nothing_of_a_force_it_does_not_cover(intake: Intake) -> None:
    both = [an_action(), an_action("A2", force_code="46")]
    intake.sends({"actions.csv": both}, covers=["45", "46"])
    intake.sends({"actions.csv": both[:1]}, covers=["45"])
    assert intake.rows("select count(*) from actions where withdrawn_on is null") == [2]


def test_a_delta_changes_what_it_names_and_withdraws_what_it_says(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action(), an_action("A2"), an_action("A3")]})
    result = intake.sends(
        {"actions.csv": [an_action(due_on="2027-01-05"), {"action_ref": "A2", "withdrawn": "Yes"}]}, mode="delta"
    )
    assert (result.files[0].changed, result.files[0].withdrawn, result.files[0].rejected) == (1, 1, 0)
    assert intake.rows("select action_ref from actions where withdrawn_on is null order by 1") == ["A1", "A3"]


def test_a_contact_may_be_withdrawn_and_is_then_looked_at_again(intake: Intake) -> None:
    intake.sends({"contacts.csv": [a_contact(), a_contact("P2")]})
    intake.settle()
    intake.sends({"contacts.csv": [a_contact()]})
    assert intake.rows("select contact_ref from contacts where changed and withdrawn_on = '2026-11-25'") == ["P2"]


def test_the_day_an_extract_takes_stalking_from_a_case_is_kept(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]})
    intake.sends({"cases.csv": [a_case(classification="Harassment")]})
    assert [str(day) for day in intake.rows("select declassified_on from cases")] == ["2026-11-25"]
    intake.sends({"cases.csv": [a_case(classification="other")]})
    assert [str(day) for day in intake.rows("select declassified_on from cases")] == ["2026-11-25"]


def test_peoples_records_hold_until_the_sources_own_row_changes(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action()]})
    with intake.engine.begin() as connection:
        connection.execute(
            text("""update actions set status = 'done', closed_on = '2026-11-24',
                    as_sent = '{"status": "pending", "closed_on": null}'""")
        )
    intake.settle()
    intake.sends({"actions.csv": [an_action()]})
    assert (intake.rows("select status from actions"), intake.changed) == (["done"], [])
    intake.sends({"actions.csv": [an_action(status="waiting_third_party")]})
    assert intake.rows("select status, closed_on, as_sent from actions") == [("waiting_third_party", None, None)]
    assert intake.changed == ["C1"]


def test_an_older_extract_is_refused_and_allow_older_lifts_it(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]}, number=5)
    older = intake.sends({"cases.csv": [a_case(risk="high")]}, number=4)
    assert (older.fate, "--allow-older" in older.sentence) == (Fate.REFUSED, True)
    assert intake.sends({"cases.csv": [a_case(risk="high")]}, number=4, allowed=Allowed(older=True)).fate is Fate.LOADED


def test_a_refusal_is_recorded_and_told_once_for_its_content(intake: Intake) -> None:
    first = intake.sends({"cases.csv": [a_case()]}, rows={"cases.csv": 2})
    assert first.sentence == "cases.csv has 1 rows where the manifest says 2."
    load_folders(configured(), [intake.path / "x1"], AS_OF)
    assert intake.rows("select count(*) from messages where kind = 'operations'") == [1]
    assert intake.rows("select state, refusal from extracts") == [("refused", first.sentence)]
    assert intake.rows("select count(*) from cases") == [0]


def test_too_many_rejected_rows_refuse_the_extract_and_are_still_written_down(intake: Intake) -> None:
    rows = [an_action(f"A{n}") for n in range(100)] + [an_action(f"B{n}", status="lost") for n in range(21)]
    result = intake.sends({"actions.csv": rows})
    assert (result.fate, "21 of 121 rows were rejected" in result.sentence) == (Fate.REFUSED, True)
    assert (intake.rejected / "niche-45-1" / "actions.csv").read_text().count("status") == 22


def test_a_rejected_row_goes_to_its_file_with_its_line_and_every_problem(intake: Intake) -> None:
    rows = [a_case(), a_case("=C2", risk="V.High", opened_on="2026-13-01", oic_ref="")]
    intake.sends({"cases.csv": rows})
    header, row = (intake.rejected / "niche-45-1" / "cases.csv").read_text().splitlines()
    assert header.endswith('"line","problems"')
    assert '"\'=C2"' in row
    assert row.endswith(
        '"3","opened_on ""2026-13-01"" is not a day of the calendar; '
        'risk ""V.High"" is not one of high, medium, standard"'
    )


def test_a_case_whose_officer_or_urn_cannot_be_read_is_loaded_and_watched(intake: Intake) -> None:
    rows = [a_case(oic_ref=""), a_case("C2", oic_ref="Jane Smith"), a_case("C3", urn="see file")]
    result = intake.sends({"contacts.csv": [a_contact()], "cases.csv": rows})
    (loaded,) = (file for file in result.files if file.name == "cases.csv")
    assert (loaded.added, loaded.rejected, loaded.warned) == (3, 0, 3)
    assert intake.rows("select oic_ref, urn_key_id from cases order by case_ref")[:2] == [("", None)] * 2
    assert "Jane" not in " ".join(loaded.examples)


def test_the_same_ref_twice_in_a_file_names_the_first_line(intake: Intake) -> None:
    result = intake.sends({"actions.csv": [an_action(), an_action("A2"), an_action(due_on="2027-01-01")]})
    assert result.files[0].examples == ["line 4: action_ref is the same as on line 2"]
    assert intake.rows("select action_ref, due_on from actions order by 1") == [("A1", None), ("A2", None)]


def test_an_unknown_contact_and_an_unknown_maker_of_a_urn_are_warnings(intake: Intake) -> None:
    result = intake.sends({"cases.csv": [a_case(urn="99AB1234526", oic_ref="P9")]})
    assert (result.files[0].added, result.files[0].warned, exit_code([result])) == (1, 2, 0)
    assert result.files[0].examples == [
        "line 2: warning: urn begins with what is no force's code; oic_ref is not a known contact"
    ]
    warned = (intake.rejected / "niche-45-1" / "warnings-cases.csv").read_text()
    assert 'urn begins ""99"", which is no force\'s code; oic_ref ""P9"" is not a known contact' in warned


def test_an_end_of_bail_or_custody_years_off_is_a_warning_and_is_watched_all_the_same(intake: Intake) -> None:
    suspect = {"suspect_ref": "S1", "suspect_status": "bail", "status_changed_on": "2026-11-02"}
    suspect |= {"force_code": "45", "case_ref": "C1", "bail_ends_on": "2028-01-12"}
    files = {"contacts.csv": [a_contact()], "cases.csv": [a_case()], "suspects.csv": [suspect]}
    result = intake.sends(files)
    assert result.files[2].examples == ["line 2: warning: bail_ends_on is more than 12 months after status_changed_on"]
    assert intake.rows("select bail_ends_on::text from suspects") == ["2028-01-12"]


def test_a_contact_without_a_row_is_told_apart_from_one_whose_row_was_rejected(intake: Intake) -> None:
    cases = [a_case(oic_ref="P8"), a_case("C2", oic_ref="P9")]
    result = intake.sends({"contacts.csv": [a_contact(), a_contact("P8", email="")], "cases.csv": cases})
    (loaded,) = [file for file in result.files if file.name == "cases.csv"]
    assert loaded.examples == [
        "line 2: warning: oic_ref is not a known contact: its row of contacts.csv was rejected",
        "line 3: warning: oic_ref is not a known contact: contacts.csv has no row of it",
    ]


def test_an_unknown_contact_who_is_barred_is_a_warning_and_stays_barred(intake: Intake) -> None:
    cases = [a_case(barred_refs="P1;P8;P9"), a_case("C2", barred_refs="")]
    result = intake.sends({"contacts.csv": [a_contact()], "cases.csv": cases})
    (loaded,) = [file for file in result.files if file.name == "cases.csv"]
    unknown = "barred_refs is not a known contact"
    assert loaded.examples == [f"line 2: warning: {unknown}; {unknown}"]
    assert (loaded.added, loaded.warned) == (2, 2)
    warned = (intake.rejected / "niche-45-1" / "warnings-cases.csv").read_text()
    assert 'barred_refs ""P8"" is not a known contact; barred_refs ""P9"" is not a known contact' in warned
    kept = intake.rows("select barred_refs from cases order by case_ref")
    assert kept == [["P1", "P8", "P9"], []]


def test_folders_are_judged_police_first_and_oldest_first(intake: Intake) -> None:
    drop = intake.path / "drop"
    write(drop / "a", {"cps_cases.csv": [{"urn": "45AB1234526"}]}, number=1, source="cms", agency="cps")
    write(drop / "b", {"cases.csv": [a_case(risk="high")]}, number=3)
    write(drop / "c", {"cases.csv": [a_case(risk="medium")]}, number=2)
    (drop / "d").mkdir()
    made = load_folders(configured(), [drop], AS_OF)
    assert [(each.folder, each.fate.value) for each in made] == [
        ("c", "loaded"),
        ("b", "loaded"),
        ("a", "loaded"),
        ("d", "not looked at"),
    ]
    assert intake.rows("select risk from cases") == ["high"]


def test_one_extract_is_one_audit_row(intake: Intake) -> None:
    intake.sends({"cases.csv": [a_case()]})
    assert intake.rows("select verb, about, ref, reason from audit") == [
        ("collection", "extract", "niche-45-1", "intake")
    ]
