"""The forms of two books that differ by one hidden case: what each reader of the Prefect UI sees is the same."""

import os
from datetime import timedelta

import pytest

from tests.flows.forms import ended_flows
from tests.support.casebeat import today
from tests.worlds.twin_books import FIRST, NEXT, SITTING, drawn
from tests.worlds.twin_lives import lived_in, unlike
from tests.worlds.twin_people import unknowing

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # every form for everybody, in two books
FORMS = {
    "acknowledge": {"owed": "action", "subject": "action:A{ref}1", "until": "{until}"},
    "withdraw_acknowledgement": {"owed": "action", "subject": "action:A{ref}1"},
    "complete_action": {"action": "A{ref}1"},
    "undo_completion": {"action": "A{ref}1"},
    "confirm_risk": {},
    "undo_confirmation": {},
    "record_review": {"sitting": SITTING, "held": "not held"},
    "undo_review": {"sitting": SITTING},
    "convene": {"sitting": NEXT},
    "undo_move": {},
    "checklist": {},
}


def filled(prefect, case_ref, action_of, by):
    """Fill in every form about a case, by one person, in one process; the end of each run."""
    until = (today() + timedelta(days=7 - today().weekday())).isoformat()  # a Monday

    def fitting(value):
        return value.replace("{ref}", action_of).replace("{until}", until)

    forms = [
        (name, {"case": f"45/{case_ref}", "by": by, **{field: fitting(value) for field, value in given.items()}})
        for name, given in FORMS.items()
    ]
    casebeats = {name: value for name, value in os.environ.items() if name.startswith("CASEBEAT_")}
    env = {**prefect.told, **casebeats, "CASEBEAT_FORMS__TRUSTED": "true", "PATH": "/usr/bin:/bin"}
    return list(zip(FORMS, ended_flows(forms, env), strict=True))


def kept(prefect):
    """The latest runs as the server keeps them: names, parameters, states and pages."""
    runs = prefect.asked("flow_runs/filter", sort="START_TIME_DESC", limit=2 * len(FORMS))
    of_these = {"flow_run_id": {"any_": [run["id"] for run in runs]}}
    pages = [page for page in prefect.asked("artifacts/filter", artifacts=of_these) if page["key"] == "answer"]
    assert len(runs) == len(pages)
    return {
        "runs": sorted(str([run["name"], run["parameters"], run["state"]["message"], run["tags"]]) for run in runs),
        "pages": sorted(str([page["data"].partition("](")[0], page["description"]]) for page in pages),
    }


def test_forms_end_the_same_and_leave_the_same(prefect, server, copies, tmp_path, run_cli):
    book = drawn(0)
    keeps_out = unknowing(book.hidden[0].circle, book.guard, str(book.panel["chair"]))
    known, hidden = book.others[0], book.name
    seen = []
    for number, side in enumerate((book, book.without())):
        with lived_in(server, copies, f"twin_forms_{number}", tmp_path / str(number), side, run_cli) as life:
            life.night(FIRST)
            life.round(FIRST)
            ends = [
                *filled(prefect, hidden, hidden, keeps_out[0]),
                *filled(prefect, known.name, hidden, known.circle.officer),
            ]
            seen.append({"ends": ends, **kept(prefect)})
    assert not unlike(*seen)
