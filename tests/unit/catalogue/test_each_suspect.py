"""A case with several suspects or defendants: each has its own days, and no duty of one hides another's."""

import pytest

from config.seen import SeenKind
from config.terms import Agency, EndReason, Risk, SuspectStatus
from models.rules.obligations.rulebook import RULES
from models.rules.result import Owes
from models.rules.row_facts import SeenChange
from models.rules.sight import Sight
from tests.worlds.days import day, row
from tests.worlds.facts import answers, case, defendant, nothing, owed, suspect

OPENED, ON, ENDS = day("Mon 2 Mar 2026"), day("Mon 16 Mar 2026"), day("Mon 1 Jun 2026")
BAIL, CUSTODY, RUI = SuspectStatus.BAIL, SuspectStatus.CUSTODY, SuspectStatus.RUI


def told(rule, facts):
    return {one.subject: one.due_on if isinstance(one, Owes) else one.end for one in answers(rule, facts)}


def sends(facts, *columns):
    """The case where its one source, of either agency, sends these columns alone."""
    files = {file: frozenset(name for other, name in columns if other == file) for file, _ in columns}
    sent = {(source, file): names for source in (1, 2) for file, names in files.items()}
    return facts._replace(sight=Sight(sent, {1: "niche-45", 2: "cms-se"}, {Agency.POLICE: (1,), Agency.CPS: (2,)}))


BAILED = [
    suspect(ref="A", status=BAIL, status_on=ON, bail_ends_on=ENDS, bail_views_on=ON),
    suspect(ref="B", status=BAIL, status_on=day("Tue 17 Mar 2026")),
    suspect(ref="C", status=BAIL, status_on=ON, bail_ends_on=ENDS, charged_on=ON),
    suspect(ref="D", status=RUI, status_on=ON),
    suspect(ref="E", status=BAIL, status_on=ON, bail_ends_on=ENDS, supplied=False),
]


@pytest.mark.parametrize(
    ("rule", "first", "second", "released"),
    [
        row("the end of bail", "bail-end", ENDS, EndReason.MET, EndReason.OUT_OF_SCOPE),
        row("an unknown end", "bail-end-unknown", EndReason.MET, "Thu 19 Mar 2026", EndReason.OUT_OF_SCOPE),
        row("the victim's views", "bail-views", EndReason.MET, "Wed 18 Mar 2026", EndReason.OUT_OF_SCOPE),
    ],
)
def test_each_suspect_on_bail_has_its_own_end_and_its_own_views(rule, first, second, released):
    found = told(rule, case(opened_on=OPENED, charged_on=ON, suspect_rows=BAILED))
    assert found == {
        "case": EndReason.WITHDRAWN,
        "suspect:A": first,
        "suspect:B": second,
        "suspect:C": EndReason.MET,
        "suspect:D": released,
        "suspect:E": EndReason.WITHDRAWN,
    }


def test_each_release_is_reviewed():
    rows = [suspect(ref="A", status=RUI, status_on=ON, release_reviewed_on=ON), *BAILED[3:4]]
    found = told("release-review", case(opened_on=OPENED, suspect_rows=rows, risk=Risk.HIGH))
    assert found == {"case": EndReason.WITHDRAWN, "suspect:A": EndReason.MET, "suspect:D": day("Wed 18 Mar 2026")}


def test_of_a_case_without_a_supplied_suspect_its_own_row_is_read():
    facts = case(opened_on=OPENED, suspect_status=BAIL, bail_ends_on=ENDS, suspect_rows=BAILED[4:])
    assert told("bail-end", facts) == {"suspect:E": EndReason.WITHDRAWN, "case": ENDS}


def test_a_duty_whose_suspects_are_named_now_was_neither_done_nor_lost():
    (of_case, _) = answers("bail-end", case(opened_on=OPENED, suspect_rows=BAILED[:1]))
    assert (of_case.end, of_case.sentence, of_case.lost) == (
        EndReason.WITHDRAWN,
        "its suspects are now recorded one by one",
        False,
    )


STATUS = ("suspects.csv", "suspect_status")
OF_CASE = [("cases.csv", "bail_ends_on"), ("cases.csv", "suspect_status"), ("cases.csv", "status_changed_on")]


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        row("all sent", [STATUS, ("suspects.csv", "bail_ends_on"), *OF_CASE], None),
        row("the end is the case's", [STATUS, *OF_CASE], ENDS),
        row("the end and the status are the case's", OF_CASE, ENDS),
    ],
)
def test_a_column_that_the_file_lacks_is_the_cases(columns, due):
    facts = case(opened_on=OPENED, suspect_status=BAIL, bail_ends_on=ENDS, suspect_rows=[suspect(status=BAIL)])
    found = told("bail-end", sends(facts, *columns))
    assert found["suspect:S1"] == (due or EndReason.MET)


@pytest.mark.parametrize(
    ("status", "due"),
    [
        row("the same as the case's", BAIL, "Wed 18 Mar 2026"),
        row("another: the case's day is of its own status", RUI, None),
    ],
)
def test_the_day_of_a_status_comes_with_it(status, due):
    facts = case(
        opened_on=OPENED, suspect_status=status, status_on=ON, status_changed_on=ON,
        suspect_rows=[suspect(status=BAIL, status_on=None)],
    )  # fmt: skip
    found = told("bail-end-unknown", sends(facts, STATUS, ("cases.csv", "bail_ends_on")))
    assert found["suspect:S1"] == (due or day("Wed 4 Mar 2026"))


@pytest.mark.parametrize(
    ("rows", "owing"),
    [
        row("of the only suspect the case's charge counts", BAILED[:1], {EndReason.MET}),
        row("of one of two it does not", BAILED[:2], {ENDS, EndReason.MET}),
    ],
)
def test_where_a_suspects_charge_is_not_sent(rows, owing):
    facts = case(opened_on=OPENED, charged_on=ON, suspect_rows=rows)
    found = told("bail-end", sends(facts, STATUS, ("suspects.csv", "bail_ends_on")))
    assert {due for subject, due in found.items() if subject != "case"} == owing


def test_what_neither_file_sends_cannot_be_seen():
    facts = case(opened_on=OPENED, suspect_rows=[suspect(status=BAIL, status_on=ON)])
    assert told("bail-views", sends(facts, STATUS))["suspect:S1"] is EndReason.UNSEEN
    assert told("bail-views", sends(facts, STATUS, ("suspects.csv", "bail_views_on")))["suspect:S1"] == ON.replace(
        day=17
    )


@pytest.mark.parametrize(
    ("varied", "views", "due"),
    [
        row("never varied", None, "Mon 16 Mar 2026", None),
        row("varied before the bail", "Fri 13 Mar 2026", None, "Tue 17 Mar 2026"),
        row("varied since, views from the day before", "Thu 19 Mar 2026", "Wed 18 Mar 2026", "Fri 20 Mar 2026"),
        row("varied since, views on the day", "Thu 19 Mar 2026", "Thu 19 Mar 2026", None),
        row("varied since, and no views", "Thu 19 Mar 2026", None, "Fri 20 Mar 2026"),
    ],
)
def test_views_are_sought_again_once_conditions_vary(varied, views, due):
    facts = case(
        opened_on=OPENED, suspect_status=BAIL, status_on=ON, status_changed_on=ON, bail_varied_on=varied,
        bail_views_on=views,
    )  # fmt: skip
    if due is None:
        assert nothing("bail-views", facts).end is EndReason.MET
    else:
        assert owed("bail-views", facts).due_on == due


EXTENDED = SeenChange(SeenKind.BAIL_EXTENDED, None, day("Thu 19 Mar 2026"), day("Wed 18 Mar 2026"))


@pytest.mark.parametrize(
    ("given", "event", "on"),
    [
        row("conditions varied", {"bail_varied_on": ON}, "conditions of bail varied", "Mon 16 Mar 2026"),
        row("bail extended", {"seen_changes": [EXTENDED]}, "bail extended", "Thu 19 Mar 2026"),
        row(
            "a second suspect's status",
            {"suspect_rows": BAILED[:2], "victim_told_on": ON},
            "the status of the suspect changed",
            "Tue 17 Mar 2026",
        ),
        row(
            "a suspect's own charge",
            {"suspect_rows": [suspect(status=None, charged_on=ON)]},
            "suspect charged",
            "Mon 16 Mar 2026",
        ),
        row(
            "a suspect's bail extended",
            {"suspect_rows": [suspect(ref="A", status=None)], "seen_changes": [EXTENDED._replace(suspect_ref="A")]},
            "bail extended",
            "Thu 19 Mar 2026",
        ),
    ],
)
def test_the_victim_is_told_of_each_suspect(given, event, on):
    found = owed("victim-told", case(opened_on=OPENED, **given))
    assert (found.because[0].fact, found.arose_on) == (event, on)


@pytest.mark.parametrize(
    "change",
    [
        row("of the case's row, which is not read any more", EXTENDED),
        row("of a suspect who was withdrawn", EXTENDED._replace(suspect_ref="E")),
        row("of the risk", EXTENDED._replace(suspect_ref="A", kind=SeenKind.RISK_LOWERED)),
    ],
)
def test_the_victim_is_not_told_of_a_change(change):
    rows = [suspect(ref="A", status=None), BAILED[4]]
    facts = case(opened_on=OPENED, suspect_rows=rows, seen_changes=[change])
    assert nothing("victim-told", facts).end is EndReason.MET


HELD = {"suspect_status": CUSTODY, "status_on": ON, "status_changed_on": ON}
KNOWN = {"suspect_status": BAIL, "status_on": ON, "status_changed_on": ON}
FIRST = {"suspect_status": BAIL, "status_on": ON}
LATER = day("Tue 17 Mar 2026")
LIMIT = {"ctl_expires_on": ENDS}


@pytest.mark.parametrize(
    ("given", "in_custody"),
    [
        row("CPS says yes", KNOWN | LIMIT | {"in_custody": True}, True),
        row("CPS says no, police custody", HELD | LIMIT | {"in_custody": False}, True),
        row("CPS says no, police another status", KNOWN | LIMIT | {"in_custody": False}, False),
        row("CPS says no, police nothing", LIMIT | {"in_custody": False}, False),
        row("CPS says nothing, police custody", HELD | LIMIT, True),
        row("CPS says nothing, police another status", KNOWN | LIMIT, False),
        row("CPS says nothing, police another status since the charge", KNOWN | LIMIT | {"charged_on": ON}, False),
        row("CPS says nothing, police another status before the charge", KNOWN | LIMIT | {"charged_on": LATER}, True),
        row("CPS says nothing, police a status of an unknown day", FIRST | LIMIT | {"charged_on": OPENED}, True),
        row(
            "CPS says no, police a status before the charge",
            KNOWN | LIMIT | {"charged_on": LATER, "in_custody": False},
            False,
        ),
        row("neither says anything, and a limit is known", LIMIT, True),
        row("a suspect in custody", LIMIT | {"suspect_rows": [suspect(status=BAIL), suspect(status=CUSTODY)]}, True),
    ],
)
def test_custody_is_told_by_either_agency(given, in_custody):
    facts = case(opened_on=OPENED, **given)
    if in_custody:
        assert owed("custody-limit", facts).due_on == ENDS
    else:
        found = nothing("custody-limit", facts)
        status_told = given.get("suspect_status") and given.get("in_custody") is None
        assert (found.end, found.on) == (EndReason.OUT_OF_SCOPE, ON if status_told else None)


def test_each_defendant_has_its_own_limit():
    rows = [
        defendant(ref="A", in_custody=True, ctl_expires_on=ENDS),
        defendant(ref="B", in_custody=None, ctl_expires_on=day("Tue 2 Jun 2026")),
        defendant(ref="C", in_custody=False, ctl_expires_on=ENDS),
        defendant(ref="D", in_custody=True),
        defendant(ref="E", in_custody=True, ctl_expires_on=ENDS, supplied=False),
    ]
    facts = case(opened_on=OPENED, charged_on=ON, defendant_rows=rows, **KNOWN)
    assert told("custody-limit", facts) == {
        "case": EndReason.WITHDRAWN,
        "defendant:A": ENDS,
        "defendant:B": day("Tue 2 Jun 2026"),
        "defendant:C": EndReason.OUT_OF_SCOPE,
        "defendant:D": EndReason.MET,
        "defendant:E": EndReason.WITHDRAWN,
    }
    assert told("custody-limit-unknown", facts)["defendant:D"] == day("Tue 17 Mar 2026")


def test_a_limit_is_unknown_since_the_charge_or_the_latest_custody():
    rows = [suspect(ref="A", status=CUSTODY, status_on=day("Wed 18 Mar 2026")), suspect(ref="B", status=BAIL)]
    assert owed("custody-limit-unknown", case(opened_on=OPENED, charged_on=ON, suspect_rows=rows)).due_on == day(
        "Thu 19 Mar 2026"
    )


def test_defendants_of_a_linked_case_are_watched_there():
    facts = case(opened_on=OPENED, **HELD, **LIMIT)._replace(defendants_elsewhere=True)
    found = nothing("custody-limit", facts)
    assert (found.end, found.lost, found.sentence) == (
        EndReason.WITHDRAWN,
        False,
        "its defendants are now recorded in a linked case",
    )


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        row("both sent", [("defendants.csv", "in_custody"), ("defendants.csv", "ctl_expires_on")], EndReason.MET),
        row("the limit is the CPS row's", [("defendants.csv", "in_custody")], ENDS),
        row("none sent: the case's status tells", [], ENDS),
    ],
)
@pytest.mark.parametrize("cps", [2, None])
def test_a_column_that_the_defendants_file_lacks_is_the_cps_rows(columns, due, cps):
    facts = case(
        opened_on=OPENED, **HELD, **LIMIT, cps_source_id=cps, defendant_rows=[defendant(in_custody=True)]
    )  # fmt: skip
    assert told("custody-limit", sends(facts, ("cps_cases.csv", "charged_on"), *columns))["defendant:D1"] == due


@pytest.mark.parametrize("rule", ["bail-end", "custody-limit", "suspect-wanted"])
def test_a_rule_asks_of_a_case_whose_second_row_it_is_for(rule):
    rows = [suspect(ref="A", status=RUI), suspect(ref="B", status=BAIL), suspect(ref="C", status=CUSTODY)]
    facts = case(opened_on=OPENED, suspect_rows=[*rows, suspect(ref="D", status=SuspectStatus.AT_LARGE)])
    assert all(getattr(facts, trait) for trait in RULES[rule].only_where)
