"""The forms, run by Prefect: their records, their refusals, and the data that Prefect keeps."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from config.days.duration import Duration, Unit
from flows.clock import moment
from flows.forms.answering import FormAnswer, then
from models.errors import Retry
from models.rules.calendar import WorkingCalendar
from tasks.servers import postgres
from tests.flows.forms import DONE, REFUSED, answers, form, forms, home_of_two_actions
from tests.support import preloaded
from tests.support.casebeat import CANARY, casebeat, today
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
SIT = """import sys
from sqlalchemy import text
from tasks.servers.database import transaction
with transaction() as connection:
    for statement in sys.argv[1:]:
        connection.execute(text(statement))
"""


@pytest.fixture
def home():
    with home_of_two_actions() as made:
        yield made


def test_a_form_completes_an_action_and_takes_another_on(prefect, home):
    case = {"case": "45/C1", "by": "P1"}
    until = WorkingCalendar().plus(today(), Duration(1, Unit.WORKING_DAYS))
    done, refused, taken = forms(
        prefect, home,
        ("complete_action", {**case, "action": "A1", "done_on": today()}),
        ("complete_action", {**case, "action": "A2", "done_on": today() + timedelta(days=1)}),
        ("acknowledge", {**case, "owed": "action", "subject": "action:A2", "until": until}),
    )  # fmt: skip
    assert (done[:2], taken[:2]) == (DONE, DONE), taken
    assert refused[:2] == REFUSED
    assert "has not come yet" in refused[2]
    assert prefect.runs() == [
        ("acknowledge", "COMPLETED"), ("complete-action", "COMPLETED"), ("complete-action", "COMPLETED"),
    ], "their names hold nothing that was typed"  # fmt: skip
    assert {f"# Done\n\n{done[2]}", f"# Done\n\n{taken[2]}", f"# Refused\n\n{refused[2]}"} <= set(answers(prefect))
    owed = [json.loads(line) for line in casebeat(home, "obligations", "--json").stdout.splitlines()]
    assert [one["subject"] for one in owed if one["rule"] == "action"] == ["action:A2"]
    told = casebeat(home, "explain", "45/C1").stdout
    assert "P1 said that action A1 was done" in told
    assert "Reason given: promised by the form, which takes no words" in told
    kept = create_engine(postgres.url(home))
    with kept.connect() as connection:
        acts = [
            tuple(row) for row in connection.execute(text("select by_ref, door, through_ref from acts order by id"))
        ]
    kept.dispose()
    names = {run["id"]: run["name"] for run in prefect.asked("flow_runs/filter")}
    assert [(by, door, names[through]) for by, door, through in acts] == [
        ("P1", "form", "complete-action"), ("P1", "form", "acknowledge"),
    ]  # fmt: skip


def test_a_form_that_does_not_fit_is_refused_by_its_labels_and_repeats_no_text(prefect, home):
    wordy = {"case": f"45/{CANARY} said", "by": f"{CANARY}!", "action": "A1", "done_on": f"{CANARY} day"}
    case = {"case": "45/C1", "by": "P1"}
    ended, slip, unsaid = forms(
        prefect, home,
        ("complete_action", wordy),
        ("complete_action", {**case, "action": "A1", "done_on": "2026-02-30"}),
        ("acknowledge", {**case, "until": "2026-11-25", "owed": f"{CANARY} rule"}),
    )  # fmt: skip
    assert ended[:2] == slip[:2] == unsaid[:2] == REFUSED
    assert CANARY not in ended[2] + unsaid[2]
    assert re.findall(r"(\w[\w ]*) does not fit:", ended[2]) == ["Case", "By", "Done on"]
    assert slip[2] == ("Done on does not fit: The day on which it was done, as 2026-03-17. Nothing was done.")


def test_without_a_sign_in_every_form_is_refused_and_names_its_command(prefect, home):
    commands = {
        "complete-action 45/C1 A1 --by P1": ("complete_action", {"action": "A1", "done_on": "2026-11-20"}),
        "casebeat acknowledge 45/C1 action --by P1 --until 2026-12-01 --reason TEXT":
            ("acknowledge", {"owed": "action", "until": "2026-12-01"}),
        "casebeat confirm-risk 45/C1 --by P1": ("confirm_risk", {}),
        "casebeat confirm-risk 45/C1 --by P1 --undo": ("undo_confirmation", {}),
        "casebeat convene 45/C1 --sitting S1 --by P1": ("convene", {"sitting": "S1"}),
        "casebeat record-review S1 45/C1 --by P1": ("record_review", {"sitting": "S1", "held": "not held"}),
        "casebeat checklist 45/C1 does the same": ("checklist", {}),
    }  # fmt: skip
    before = casebeat(home, "obligations", "--json").stdout
    filled = [(name, {"case": "45/C1", "by": "P1", **given}) for name, given in commands.values()]
    for command, ended in zip(commands, forms(prefect, home, *filled, trusted="false"), strict=True):
        assert ended[:2] == REFUSED
        assert "set CASEBEAT_FORMS__TRUSTED=true" in ended[2]
        assert command in ended[2]
    assert casebeat(home, "obligations", "--json").stdout == before


def test_forms_take_back_a_promise_and_a_report_and_say_so_once_more(prefect, home):
    case = {"case": "45/C1", "by": "P1"}
    until = WorkingCalendar().plus(today(), Duration(1, Unit.WORKING_DAYS))
    promise = {**case, "owed": "action", "subject": "action:A2"}
    _, _, undone, withdrawn, again = forms(
        prefect, home,
        ("complete_action", {**case, "action": "A1", "done_on": today()}),
        ("acknowledge", {**case, "owed": "action", "subject": "the only one", "until": until}),
        ("undo_completion", {**case, "action": "A1"}),
        ("withdraw_acknowledgement", promise),
        ("withdraw_acknowledgement", promise),
    )  # fmt: skip
    assert (undone[:2], withdrawn[:2], again[:2]) == (DONE, DONE, DONE)
    assert "is taken back. Its notices go on." in withdrawn[2]
    assert "is taken back already" in again[2]
    owed = [json.loads(line) for line in casebeat(home, "obligations", "--json").stdout.splitlines()]
    assert {one["subject"] for one in owed if one["rule"] == "action"} == {"action:A1", "action:A2"}


def test_forms_confirm_a_grade_and_take_that_back(prefect, home):
    reported = {"occurred_on": today().isoformat(), "reported_on": today().isoformat(), "breach": "yes"}
    files = {
        "contacts.csv": [a_contact("P1"), a_contact("SP1", roles="spoc")],
        "cases.csv": [a_case("C1", opened_on=(today() - timedelta(days=9)).isoformat(), risk="standard")],
        "incidents.csv": [{"incident_ref": "I1", "force_code": "45", "case_ref": "C1", **reported}],
    }
    ran = casebeat(home, "intake", str(write(home / "breach", files, number=2, extracted_at=moment().isoformat())))
    assert ran.returncode == 0, ran.stderr

    def endangered():
        return '"danger"' in casebeat(home, "obligations", "--json").stdout

    assert endangered()
    case = {"case": "45/C1", "by": "SP1"}
    refused, confirmed, again = forms(
        prefect, home,
        ("confirm_risk", {**case, "by": "P1"}), ("confirm_risk", case), ("confirm_risk", case),
    )  # fmt: skip
    assert (refused[:2], confirmed[:2], again[:2]) == (REFUSED, DONE, DONE)
    assert "P1 is not one of those who may confirm it" in refused[2]
    assert "The grade of 45/C1, standard, is recorded as confirmed on" in confirmed[2]
    assert "already. Nothing was changed." in again[2]
    assert f"# Done\n\n{confirmed[2]}" in answers(prefect)
    assert not endangered()
    undone = form(prefect, home, "undo_confirmation", **case)
    assert undone[:2] == DONE
    assert "of the grade of 45/C1 is taken back." in undone[2]
    assert endangered()
    assert prefect.runs("confirm-risk", "undo-confirmation") == [
        ("confirm-risk", "COMPLETED"), ("confirm-risk", "COMPLETED"), ("confirm-risk", "COMPLETED"),
        ("undo-confirmation", "COMPLETED"),
    ]  # fmt: skip


def test_a_fault_in_what_follows_an_act_takes_nothing_back_and_is_told():
    def convene_again():
        raise Retry("the connection to the database was lost")

    assert then("It is recorded.", convene_again) == FormAnswer(
        "It is recorded.", "the connection to the database was lost"
    )


def test_a_form_records_the_outcome_of_a_sitting_and_refuses_what_does_not_fit(prefect, home):
    ref = f"45-south-east-{today()}"
    sat = preloaded.run(
        SIT,
        f"""insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref,
            place) values ('{ref}', '45', 'South East', '{today()}', '{moment()}', 12, 10, 'P1', 'Room 2')""",
        f"""insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
            select c.id, s.id, 0, s.day, s.day, 'due', s.day from cases c, sittings s where s.ref = '{ref}'""",
        env={"CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    assert sat.returncode == 0, sat.stderr
    asked = {"sitting": ref, "case": "45/C1", "by": "P1", "held": "held, police and CPS attended"}
    action = {"kind": "CCTV", "owner": "P1", "due_on": today() + timedelta(days=7)}
    whole = {"decisions": ["further actions", "continue"], "pattern": "stalking", "actions": [action]}
    refused, wordy, held = forms(
        prefect, home,
        ("record_review", {**asked, "decisions": ["further actions"]}),
        ("record_review", {**asked, "actions": [{**action, "kind": f"{CANARY} said so"}]}),
        ("record_review", {**asked, **whole, "enquiries": "gaps found"}),
    )  # fmt: skip
    assert held[:2] == DONE
    assert refused[:2] == wordy[:2] == REFUSED
    assert "needs at least one action" in refused[2]
    assert wordy[2].startswith("Actions does not fit: Each with its kind")
    assert CANARY not in wordy[2]
    told = casebeat(home, "explain", "45/C1").stdout
    assert f"(meeting {ref}) was held, with police and CPS; decided: continue, further actions; the" in told
    owed = [json.loads(line) for line in casebeat(home, "obligations", "--json").stdout.splitlines()]
    assert f"action:JR-{ref}-C1-1" in {one["subject"] for one in owed}
    assert "outcome-unrecorded" not in {one["rule"] for one in owed}
    undone = form(prefect, home, "undo_review", sitting=ref, case="45/C1", by="P1")
    assert undone[:2] == DONE
    assert "Nothing is recorded of it now, and its outcome is owed." in undone[2]
    assert f"action:JR-{ref}-C1-1" not in casebeat(home, "obligations", "--json").stdout


def test_a_form_decides_on_an_extract_that_is_held(prefect, home):
    def sends(number, **said):
        cases = [a_case(f"C{one}", opened_on=(today() - timedelta(days=9)).isoformat(), **said) for one in range(1, 26)]
        files = {"contacts.csv": [a_contact("P1"), a_contact("L1", roles="lead")], "cases.csv": cases}
        sent = write(home / f"night-{number}", files, number=number, extracted_at=moment().isoformat())
        return casebeat(home, "intake", str(sent)).returncode

    assert (sends(2), sends(3, finalised_on=today().isoformat(), finalised_reason="administrative")) == (0, 2)
    asked = {"extract": "niche-45-3", "decision": "it is not meant: refuse it"}
    strange, refused, taken = forms(
        prefect, home,
        ("held_extract", {**asked, "by": "P1"}),
        ("held_extract", {**asked, "by": "L1"}),
        ("held_extract", {**asked, "by": "L1", "decision": "it is meant: load it"}),
    )  # fmt: skip
    assert (strange[:2], refused[:2]) == (REFUSED, DONE)
    assert "P1 is not one of those who may decide on it: a SPOC or a lead" in strange[2]
    assert "Extract niche-45-3 is refused: nothing of it is loaded." in refused[2]
    assert taken[:2] == REFUSED
    assert "niche-45-3 is not in a drop folder, for none is set" in taken[2]
    off = form(prefect, home, "held_extract", **asked, by="L1", trusted="false")
    assert "casebeat intake --refuse niche-45-3 --by L1 does the same" in off[2]


def test_by_hand_a_force_is_convened_and_a_form_moves_a_case_to_another_sitting(prefect, home):
    (home / "panels.yaml").write_text(
        f"""panels:
  - {{force_code: "45", cps_area: South East, from: {today()}, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00", cases: 2,
     minutes_per_case: 10, chair: P1, place: Room 2, horizon: 90d}}
"""
    )
    assert form(prefect, home, "joint_reviews", force_code="45")[:2] == DONE
    (sits,) = [json.loads(line) for line in casebeat(home, "sittings", "--json").stdout.splitlines()]
    first = re.search(r"45-south-east-[0-9-]+", casebeat(home, "sittings").stdout)[0]
    assert sits["case_ref"] == "C1"
    assert sits["sitting_ref"] > first
    to_first = {"case": "45/C1", "sitting": first}
    refused, moved = forms(
        prefect, home, ("convene", {**to_first, "by": "P9"}), ("convene", {**to_first, "by": "P1"}),
    )  # fmt: skip
    assert refused[:2] == REFUSED
    assert "P9 is not a known contact" in refused[2]
    assert moved[:2] == DONE
    assert json.loads(casebeat(home, "sittings", "--json").stdout)["sitting_ref"] == first
    undone = form(prefect, home, "undo_move", case="45/C1", by="P1")
    assert undone[:2] == DONE
    assert f"The move of 45/C1 to {first} is taken back" in undone[2]
    assert prefect.runs("convene", "joint-reviews force 45") == [
        ("convene", "COMPLETED"), ("convene", "COMPLETED"), ("joint-reviews force 45", "COMPLETED"),
    ]  # fmt: skip


def test_no_form_tells_a_case_that_is_kept_apart_from_one_that_is_not_there(prefect, home):
    """Whoever reads the pages reads the name, the state and the page of each run."""
    marked = preloaded.run(
        SIT, "update cases set restricted = true", "update contacts set restricted_access = true",
        env={"CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert marked.returncode == 0, marked.stderr
    before, until = answers(prefect), WorkingCalendar().plus(today(), Duration(1, Unit.WORKING_DAYS))
    filled = {
        "acknowledge": {"owed": "action", "subject": "action:A1", "until": until},
        "complete_action": {"action": "A1"},
        "confirm_risk": {},
        "checklist": {},
    }
    cases = [
        (name, {"case": case, "by": "P1", **given}) for name, given in filled.items() for case in ("45/C1", "45/C9")
    ]
    ended = forms(prefect, home, *cases)
    for name, apart, none in zip(filled, ended[::2], ended[1::2], strict=True):
        command = name.replace("_", "-")
        assert apart == none
        assert apart[:2] == REFUSED
        assert f"casebeat {command} does on the command line. Nothing was done." in apart[2]
        assert prefect.runs(command) == [(command, "COMPLETED")] * 2
    assert not [page for page in answers(prefect) if "C1" in page and page not in before]
