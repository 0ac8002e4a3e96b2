"""`casebeat intake --check`: what an intake would do, every problem, what could be seen, and nothing written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.integration.intake.profiles.own_export import CRIMES, PROFILE, OwnExport, own
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.workbooks import of_sheets

__all__ = ["own"]
TABLES = "select table_name from information_schema.tables where table_schema = 'public'"


def counts(own: OwnExport) -> dict[str, int]:
    with own.engine.connect() as connection:
        names = sorted(connection.scalars(text(TABLES)))
        return {name: connection.scalar(text(f'select count(*) from "{name}"')) for name in names}


def test_an_own_export_is_loaded_on_trial_and_nothing_of_it_stays(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    bad = ["C5|31.11.2026|PH97010|99|Extreme|Open|JONES Ann|x", "C6|04/11/2026|PH97010|99|Extreme|Open||"]
    folder = own.describes().sends({"crimes.csv": [*CRIMES, *bad]})
    before = counts(own)
    ran = run_cli("intake", "--check", str(folder))
    assert counts(own) == before
    assert ran.code == 1
    assert "would be loaded; nothing was written" in ran.out
    assert "  cases.csv: 4 rows, 2 loaded, 2 new, 2 rejected" in ran.out
    assert "risk is not one of high, medium, standard (2 rows, line 7, 8)" in ran.out
    assert "opened_on is not a day written DD/MM/YYYY (line 7)" in ran.out
    assert "cannot be seen  risk-assessment         cases.csv: risk_assessed_on" in ran.out
    assert "Extreme" not in ran.out + ran.err
    assert not (own.drop.parent / "home" / "rejected").exists()


def test_it_says_which_columns_are_filled_and_what_the_first_morning_would_find(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    profile = PROFILE.replace("risk: {from: Risk", "risk_assessed_on: Assessed\n          risk: {from: Risk")
    rows = [f"C{n}|01/11/2026|PH97010|99|V High|Open||{'02/11/2026' * (n == 1)}" for n in range(1, 6)]
    head = CRIMES[0].replace("Notes", "Assessed")
    folder = own.describes(profile).sends({"crimes.csv": [head, *rows]})
    ran = run_cli("intake", "--check", str(folder))
    assert "    filled in every row: risk\n" in ran.out
    empty = "1 of 5 filled: 4 rows say: not assessed; if your system keeps it elsewhere, leave it out"
    assert f"    risk_assessed_on: {empty}\n" in ran.out
    assert "The first morning, of 5 open cases:\n" in ran.out
    assert "  risk-assessment               5 owed, 4 overdue: risk_assessed_on is filled in 1 of 5 rows\n" in ran.out
    made = json.loads(run_cli("intake", "--check", "--json", str(folder)).out)
    assert made["filled"]["cases.csv"] == {"risk": 5, "risk_assessed_on": 1, "suspect_key": 0}
    assert {"rule": "risk-assessment", "cases": 5, "overdue": 4} in made["first_morning"]["duties"]


def test_an_export_that_is_loaded_is_said_to_be_and_told_all_the_same(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    folder = own.describes().sends({"crimes.csv": CRIMES})
    assert run_cli("intake", str(folder)).code == 0
    ran = run_cli("intake", "--check", str(folder))
    assert (ran.code, ran.out.splitlines()[0].split(": ")[1]) == (0, "already loaded; nothing would be done")
    assert "would be loaded" not in ran.out
    assert "    filled in every row: risk" in ran.out
    assert json.loads(run_cli("intake", "--check", "--json", str(folder)).out)["state"] == "already loaded"


def test_a_row_of_a_book_is_told_with_its_sheet(own: OwnExport, run_cli: Callable[..., Any], tmp_path: Path) -> None:
    head = ["Crime No", "Created", "Offence", "Risk"]
    sheets = {
        "Register": [head, ["C1", "01/11/2026", "PH97010", "high"], ["C2", "01/11/2026", "PH97010", "Extreme"]],
        "Older": [head, ["C3", "01/11/2026", "PH97010", "Extreme"]],
    }
    columns = "{force_code: {always: 45}, case_ref: Crime No, opened_on: Created, offence_codes: Offence, risk: Risk}"
    each = [
        f"  - read: book.xlsx\n    sheet: {name}\n    makes: [{{rows_of: cases.csv, columns: {columns}}}]\n"
        for name in sheets
    ]
    described = "agency: police\ncovers: [45]\ncomplete_when: export.done\ndays: DD/MM/YYYY\nfiles:\n"
    own.describes(described + "".join(each).replace("opened_on:", 'oic_ref: {always: ""}, opened_on:'))
    folder = own.sends({"book.xlsx": of_sheets(tmp_path / "book.xlsx", sheets).read_bytes()})
    ran = run_cli("intake", "--check", str(folder))
    assert "    made from book.xlsx (Register) and book.xlsx (Older)\n" in ran.out
    assert "risk is not one of high, medium, standard (2 rows, line 2 of Older, 3 of Register)" in ran.out


def test_a_duty_whose_beginning_no_row_fills_is_named(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    folder = write(own.drop / "E1", {"cases.csv": [a_case()]})
    ran = run_cli("intake", "--check", str(folder))
    why = "suspect_status is filled in 0 of 1 row, bail_ends_on is filled in 0 of 1 row"
    assert f"  bail-end                0 of 1 case can begin it: {why}\n" in ran.out
    told = "0 of 1 row can begin bail-end; if your system keeps it elsewhere, leave it out"
    assert f"    bail_ends_on: {told}\n" in ran.out


def test_one_that_would_be_refused_says_all_that_one_that_would_be_loaded_does(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    many = [f"D{n}|04/11/2026|PH97010|99|Extreme|Open||" for n in range(40)]
    before = counts(own)
    ran = run_cli("intake", "--check", str(own.describes().sends({"crimes.csv": [*CRIMES, *many]})))
    assert (ran.code, counts(own)) == (2, before)
    assert "would be refused: cases.csv: 40 of 42 rows were rejected" in ran.out
    assert "  cases.csv: 42 rows, 2 loaded, 2 new, 40 rejected\n" in ran.out
    assert "    risk is not one of high, medium, standard (40 rows, line 7, 8, 9," in ran.out
    assert "  incidents.csv: 43 rows, 43 loaded, 43 new, 40 waiting for their case\n" in ran.out
    assert "    filled in every row: risk\n" in ran.out
    assert "The first morning, of 2 open cases:\n" in ran.out
    assert "cannot be seen  risk-assessment" in ran.out


def test_every_reason_why_one_would_be_refused_is_said_at_once(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    cases, actions = [a_case(), a_case(case_ref="C2")], [an_action(f"A{n}") for n in range(40)]
    assert run_cli("intake", str(write(own.drop / "E1", {"cases.csv": cases, "actions.csv": actions}))).code == 0
    sent = {"cases.csv": cases, "actions.csv": actions[:9]}
    folder = write(own.drop / "E2", sent, number=2, rows={"cases.csv": 9}, lacking={"actions.csv": ["due_on"]})
    ran = run_cli("intake", "--check", str(folder))
    assert "cases.csv has 2 rows where the manifest says 9." in ran.out
    assert "actions.csv has no column due_on, which source niche-45 sent before" in ran.out
    assert "actions.csv looks truncated: it would withdraw 31 of the 40 rows" in ran.out
    assert "  actions.csv: 9 rows, 9 loaded" in ran.out


def test_cases_of_which_suspects_alone_are_said_to_be_charged_are_counted(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    suspects = [
        {"force_code": "45", "case_ref": case, "suspect_ref": ref, "suspect_status": "bail", "charged_on": charged}
        for case, ref, charged in (("C1", "S1", "2026-11-03"), ("C2", "S2", "2026-11-03"), ("C2", "S3", ""))
    ]
    files = {"cases.csv": [a_case(), a_case("C2")], "suspects.csv": suspects}
    ran = run_cli("intake", "--check", str(write(own.drop / "E1", files)))
    assert "\n  Not charged, although every suspect is, so that clocks go on: 1 case; send charged_on" in ran.out
    files["cases.csv"] = [a_case(charged_on="2026-11-03"), a_case("C2")]
    ran = run_cli("intake", "--check", str(write(own.drop / "E2", files)))
    assert "Not charged, although" not in ran.out


def test_cases_that_cps_decided_to_charge_and_nobody_authorised_are_counted(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    decided = {"force_code": "45", "submitted_on": "2026-10-01", "decision_on": "2026-11-02"}
    referrals = [
        decided | {"referral_ref": case, "case_ref": case, "decision": decision}
        for case, decision in (("C1", "charge"), ("C2", "charge"), ("C3", "further_work"))
    ]
    files = {"cases.csv": [a_case(), a_case("C2", charged_on="2026-11-03"), a_case("C3")], "referrals.csv": referrals}
    ran = run_cli("intake", "--check", str(write(own.drop / "E1", files)))
    assert "\n  Decided with a charge, but not authorised, so that nobody is chased to make it: 1 case; send" in ran.out


def test_suspects_without_a_status_are_counted_where_a_duty_asks_for_it_alone(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    cases = [a_case(), a_case("C2", finalised_on="2026-11-02", finalised_reason="other"), a_case("C3"), a_case("C4")]
    suspects = [
        {
            "force_code": "45",
            "case_ref": case,
            "suspect_ref": f"S-{case}",
            "suspect_status": status,
            "charged_on": charged,
        }
        for case, status, charged in (("C1", "", ""), ("C2", "", ""), ("C3", "", "2026-11-03"), ("C4", "rui", ""))
    ]
    files = {"cases.csv": cases, "suspects.csv": suspects}
    ran = run_cli("intake", "--check", str(write(own.drop / "E1", files)))
    asked = "3 rows say: no status of the suspect (asked of suspects of open cases who are not charged alone)"
    assert f"    suspect_status: 1 of 4 filled: {asked}\n" in ran.out
    assert "\n  Not charged, and without a status of a suspect, so that neither bail nor a release nor" in ran.out
    assert "an arrest is watched: 1 case; send suspect_status (it stays empty" in ran.out


def test_cases_whose_reviews_no_file_of_police_has_are_counted(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    files = {"cases.csv": [a_case(), a_case("C2"), a_case("C3", charged_on="2026-11-03")]}
    ran = run_cli("intake", "--check", str(write(own.drop / "E1", files)))
    assert "\n  Said to lack a supervisor's review, since police send no file of reviews: 2 cases; send" in ran.out
    review = {"review_ref": "R1", "force_code": "45", "case_ref": "C1", "kind": "supervisor", "held_on": "2026-11-03"}
    ran = run_cli("intake", "--check", str(write(own.drop / "E2", files | {"reviews.csv": [review]})))
    assert "Said to lack a supervisor's review" not in ran.out


def test_cases_of_orders_whose_end_nobody_is_warned_of_are_counted(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    order = {"force_code": "45", "case_ref": "C1", "order_ref": "O1", "kind": "spo"}
    order |= {"made_on": "2026-10-01", "expires_on": "2026-12-10"}
    files = {"cases.csv": [a_case(), a_case("C2")], "orders.csv": [order]}
    blind = write(own.drop / "E1", files, lacking={"orders.csv": ["renewal_decided_on"]})
    ran = run_cli("intake", "--check", str(blind))
    assert "an order whose end nobody is warned of, since no file says" in ran.out
    assert "was decided: 1 case; send renewal_decided_on" in ran.out
    ran = run_cli("intake", "--check", str(write(own.drop / "E2", files)))
    assert "nobody is warned of" not in ran.out


def test_restricted_cases_of_which_no_spoc_may_read_are_counted(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    files = {"cases.csv": [a_case(restricted="yes"), a_case("C2")]}
    ran = run_cli("intake", "--check", str(write(own.drop / "E1", files)))
    assert "\n  Restricted, and no SPOC or lead may read of it: 1 case; send restricted_access" in ran.out
    spoc = a_contact("S1", roles="spoc", restricted_access="yes")
    ran = run_cli("intake", "--check", str(write(own.drop / "E2", files | {"contacts.csv": [spoc]})))
    assert "may read of it" not in ran.out


def test_a_file_without_a_column_that_it_must_have_keeps_no_other_from_being_told(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    files = {"cases.csv": [a_case()], "actions.csv": [an_action()]}
    folder = write(own.drop / "E1", files, lacking={"actions.csv": ["status"]})
    ran = run_cli("intake", "--check", str(folder))
    assert "would be refused: actions.csv" in ran.out
    assert "  cases.csv: 1 row, 1 loaded, 1 new\n" in ran.out
    assert "The first morning, of 1 open case:\n" in ran.out


def test_the_rows_with_problems_are_written_where_they_are_asked_for(
    own: OwnExport, run_cli: Callable[..., Any], tmp_path: Path
) -> None:
    folder = own.describes().sends({"crimes.csv": [*CRIMES, "C6|04/11/2026|PH97010|99|Extreme|Open||"]})
    ran = run_cli("intake", "--check", "--to", str(tmp_path / "asked" / "for"), str(folder))
    (written,) = (tmp_path / "asked" / "for").rglob("cases.csv")
    assert '"Extreme"' in written.read_text("utf-8")
    assert str(written.parent) in ran.out


def test_a_folder_that_others_use_too_stays_open_to_them(
    own: OwnExport, run_cli: Callable[..., Any], tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    folder = own.describes().sends({"crimes.csv": [*CRIMES, "C6|04/11/2026|PH97010|99|Extreme|Open||"]})
    run_cli("intake", "--check", "--to", str(shared), str(folder))
    (written,) = shared.rglob("cases.csv")
    modes = [path.stat().st_mode & 0o777 for path in (shared, written.parent, written)]
    assert modes == [0o777, 0o700, 0o600], "what is in it is for its owner alone all the same"


def test_an_extract_is_tried_too_and_again_after_it_was_loaded(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    folder = write(own.drop / "x", {"cases.csv": [a_case()], "actions.csv": [an_action(), an_action("A2", "C9")]})
    for new, state in ((1, "would be loaded"), (0, "already loaded")):
        found = json.loads(run_cli("intake", "--check", "--json", str(folder)).out)
        assert (found["check"], found["state"], found["files"]["cases.csv"]["added"]) == (True, state, new)
        assert found["files"]["actions.csv"]["waiting"] == 1
        assert {"rule": "risk-assessment", "seen": "seen", "lacking": []} in found["coverage"]
        assert run_cli("intake", str(folder)).code == 0


def test_what_would_be_refused_is_and_nobody_is_told(own: OwnExport, run_cli: Callable[..., Any]) -> None:
    folder = write(own.drop / "x", {"cases.csv": [a_case()]}, rows={"cases.csv": 9})
    before = counts(own)
    ran = run_cli("intake", "--check", str(folder))
    assert (ran.code, counts(own)) == (2, before)
    assert "would be refused: cases.csv has 1 rows where the manifest says 9." in ran.out
    assert json.loads(run_cli("intake", "--check", "--json", str(folder)).out)["state"] == "would be refused"


def test_an_export_by_a_profile_elsewhere_and_one_that_is_not_whole(
    own: OwnExport, run_cli: Callable[..., Any], tmp_path: Path
) -> None:
    folder = own.describes().sends({"crimes.csv": CRIMES})
    profile = tmp_path / "tried.yaml"
    (own.profiles / "crimes-45.yaml").rename(profile)
    assert "it has no manifest.json" in run_cli("intake", "--check", str(folder)).out
    ran = run_cli("intake", "--check", "--profile", str(profile), str(folder))
    assert (ran.code, ran.out.startswith("tried-2026")) == (0, True)
    (folder / "export.done").unlink()
    assert run_cli("intake", "--check", "--profile", str(profile), str(folder)).code == 0, "it does not wait"
    ran = run_cli("intake", "--profile", str(profile), str(folder))
    assert (ran.code, ran.err.count("export.done")) == (2, 1)


def test_a_check_takes_no_option_that_allows_and_an_intake_writes_to_its_own_folder(
    run_cli: Callable[..., Any],
) -> None:
    assert "--check allows nothing" in run_cli("intake", "--check", "--allow-shrink", "x").err
    assert "--to goes with --check" in run_cli("intake", "--to", "y", "x").err


def test_a_proposed_profile_is_tried_at_once_and_nothing_of_it_stays(
    own: OwnExport, run_cli: Callable[..., Any], tmp_path: Path
) -> None:
    head = "Crime No,Force,Date Recorded,Offence Code,OIC,Risk,Risk Assessed On"
    rows = [f"45/{n}/26,45,01/11/2026,PH97010,4471,{'Extreme' if n > 270 else 'High'},{'02/11/2026' * (n == 1)}"
            for n in range(1, 301)]  # fmt: skip
    folder = own.sends({"crimes.csv": [head, *rows]})
    before, there = counts(own), sorted(folder.iterdir())
    ran = run_cli("profile", str(folder), "--to", str(tmp_path / "made.yaml"))
    assert (ran.code, counts(own), sorted(folder.iterdir())) == (0, before, there)
    assert "crimes-45-2026" in ran.err
    assert "would be refused: cases.csv: 30 of 300 rows were rejected" in ran.err
    assert "  cases.csv: 300 rows, 270 loaded, 270 new, 30 rejected\n" in ran.err
    assert "risk is not one of high, medium, standard (30 rows, line 272, 273, " in ran.err
    assert "    risk_assessed_on: 1 of 270 filled: 269 rows say: not assessed; if your system keeps it " in ran.err
    assert "The first morning, of 270 open cases:\n" in ran.err
