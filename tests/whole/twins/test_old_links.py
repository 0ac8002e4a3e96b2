"""A link or a button of somebody who may know of its case no more says one sentence, whatever the reason."""

import time
from collections.abc import Mapping
from itertools import count
from statistics import median
from typing import Any, NamedTuple

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.outbox.delivery import deliver
from tests.worlds.days import day
from tests.worlds.extracts import a_case, an_action
from tests.worlds.twin_acts import about_a_case
from tests.worlds.twin_books import FIRST, TODAY, DrawnBook, DrawnCase, elsewhere
from tests.worlds.twin_lives import TwinLife, lived_in, mails, unlike
from tests.worlds.twin_people import KINDS, Circle, Guard

READERS = {"OIC2": "oic2@surrey.police.uk", "OWN2": "own2@surrey.police.uk", "PRO2": "pro2@cps.gov.uk"}
BEFORE, SINCE = Circle("OIC2", "SUP1", "PRO2", "OWN2"), Circle("OIC1", "SUP1", "PRO1", "OWN1")
PANEL = {
    "force_code": "45", "cps_area": "South East", "from": "2026-01-06", "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "starts": "10:00", "cases": 2, "minutes_per_case": 10, "place": "Room 2", "horizon": "21d", "chair": "CHAIR",
    "spocs": {"police": "SPOC1", "cps": "CSPOC1"},
}  # fmt: skip
BARRED = {"barred_refs": ";".join(READERS)}
URN = "45ZZ0000126"
_numbers = count(1)


def old(circle: Circle, **marked: str) -> DrawnCase:
    """The case, with an action of each side."""
    row = a_case(
        "OLD1", opened_on="2026-02-09", offence_codes="PH97011", oic_ref=circle.officer, urn=URN,
        supervisor_ref=circle.supervisor, suspect_status="bail", bail_ends_on="2026-03-25", **marked,
    )  # fmt: skip
    owed = {"raised_on": "2026-02-27", "due_on": "2026-03-06"}
    actions = [
        an_action("A1", "OLD1", owner_ref=circle.owner, **owed),
        an_action("A2", "OLD1", owner_ref=circle.prosecutor, owner_agency="cps", **owed),
    ]
    at_cps = [{"force_code": "45", "case_ref": "OLD1", "prosecutor_ref": circle.prosecutor}]
    return DrawnCase("OLD1", circle, {"cases.csv": [row], "actions.csv": actions, "cps_cases.csv": at_cps}, {})


def linked(**marked: str) -> DrawnCase:
    """A case that is over, and linked with it."""
    row = a_case(
        "OVER1", opened_on="2026-02-02", offence_codes="PH97011", oic_ref="OIC1", urn=URN,
        finalised_on="2026-02-20", finalised_reason="other", **marked,
    )  # fmt: skip
    return DrawnCase("OVER1", SINCE, {"cases.csv": [row]}, {})


SINCE_THEN = {  # what an extract brings after the letters that have the links
    "reassigned": [old(SINCE), linked()],
    "barred": [old(BEFORE, **BARRED), linked()],
    "barred by a linked case": [old(BEFORE), linked(**BARRED)],
    "restricted": [old(BEFORE, restricted="yes"), linked()],
    "restricted by a linked case": [old(BEFORE), linked(restricted="yes")],
    "reassigned and barred": [old(SINCE, **BARRED), linked()],
}  # fmt: skip


class OldLinks(TwinLife):
    """A book whose three readers are in Slack too."""

    def contacts(self):
        return [row | ({"slack_user_id": f"U0{row['contact_ref']}"} if row["contact_ref"] in READERS else {})
                for row in super().contacts()]  # fmt: skip


class After(NamedTuple):
    """The answers to every link, button and command of the three, and how long two refusals took."""

    said: Mapping[str, Any]
    seconds: tuple[float, float]


@pytest.fixture(scope="module")
def after(server, copies, tmp_path_factory):
    """Let a book live until an extract brings a reason, once for all tests."""
    book = DrawnBook(0, (), (), Guard(access=frozenset(KINDS) - frozenset(READERS)), PANEL, frozenset())
    known: dict[str, After] = {}

    def of(reason: str, run_cli: Any) -> After:
        if reason not in known:
            folder = tmp_path_factory.mktemp("links") / "home"
            with lived_in(server, copies, f"links_{next(_numbers)}", folder, book, run_cli, OldLinks) as life:
                life.night(FIRST, [elsewhere(), old(BEFORE), linked()])
                life.round(FIRST)
                life.night(TODAY, [elsewhere(), *SINCE_THEN[reason]])
                known[reason] = After(tried(life), times(life))
        return known[reason]

    return of


def tried(life: TwinLife) -> dict[str, Any]:
    """Click, reply and run every command as each of the three."""
    clicked = life.clicks([*READERS])
    assert all(clicked.values())
    before = mails()
    life.replies([*READERS])
    deliver(configured(), at_london(day(TODAY)))
    answered = {address: mails()[address][len(before[address]) :] for address in READERS.values()}
    assert all(answered.values()), answered
    answers = life.tries(about_a_case("OLD1", "A1", [*READERS]))
    return {
        **{f"click {ref}": said for ref, said in clicked.items()},
        **answered,
        **{str(one): answers[one] for one in answers},
    }


def times(life: TwinLife) -> tuple[float, float]:
    """The median seconds of a refusal about the case, and about one that nobody has."""
    taken: dict[str, list[float]] = {"OLD1": [], "NONE1": []}
    for _ in range(9):
        for name, seconds in taken.items():
            begun = time.perf_counter()
            code, _, _ = life.runs("acknowledge", f"45/{name}", "action", "--until", "2026-03-19", "--by", "OIC2")
            seconds.append(time.perf_counter() - begun)
            assert code == 2
    return median(taken["OLD1"]), median(taken["NONE1"])


@pytest.mark.parametrize("reason", [reason for reason in SINCE_THEN if reason != "reassigned"])
def test_a_link_a_button_and_a_command_say_what_they_say_to_whoever_was_reassigned(after, run_cli, reason):
    one, other = (after(each, run_cli).said for each in (reason, "reassigned"))
    if reason.startswith("restricted"):  # of which those without access read how many there are, and whom to ask
        one, other = (
            {key: [part for part in said if "how things stand" not in str(part)] for key, said in each.items()}
            for each in (one, other)
        )
    assert not unlike(one, other)


def test_a_refusal_takes_as_long_for_a_hidden_case_as_for_none(after, run_cli):
    hidden, none = after("barred", run_cli).seconds
    assert none / 2 < hidden < none * 2, (hidden, none)
