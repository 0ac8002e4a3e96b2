"""A round's state says what happened: Completed only where every expected force was looked at, with every feed in."""

import json
import time

import pytest
import yaml

from config.days.london import at_london
from config.policy import SHIPPED
from flows.configured import configured
from flows.round_steps import whole_round
from models.queries.rounds import rounds
from tasks.obligations import projection
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.one_case import OneCase

TODAY = day("Tue 17 Mar 2026")
NIGHT = "2026-03-17T05:00:00+00:00"
CASES = [a_case("C1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02")]


@pytest.fixture
def drop(database, tmp_path, monkeypatch):
    """The drop folder."""
    (tmp_path / "drop").mkdir()
    for name, value in {"DROP": str(tmp_path / "drop"), "CLOCK": "virtual"}.items():
        monkeypatch.setenv(f"CASEBEAT_{name}", value)
    return tmp_path / "drop"


@pytest.fixture
def book(database, run_cli):
    """One case, whose source has sent this night."""
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = :at", at=NIGHT)
    return made


def send(drop, number=1, on=TODAY, cases=CASES, **manifest):
    files = {"contacts.csv": [a_contact("P1")], "cases.csv": cases}
    return write(drop / str(number), files, number=number, extracted_at=f"{on}T05:00:00+00:00", **manifest)


def a_round(on=TODAY, only=None):
    return whole_round(configured(), on, at_london(on), only=only)


def ended(made):
    return made.state, made.verdict.message


def test_a_day_on_which_all_was_looked_at_says_of_how_many_forces_and_cases(drop):
    send(drop)
    assert ended(a_round()) == (
        "Completed", "Every open case was looked at: 2 cases of 1 force, with every feed in",
    )  # fmt: skip


def test_without_a_drop_folder_and_a_case_nothing_was_looked_at(database, run_cli):
    ran = run_cli("run", "--as-of", "2026-03-17")
    assert ran.code == 1
    assert "The book has no case: set CASEBEAT_DROP to the folder into which extracts come" in ran.err
    assert "looked at" not in ran.out + ran.err
    assert "The round of Tue 17 Mar 2026 failed in part" in ran.out


def test_an_empty_drop_folder_is_a_day_without_a_case(drop):
    assert ended(a_round()) == (
        "Failed",
        (
            "Not done: the book has no case: no extract with a case has come into the drop folder yet, so ask the "
            "sources. What was done is kept"
        ),
    )


def test_where_a_force_failed_the_round_failed(book, monkeypatch):
    monkeypatch.setattr("flows.round_steps.projection.project", lambda *_: 1 / 0)
    state, message = ended(a_round())
    assert state == "Failed"
    assert message.startswith("Not done: force 45 failed (ZeroDivisionError, fault ")
    with transaction() as connection:
        whole, force = rounds.of_day(connection, TODAY)
    assert (force.failure, force.ended_at) == (message.partition("(")[2].partition(")")[0], at_london(TODAY))
    assert (whole.failure, whole.ended_at) == (None, at_london(TODAY))


def test_where_a_unit_of_no_force_failed_the_round_failed_and_its_row_says_so(book, monkeypatch):
    monkeypatch.setattr("flows.round_steps.digests.group", lambda *_: 1 / 0)
    made = a_round()
    assert made.state == "Failed"
    assert made.verdict.broken[0].startswith("letters failed (ZeroDivisionError, fault ")
    with transaction() as connection:
        assert rounds.of_day(connection, TODAY)[0].failure == made.verdict.broken[0]


def test_a_refused_extract_of_the_night_fails_the_round_and_is_named(drop):
    send(drop, 1, day("Mon 16 Mar 2026"))
    assert a_round(day("Mon 16 Mar 2026")).state == "Completed"
    send(drop, 2, files={"contacts.csv": 1, "cases.csv": 3})
    state, message = ended(a_round())
    assert state == "Failed"
    assert "extract niche-45-2 of source niche-45 was refused: cases.csv" in message
    send(drop, 3, day("Wed 18 Mar 2026"))
    assert a_round(day("Wed 18 Mar 2026")).state == "Completed", "the refused one is of no more account"


def test_a_morning_whose_extract_closes_every_case_failed_and_says_what_to_do_until_it_is_decided(drop, run_cli):
    monday, lead = day("Mon 16 Mar 2026"), a_contact("L1", roles="lead")

    def night(number, on, **said):
        cases = [a_case(f"C{one}", opened_on="2026-03-02", **said) for one in range(40)]
        files = {"contacts.csv": [a_contact("P1"), lead], "cases.csv": cases}
        write(drop / str(number), files, number=number, extracted_at=f"{on}T05:00:00+00:00")
        return ended(a_round(on))

    night(1, monday)
    state, message = night(2, TODAY, finalised_on="2026-03-16", finalised_reason="administrative")
    assert state == "Failed"
    held = "xtract niche-45-2 of source niche-45 is held, and nothing of it was loaded: cases.csv would close 40"
    assert f"e{held} of the source's 40 open cases" in message
    status = run_cli("status", "--as-of", TODAY.isoformat()).out
    assert f"WRONG  E{held} of the source's 40 open cases." in status
    assert "casebeat intake --accept niche-45-2 --by CONTACT_REF" in status
    assert night(3, day("Wed 18 Mar 2026"))[0] == "Completed", "a corrected one takes its place"


def test_a_corrected_extract_under_the_id_of_the_loaded_one_fails_the_round_until_it_has_an_id_of_its_own(drop):
    send(drop)
    assert a_round().state == "Completed"
    send(drop, cases=[a_case("C1", opened_on="2026-03-02", risk="high"), CASES[1]])
    state, message = ended(a_round())
    assert state == "Failed"
    assert "extract niche-45-1 of source niche-45 was refused" in message
    assert "loaded before with other content, which stays in force" in message
    send(drop, 2)
    assert a_round().state == "Completed"


def test_rejected_rows_of_open_stalking_cases_want_a_look_and_are_named_by_line(drop, run_cli):
    harassment = {"offence_codes": "PH97004", "risk": "V.High"}
    cases = [a_case(f"C{n}", opened_on="2026-03-02") for n in range(40)]
    cases[2]["risk"] = cases[30]["risk"] = "V.High"
    cases[20] |= harassment
    send(drop, cases=cases)
    of = "cases.csv of extract niche-45-1 of source niche-45, lines 4, 32"
    assert ended(a_round()) == (
        "Degraded", f"To look at: 2 rejected rows are, or may be, of open stalking cases: {of}",
    )  # fmt: skip
    wrong = json.loads(run_cli("status", "--json", "--as-of", "2026-03-17").out)["wrong"]
    assert f"2 rejected rows are, or may be, of open stalking cases: {of}" in [one["sentence"] for one in wrong]
    send(drop, 2, cases=[a_case(f"C{n}", opened_on="2026-03-02", **(harassment if n == 20 else {})) for n in range(40)])
    assert a_round().state == "Completed", "a rejected row of harassment waits for a person, and no more"


def test_a_rejected_row_of_another_file_wants_a_look_where_its_case_is_open_and_stalking_or_cannot_be_read(drop):
    cases = [a_case("C1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02", offence_codes="PH97004")]
    actions = [
        an_action(f"A{n}", case_ref, raised_on="2026-03-03", status="lost")
        for n, case_ref in enumerate(("C1", "C2", "C9"))
    ]
    actions += [an_action("A8", "", raised_on="2026-03-03"), an_action("A9", "C2", raised_on="2026-03-03")]
    write(drop / "1", {"contacts.csv": [a_contact("P1")], "cases.csv": cases, "actions.csv": actions},
          extracted_at=f"{TODAY}T05:00:00+00:00")  # fmt: skip
    (look,) = a_round().verdict.looks
    assert look == (
        "2 rejected rows are, or may be, of open stalking cases: actions.csv of extract niche-45-1 of source niche-45, "
        "lines 2, 5"
    )


FEEDS = """select o.subject, o.due_on, o.end_reason, s.name from obligations o
           left join steps s on s.obligation_id = o.id where o.rule = 'feed-stale' and o.subject <> 'source:niche-45'
           order by o.id, s.step"""
OWED = "select distinct rule from live_obligations where case_id is not null"


def test_a_source_that_leaves_a_file_out_is_told_on_that_day_and_what_the_file_tells_is_unseen_once_it_stays_out(
    drop, database, run_cli
):
    book = OneCase.__new__(OneCase)
    book.engine = database
    send(drop)
    assert a_round().state == "Completed"
    assert "risk-assessment" in book.ask(OWED)
    for number, on in enumerate(("Wed 18 Mar 2026", "Thu 19 Mar 2026", "Fri 20 Mar 2026"), 2):
        write(drop / str(number), {"contacts.csv": [a_contact("P1")]}, number=number,
              extracted_at=f"{day(on)}T05:00:00+00:00")  # fmt: skip
        state, message = ended(a_round(day(on)))
        assert state == "Failed"
        assert "source niche-45 leaves out cases.csv: it last had it on Tue 17 Mar 2026" in message
        assert ("risk-assessment" in book.ask(OWED)) is (number < 4)
    assert book.ask(FEEDS) == [
        ("source:niche-45/cases.csv", day("Wed 18 Mar 2026"), None, name) for name in ("late", "silent")
    ]
    status = json.loads(run_cli("status", "--json", "--as-of", "2026-03-20").out)
    assert status["feeds"][0]["left_out"][0]["file"] == "cases.csv"
    assert {"sentence": "Source niche-45 leaves out cases.csv: it last had it on Tue 17 Mar 2026",
            "do": "ask niche-45 for cases.csv"} in status["wrong"]  # fmt: skip
    assert "joint-review" in book.ask(OWED)
    send(drop, 5, day("Sat 21 Mar 2026"))
    assert a_round(day("Sat 21 Mar 2026")).state == "Completed"
    assert "risk-assessment" in book.ask(OWED)
    assert {row[2] for row in book.ask(FEEDS)} == {"met"}


def test_a_source_that_never_came_fails_the_round_and_operations_owe_it_from_the_first_day(
    drop, database, monkeypatch, tmp_path
):
    policy = yaml.safe_load(SHIPPED.read_text("utf-8"))
    policy["feeds"]["expected"] = {"45": ["niche-45"], "South East": ["cms-se"]}
    (tmp_path / "policy.yaml").write_text(yaml.safe_dump(policy), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    book = OneCase.__new__(OneCase)
    book.engine = database
    send(drop)
    assert ended(a_round()) == (
        "Failed", "Not done: source cms-se is expected for CPS South East, and never came. What was done is kept",
    )  # fmt: skip
    a_round(day("Wed 18 Mar 2026"))
    assert book.ask(FEEDS) == [("source:cms-se", TODAY, None, "late"), ("source:cms-se", TODAY, None, "silent")]
    none = b"plea_ref,urn,offered_on,charged_code,plea_code\n"
    write(drop / "cms", {"pleas.csv": none}, source="cms-se", agency="cps", extracted_at="2026-03-19T05:00:00+00:00")
    send(drop, 2, day("Thu 19 Mar 2026"))
    assert a_round(day("Thu 19 Mar 2026")).state == "Completed"
    assert {row[1:3] for row in book.ask(FEEDS)} == {(TODAY, "met"), (day("Sat 21 Mar 2026"), None)}


def test_an_extract_whose_source_cannot_be_read_wants_a_look(drop):
    send(drop)
    (drop / "2").mkdir()
    (drop / "2" / "manifest.json").write_text("{")
    assert ended(a_round()) == ("Degraded", "To look at: 1 extract of unknown source could not be read")


def test_a_late_feed_fails_the_round(drop):
    send(drop)
    assert a_round(day("Wed 18 Mar 2026")).state == "Completed"
    state, message = ended(a_round(day("Thu 19 Mar 2026")))
    assert state == "Failed"
    assert "source niche-45 is late: its last extract is of Tue 17 Mar 2026" in message


def test_an_expected_force_of_which_nothing_came_fails_the_round(drop, monkeypatch):
    send(drop)
    monkeypatch.setenv("CASEBEAT_FORCES", "45 46")
    assert "force 46 is expected, and no source has sent anything for it" in a_round().verdict.missing
    assert a_round(only="45").state == "Completed"


def test_where_no_case_of_a_force_could_be_evaluated_the_round_failed(book):
    book.say("update cases set opened_on = '9999-12-31', projection = 'changed'")
    assert a_round().verdict.broken == ("no case of force 45 could be evaluated (1 to look at)",)


def test_where_one_case_could_not_be_evaluated_the_rounds_work_is_done(book):
    book.case("45/2")
    book.say("update cases set opened_on = '9999-12-31', projection = 'changed' where case_ref = '45/2'")
    assert ended(a_round()) == ("Degraded", "To look at: 1 case could not be evaluated")
    assert book.ask("select failure from cases where case_ref = '45/2'")[0].startswith("OutsideCalendar, fault ")


def test_an_account_that_does_not_balance_fails_the_round(book, monkeypatch):
    monkeypatch.setattr("flows.round_steps.joint_reviews", _one_more)
    assert a_round().verdict.broken == ("the account of force 45 does not balance",)


def _one_more(configuration, force_code, today, at, call):
    account = call("project", projection.project, configuration, force_code, today, at)
    return account._replace(to_project=account.to_project + 1), None


def test_a_round_of_one_force_speaks_for_it_alone(drop):
    send(drop)
    a_round()
    made = a_round(only="45")
    assert ended(made) == (
        "Completed", "Force 45 alone: every open case was looked at (2), with every feed in",
    )  # fmt: skip
    with transaction() as connection:
        assert [(one.force_code, one.attempts) for one in rounds.of_day(connection, TODAY)] == [("--", 1), ("45", 2)]


def test_a_round_that_was_cut_off_has_no_end(book, monkeypatch):
    monkeypatch.setattr("flows.round_steps.expected.feeds", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        a_round()

    def whole():
        with transaction() as connection:
            (found,) = rounds.of_day(connection, TODAY)
        return found

    while whole().running:  # until the server has noticed that the session ended
        time.sleep(0.01)
    assert (whole().force_code, whole().ended_at) == ("--", None)


def test_the_round_as_a_whole_is_running_while_it_runs(book, monkeypatch):
    seen = []

    def look(*_):
        with transaction() as connection:
            seen.extend((one.force_code, one.running) for one in rounds.of_day(connection, TODAY))
        return ()

    monkeypatch.setattr("flows.round_steps.expected.feeds", look)
    a_round()
    assert seen == [("--", True)]


# The report to operations


def reports(book):
    return book.ask(
        "select key, text from messages where kind = 'operations' and starts_with(key, 'daily:') order by id"
    )


def keys(book):
    return [key for key, _ in reports(book)]


def test_a_day_has_one_report_however_often_the_round_runs(book):
    for _ in range(3):
        a_round()
    assert keys(book) == ["daily:2026-03-17"]


def test_the_report_of_an_empty_round_is_corrected_by_a_full_one_once(drop, run_cli, database):
    a_round()
    send(drop)
    for _ in range(2):
        a_round()
    with database.begin() as connection:
        found = connection.exec_driver_sql(
            "select key, text from messages where starts_with(key, 'daily:') order by id"
        ).all()
    (first, empty), (second, full) = found
    assert (first, second) == ("daily:2026-03-17", "daily:2026-03-17:r2")
    assert empty.startswith("Round failed in part, 0 open cases, 0 steps\n\n0 of 0 cases evaluated")
    assert full.startswith("Corrected: round done, 2 open cases, ")
    assert "2 of 2 cases evaluated (2 open), 0 failed" in full
    assert "This replaces the earlier report of Tue 17 Mar 2026." in full


def test_a_failure_that_comes_and_goes_is_reported_each_time_it_changes(book, monkeypatch):
    a_round()
    with monkeypatch.context() as broken:
        broken.setattr("flows.round_steps.projection.project", lambda *_: 1 / 0)
        for _ in range(2):
            a_round()
    for _ in range(2):
        a_round()
    assert keys(book) == ["daily:2026-03-17", "daily:2026-03-17:r2", "daily:2026-03-17:r3"]
    assert reports(book)[1][1].startswith("Corrected: round failed in part, 0 open cases")


def test_a_round_of_one_force_has_a_report_of_its_own(book):
    a_round(only="45")
    a_round()
    a_round(only="45")
    assert keys(book) == ["daily:2026-03-17:45", "daily:2026-03-17"]
    assert reports(book)[0][1].startswith("Force 45 alone, round done, 1 open case, ")


def test_the_next_day_has_its_own_report(book):
    a_round()
    a_round(day("Wed 18 Mar 2026"))
    assert keys(book) == ["daily:2026-03-17", "daily:2026-03-18"]
    assert json.loads(book.ask("select value from switches where name = 'daily'")[0])["number"] == 1
