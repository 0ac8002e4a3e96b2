"""Checks of a row's cells together."""

from datetime import date

import pytest

from tasks.intake.checks import (
    Note,
    by_force_or_urn,
    by_urn_or_force,
    case_defaults,
    closed_with_day_and_reason,
    far_end,
    from_before_to,
    reported_when_it_occurred,
    unknown_urn_force,
)
from tasks.intake.forms import NO_URN, NULL, CellSetting, array
from tasks.intake.rows import Problem
from tasks.intake.sentences import printable, without_cells
from tests.worlds.days import row

SETTING = CellSetting(date(2026, 3, 16), frozenset({"45"}), ("police.uk",))
UNREADABLE = Problem("x is unreadable")
URN, STRANGE, OTHERS = "45AB1234526\t(M)", "99AB1234526\t\\N", "46AB1234526\t\\N"
NAMES_NONE = "names no case: give force_code and case_ref, or urn"
NO_FORCE = 'urn begins "99", which is no force\'s code'


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        row("an absence of one day", "2026-03-16", "2026-03-16", []),
        row("one that ends later", "2026-03-16", "2026-03-20", []),
        row(
            "one that ends before it begins",
            "2026-03-17",
            "2026-03-16",
            ["to_on 2026-03-16 is before from_on 2026-03-17"],
        ),
        row("a day that could not be read", None, "2026-03-16", []),
        row("no day", "\\N", "2026-03-16", []),
    ],
)
def test_an_absence_that_ends_before_it_begins_is_refused(begins, ends, said):
    assert [str(each) for each in from_before_to([begins, ends], {"from_on": 0, "to_on": 1}, None)] == said


@pytest.mark.parametrize(
    ("since", "ends", "said"),
    [
        row("12 months after the charge", "2026-02-02", "2027-02-02", []),
        row(
            "a day more",
            "2026-02-02",
            "2027-02-03",
            ["ctl_expires_on 2027-02-03 is more than 12 months after charged_on 2026-02-02"],
        ),
        row("12 months after the extract", NULL, "2027-03-16", []),
        row(
            "a day more, without a charge",
            NULL,
            "2027-03-17",
            ["ctl_expires_on 2027-03-17 is more than 12 months after the day of the extract 2026-03-16"],
        ),
        row("no day", "2026-02-02", NULL, []),
        row("a day that could not be read", "2026-02-02", UNREADABLE, []),
        row("a charge that could not be read", UNREADABLE, "2027-02-03", []),
    ],
)
def test_an_end_more_than_twelve_months_off_is_a_warning(since, ends, said):
    check = far_end("ctl_expires_on", "charged_on")
    found = check([since, ends], {"charged_on": 0, "ctl_expires_on": 1}, SETTING)
    assert ([str(each) for each in found], all(isinstance(each, Note) for each in found)) == (said, True)


def checked(check, **cells):
    """The values of a row after a check, and its sentences."""
    values, at = list(cells.values()), {name: place for place, name in enumerate(cells)}
    found = check(values, at, SETTING)
    return dict(zip(cells, values, strict=True)), [str(each) for each in found]


def case_of(check, force="45", ref="1", urn=URN):
    values, found = checked(check, force_code=force, case_ref=ref, urn=urn)
    return tuple(values.values()), found


@pytest.mark.parametrize(
    ("given", "kept", "sentences"),
    [
        row("all three", {}, ("45", "1", NO_URN), []),
        row("an unreadable URN", {"urn": UNREADABLE}, ("45", "1", UNREADABLE), []),
        row("no reference", {"ref": NULL}, (NULL, NULL, URN), []),
        row("no force", {"force": NULL}, (NULL, NULL, URN), []),
        row("an unreadable force", {"force": UNREADABLE, "ref": NULL}, (UNREADABLE, NULL, URN), []),
        row("nothing", {"force": NULL, "ref": NULL, "urn": NO_URN}, (NULL, NULL, NO_URN), [NAMES_NONE]),
        row("only a force", {"ref": NULL, "urn": NO_URN}, ("45", NULL, NO_URN), [NAMES_NONE]),
    ],
)
def test_a_police_row_names_its_case_by_force_and_reference_first(given, kept, sentences):
    assert case_of(by_force_or_urn, **given) == (kept, sentences)


@pytest.mark.parametrize(
    ("given", "kept", "sentences"),
    [
        row("all three", {}, (NULL, NULL, URN), []),
        row("an unreadable URN", {"urn": UNREADABLE}, (NULL, NULL, UNREADABLE), []),
        row("no URN", {"urn": NO_URN}, ("45", "1", NO_URN), []),
        row("nothing", {"force": NULL, "ref": NULL, "urn": NO_URN}, (NULL, NULL, NO_URN), [NAMES_NONE]),
        row("of no force", {"urn": STRANGE}, (NULL, NULL, STRANGE), [NO_FORCE]),
        row(
            "of another force", {"urn": OTHERS}, (NULL, NULL, OTHERS),
            ['urn begins "46", a force that the manifest\'s covers does not name'],
        ),
    ],
)  # fmt: skip
def test_a_row_of_cps_names_its_case_by_urn_first(given, kept, sentences):
    assert case_of(by_urn_or_force, **given) == (kept, sentences)


@pytest.mark.parametrize(
    ("urn", "warned"), [(URN, False), (NO_URN, False), (UNREADABLE, False), (STRANGE, True), (OTHERS, False)]
)
def test_a_urn_of_no_force_is_a_warning(urn, warned):
    found = unknown_urn_force([urn], {"urn": 0}, SETTING)
    assert [str(each) for each in found] == ([NO_FORCE] if warned else [])
    assert all(isinstance(each, Note) for each in found)
    assert [without_cells(each) for each in found] == (["urn begins with what is no force's code"] if warned else [])


STALKING, MANY = array(["PH97011"]), array(["PH97011", *(f"ZZ{number:05}" for number in range(30))])


def defaults(**given):
    ordinary = {"offence_codes": STALKING, "classification": NULL, "cps_area": NULL, "force_code": "45", "urn": NO_URN}
    return checked(case_defaults, **{**ordinary, **given})


@pytest.mark.parametrize(
    ("given", "classification"),
    [
        ({}, "stalking"), ({"offence_codes": MANY}, "stalking"), ({"classification": "harassment"}, "harassment"),
        ({"offence_codes": UNREADABLE}, NULL), ({"classification": UNREADABLE}, UNREADABLE),
    ],
)  # fmt: skip
def test_an_empty_classification_follows_from_the_offence_codes(given, classification):
    assert defaults(**given)[0]["classification"] == classification


@pytest.mark.parametrize(
    ("given", "area", "sentences"),
    [
        row("Surrey", {}, "South East", []),
        row("given", {"cps_area": "Wessex"}, "Wessex", []),
        row("an unreadable force", {"force_code": UNREADABLE}, NULL, []),
        row("given, of a force of several", {"force_code": "01", "cps_area": "London North"}, "London North", []),
        row(
            "a force of several Areas", {"force_code": "01"}, NULL,
            ["cps_area is empty, and a case of force 01 needs it given"],
        ),
        row("a URN of no force", {"urn": STRANGE}, "South East", [NO_FORCE]),
    ],
)  # fmt: skip
def test_an_empty_area_follows_from_the_force(given, area, sentences):
    values, found = defaults(**given)
    assert (values["cps_area"], found) == (area, sentences)


def test_an_incident_without_a_day_of_its_report_was_reported_when_it_occurred():
    assert checked(reported_when_it_occurred, occurred_on="2026-03-01", reported_on=NULL)[0]["reported_on"] == (
        "2026-03-01"
    )
    assert (
        checked(reported_when_it_occurred, occurred_on="2026-03-01", reported_on="2026-03-02")[0]["reported_on"]
        == "2026-03-02"
    )


@pytest.mark.parametrize(
    ("status", "closed_on", "reason", "lacking"),
    [
        ("pending", NULL, NULL, []),
        ("done", NULL, NULL, ["closed_on"]),
        ("done", "2026-03-01", NULL, []),
        ("cancelled", "2026-03-01", NULL, ["closed_reason"]),
        ("not_possible", NULL, NULL, ["closed_on", "closed_reason"]),
        ("not_possible", "2026-03-01", "gone", []),
        (UNREADABLE, NULL, NULL, []),
    ],
)
def test_a_closed_action_needs_its_day_and_one_that_was_not_done_its_reason(status, closed_on, reason, lacking):
    _, found = checked(closed_with_day_and_reason, status=status, closed_on=closed_on, closed_reason=reason)
    assert found == [f"{name} is empty, and status {status} needs it" for name in lacking]


def test_what_a_terminal_does_not_print_is_replaced_and_the_rest_is_cut():
    assert printable("x" * 40) == "x" * 40
    assert printable("x" * 41) == "x" * 40 + "…"
    assert printable("a\x1bb", 3) == "a?b"
