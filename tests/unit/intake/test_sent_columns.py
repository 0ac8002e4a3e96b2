"""The columns of one extract beside those that its source sent before."""

from datetime import UTC, datetime

import pytest

from config.terms import Agency
from models.errors import Refuse
from models.intake import ColumnState
from models.rules.obligations.rulebook import LOOKED_AT
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.sent_columns import SentColumns

CASES, ACTIONS = FILES["cases.csv"], FILES["actions.csv"]
SENT, SUPPOSED, LACKING = ColumnState.SENT, ColumnState.SUPPOSED, ColumnState.LACKING


def columns(lacking=(), mode=Mode.SNAPSHOT, before=(), covers=("45",), files=("cases.csv",)):
    """An extract of police whose cases.csv lacks these columns; `before` is by the name of a column of cases.csv."""
    manifest = Manifest("E1", "niche-45", Agency.POLICE, mode, datetime(2026, 3, 16, 5, tzinfo=UTC), covers, {})
    headers = {name: FILES[name].names - set(lacking) for name in files}
    return SentColumns(manifest, headers, {("cases.csv", name): state for name, state in dict(before).items()})


def test_a_column_was_sent_before_unless_its_source_lacked_it_or_never_sent_the_file():
    found = columns(before={"risk": SENT, "urn": SUPPOSED, "bail_ends_on": LACKING})
    had = [found.had_before("cases.csv", name) for name in ("risk", "urn", "bail_ends_on", "spoc_ref")]
    assert had == [True, True, False, False]
    assert not found.had_before("actions.csv", "risk")


def test_a_snapshot_that_lost_columns_is_refused_with_all_of_them_in_one_order():
    before = dict.fromkeys(("urn", "risk", "restricted", "barred_refs", "bail_ends_on", "oic_ref"), SENT)
    lost = columns(before, before={**before, "restricted": SUPPOSED, "oic_ref": LACKING})
    with pytest.raises(Refuse) as refused:
        lost.check_none_is_lost()
    assert str(refused.value) == (
        "cases.csv has no column bail_ends_on, barred_refs, risk, urn, which source niche-45 sent before; "
        "--allow-fewer-columns loads it all the same, and what these columns told is then unknown."
    )
    columns(before, Mode.DELTA, before).check_none_is_lost()
    columns(before=before).check_none_is_lost()
    columns(("risk",)).check_none_is_lost()


def test_lost_columns_of_several_files_are_named_in_the_order_of_the_files():
    lost = columns(("due_on", "risk"), files=("cases.csv", "actions.csv"))
    lost = lost._replace(before={("cases.csv", "risk"): SENT, ("actions.csv", "due_on"): SENT})
    with pytest.raises(Refuse, match=r"^actions.csv has no column due_on; cases.csv has no column risk, which"):
        lost.check_none_is_lost()


def test_what_a_snapshot_lacks_is_empty_but_for_what_lasts():
    lacking = ("risk", "urn", "classification", *CASES.lasting)
    assert columns(lacking).unsaid(CASES) == CASES.lasting


def test_what_a_delta_lacks_keeps_its_value_unless_it_follows_from_other_cells():
    lacking = ("risk", "urn", "classification", "cps_area")
    assert columns(lacking, Mode.DELTA).unsaid(CASES) == {"risk", "urn_suffix", "urn_key_id"}
    sent = columns(lacking, Mode.DELTA, {"classification": SENT, "cps_area": LACKING})
    assert sent.unsaid(CASES) == {"risk", "urn_suffix", "urn_key_id", "classification"}
    action = columns(("closed_reason", "status"), Mode.DELTA, files=("actions.csv",))
    assert action.unsaid(ACTIONS) == {"status"}, "a cell that is only checked is not stored"


def changed(found):
    return {(one.file, one.name): one.state for one in found._changed()}


def test_columns_of_files_that_were_never_sent_are_lacking_and_of_the_other_agencys_files_not_known():
    found = changed(columns(("risk",)))
    assert (found["cases.csv", "risk"], found["cases.csv", "urn"]) == (LACKING, SENT)
    assert {state for (file, _), state in found.items() if file == "actions.csv"} == {LACKING}
    assert {file for file, _ in found} == {name for name, file in FILES.items() if file.only_from is not Agency.CPS}
    names = [one.name for one in columns()._changed() if one.file == "cases.csv"]
    assert names == sorted(CASES.names)


@pytest.mark.parametrize(
    ("mode", "kept"), [(Mode.SNAPSHOT, {"urn": LACKING}), (Mode.DELTA, {"spoc_ref": LACKING})]
)  # fmt: skip
def test_only_a_snapshot_tells_that_a_column_is_sent_no_more(mode, kept):
    before = dict.fromkeys(CASES.names - {"spoc_ref"}, SENT) | {"risk": LACKING}
    found = changed(columns(("risk", "urn", "spoc_ref"), mode, before))
    expected = {**kept, "spoc_ref": LACKING}
    assert {name: state for (file, name), state in found.items() if file == "cases.csv"} == expected


def touched(monkeypatch, found, covered_before):
    """The forces whose cases are looked at again, once for each call."""
    calls = []
    monkeypatch.setattr("tasks.intake.sent_columns.source_columns.record", lambda *_: None)
    monkeypatch.setattr("tasks.intake.sent_columns.merging.touch_forces", lambda _, forces: calls.append(forces))
    found.record(None, 1, covered_before)
    return calls


def everything_known(**changed_):
    states = {(file.name, name): SENT for file in FILES.values() for name in file.names}
    return {**states, **{("cases.csv", name): state for name, state in changed_.items()}}


def test_cases_are_looked_at_again_where_a_rule_sees_more_or_less_of_them(monkeypatch):
    every = tuple(FILES)
    calm = columns(covers=("46", "45"), files=every)._replace(before=everything_known())
    assert touched(monkeypatch, calm, ("45", "46")) == []
    assert touched(monkeypatch, calm, ("45", "02", "01")) == [["01", "02", "46"]]
    assert touched(monkeypatch, calm._replace(before=everything_known(risk_assessed_on=LACKING)), ("45", "46")) == [
        ["45", "46"]
    ]
    assert touched(monkeypatch, calm._replace(before=everything_known(risk_assessed_on=SUPPOSED)), ("45", "46")) == []
    unseen = next(name for name in sorted(CASES.names) if ("cases.csv", name) not in LOOKED_AT)
    assert touched(monkeypatch, calm._replace(before=everything_known(**{unseen: LACKING})), ("45", "46")) == []
    both = everything_known(**{unseen: LACKING, "risk_assessed_on": LACKING})
    assert touched(monkeypatch, calm._replace(before=both), ("45", "46")) == [["45", "46"]]
