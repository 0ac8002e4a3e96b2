"""An extract that is unlike its source is held until a person decides on it, or a better one comes."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.rules.people.act import Act
from tasks.intake.load import load_folders
from tasks.intake.results import Fate, LoadResult
from tasks.rounds import held_extract
from tests.worlds.extracts import AS_OF, a_case, a_contact
from tests.worlds.intake import Intake

PEOPLE = [a_contact(), a_contact("L1", roles="lead"), a_contact("SP1", roles="spoc")]
CASES = [f"C{number}" for number in range(40)]
CLOSED = {"finalised_on": "2026-11-20", "finalised_reason": "administrative"}
WHY = "cases.csv would close 40 of the source's 40 open cases"


def book(changed: int = 40, of: list[str] = CASES, **said: str) -> dict[str, Any]:
    """The files of a night: of these cases, the first are sent otherwise than before."""
    before = {"risk": "high", "supervisor_ref": "P1"}
    rows = [a_case(ref, **before | (said if number < changed else {})) for number, ref in enumerate(of)]
    return {"contacts.csv": PEOPLE, "cases.csv": rows}


class Source(Intake):
    """A source of 40 cases, and those who decide on what it sends."""

    def night(self, changed: int = 40, **said: str) -> LoadResult:
        return self.sends(book(changed, **said))

    def decides(self, decide: Any, *about: Any, by: str = "L1") -> Any:
        return decide(configured(), *about, Act(by, Door.COMMAND, "root"), AS_OF.date(), AS_OF)

    def takes(self, extract_id: str, *folders: Path, by: str = "L1") -> LoadResult:
        found: LoadResult = self.decides(held_extract.take, extract_id, folders, by=by)
        return found

    def again(self, *numbers: int) -> list[Fate]:
        folders = [self.path / f"x{number}" for number in numbers]
        return [result.fate for result in load_folders(configured(), folders, AS_OF)]

    @property
    def open(self) -> int:
        (number,) = self.rows("select count(*) from cases where finalised_on is null")
        return int(number)

    def told(self, kind: str) -> list[str]:
        return self.rows(f"select coalesce(text, contact_ref) from messages where kind = '{kind}' order by id")


@pytest.fixture
def source(database: Engine, tmp_path: Path) -> Source:
    made = Source(database, tmp_path)
    assert made.night(0).fate is Fate.LOADED
    return made


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (CLOSED, WHY),
        ({"classification": "harassment"}, "cases.csv would reclassify 40 of the source's 40 open cases"),
        ({"risk": "standard"}, "cases.csv would downgrade 40 of the source's 40 open cases"),
        ({"supervisor_ref": ""}, "cases.csv would empty supervisor_ref in 40 of the 40 rows that have it"),
        ({"risk": ""}, "cases.csv would empty risk in 40 of the 40 rows that have it"),
    ],
)
def test_what_would_silence_every_case_is_held_and_nothing_of_it_is_loaded(
    source: Source, said: dict[str, str], why: str
) -> None:
    result = source.night(**said)
    assert (result.fate, result.sentence) == (Fate.HELD, why)
    assert source.rows("select distinct finalised_on, classification, risk, supervisor_ref from cases") == [
        (None, "stalking", "high", "P1")
    ]
    (words,) = source.told("operations")
    assert words.startswith(
        "An extract is held, niche-45\n\nExtract niche-45-2 of source niche-45 is held, and nothing "
    )
    assert source.told("held_extract") == ["L1"]


@pytest.mark.parametrize(("changed", "said"), [(20, CLOSED), (20, {"risk": "medium"}), (19, {"supervisor_ref": ""})])
def test_what_is_plausible_is_loaded_unseen(source: Source, changed: int, said: dict[str, str]) -> None:
    assert source.night(changed, **said).fate is Fate.LOADED
    assert source.told("operations") + source.told("held_extract") == []


def test_the_stalking_cases_alone_are_enough_among_many_others(database: Engine, tmp_path: Path) -> None:
    source, others = Source(database, tmp_path), [f"H{number}" for number in range(400)]
    harassment = [a_case(ref, classification="harassment") for ref in others]

    def send(**said: str) -> LoadResult:
        files = book(**said)
        return source.sends({**files, "cases.csv": files["cases.csv"] + harassment})

    send()
    assert send(**CLOSED).sentence == "cases.csv would close 40 of the source's 40 open stalking cases"


def test_it_is_held_once_and_its_source_may_send_on(source: Source) -> None:
    source.night(**CLOSED)
    assert source.again(2, 2) == [Fate.HELD, Fate.HELD]
    assert (len(source.told("operations")), source.told("held_extract")) == (1, ["L1"])
    assert source.night(1, **CLOSED).fate is Fate.LOADED
    assert (source.again(2), source.open) == ([Fate.OVERTAKEN], 39)
    with pytest.raises(Refuse, match="a later extract of niche-45 was loaded since it was held"):
        source.takes("niche-45-2", source.path)


def test_a_corrected_extract_under_the_same_id_takes_its_place(source: Source) -> None:
    source.night(**CLOSED)
    source.number = 1
    source.path /= "again"
    assert source.night(2, **CLOSED).fate is Fate.LOADED
    source.path = source.path.parent
    assert (source.open, source.again(2)) == (38, [Fate.OVERTAKEN])


def test_a_lead_takes_it_and_the_act_is_kept_with_the_facts(source: Source) -> None:
    source.night(**CLOSED)
    result = source.takes("niche-45-2", source.path)
    assert (result.fate, source.open) == (Fate.LOADED, 0)
    assert source.rows("select a.by_ref, a.undoes, e.state from acts a join extracts e on e.id = a.extract_id") == [
        ("L1", False, "loaded")
    ]
    asked = "select by, ref, detail ->> 'decision' from audit where reason = 'held-extract'"
    assert source.rows(asked) == [("L1", "niche-45-2", "taken")]
    assert source.told("act") == ["L1"]
    words = source.told("operations")[1].splitlines()
    assert words[:4] == [
        "A held extract was taken, niche-45", "", "L1 took extract niche-45-2 of source niche-45, and it was loaded.",
        f"It was held: {WHY}.",
    ]  # fmt: skip


@pytest.mark.parametrize(("by", "why"), [("P1", "is not one of those who may decide"), ("X", "is not a known contact")])
def test_nobody_else_takes_or_refuses_it(source: Source, by: str, why: str) -> None:
    source.night(**CLOSED)
    with pytest.raises(Refuse, match=why):
        source.takes("niche-45-2", source.path, by=by)
    with pytest.raises(Refuse, match=why):
        source.decides(held_extract.refuse, "niche-45-2", by=by)
    assert source.open == 40


def test_what_is_not_held_not_there_or_changed_since_is_not_taken(source: Source) -> None:
    with pytest.raises(Refuse, match="No extract niche-45-2 is held; these are: none"):
        source.takes("niche-45-2", source.path)
    source.night(**CLOSED)
    with pytest.raises(Refuse, match="No extract niche-45-9 is held; these are: niche-45-2"):
        source.takes("niche-45-9", source.path)
    with pytest.raises(Refuse, match="is not in a drop folder, for none is set: name its folder"):
        source.takes("niche-45-2")
    source.number = 1
    source.prepares(book(30, **CLOSED))
    with pytest.raises(Refuse, match=r"was not loaded: cases\.csv would close 30 of the source's 40 open cases"):
        source.takes("niche-45-2", source.path)
    assert source.open == 40


def test_what_a_spoc_refused_is_not_asked_again_wherever_it_lies(source: Source) -> None:
    source.night(**CLOSED)
    said = source.decides(held_extract.refuse, "niche-45-2", by="SP1")
    assert said == "Extract niche-45-2 is refused: nothing of it is loaded. Have niche-45 send a corrected one."
    source.number = 1
    source.path /= "copied"
    copied = source.night(**CLOSED)
    assert copied.fate is Fate.REFUSED
    assert copied.sentence == f"SP1 refused it on Wed 25 Nov 2026, since {WHY}"
    source.path = source.path.parent
    assert source.again(2) == [Fate.REFUSED]
    assert source.takes("niche-45-2", source.path / "x2").fate is Fate.LOADED, "somebody thought again"


def test_a_delta_waits_for_the_extract_on_which_it_builds(source: Source) -> None:
    source.night(**CLOSED)
    delta = source.sends({"cases.csv": [a_case("C41")]}, mode="delta")
    assert (delta.fate, delta.sentence) == (
        Fate.HELD, "it tells what changed since extract niche-45-2, which is held",
    )  # fmt: skip
    assert (len(source.told("operations")), source.again(3)) == (1, [Fate.HELD])
    source.takes("niche-45-2", source.path / "x2")
    assert (source.again(3), source.open) == ([Fate.LOADED], 1)


def test_operations_read_what_is_usual_of_the_source(source: Source) -> None:
    source.night(2, **CLOSED)
    source.night(39, **CLOSED)
    (words,) = source.told("operations")
    assert words.partition("\n\nSeverity: ")[0].splitlines()[-1] == (
        "cases.csv: 40 rows (40), 0 new (40), 37 closed (2), 0 reclassified (0), 0 downgraded (0)."
    )


def test_far_more_new_cases_than_usual_are_worked_on_and_operations_told(source: Source) -> None:
    for changed in range(1, 5):
        source.night(changed, **CLOSED)
    source.sends(book(4, of=[*CASES, *(f"N{number}" for number in range(110))], **CLOSED))
    assert source.told("operations") == []
    source.sends(book(4, of=[*CASES, *(f"N{number}" for number in range(700))], **CLOSED))
    (words,) = source.told("operations")
    assert words.startswith(
        "Far more new cases than is usual, niche-45\n\nExtract niche-45-7 of source niche-45 brought 590 new cases."
    )


def test_on_trial_it_would_be_held(source: Source, run_cli: Any) -> None:
    ran = run_cli("intake", "--check", str(source.prepares(book(**CLOSED))))
    assert (ran.code, ran.out.splitlines()[0]) == (2, f"niche-45-2: would be held: {WHY}")
    assert source.rows("select count(*) from extracts") == [1]


def test_the_command_says_who_decides_and_how(source: Source, run_cli: Any) -> None:
    folder = str(source.prepares(book(**CLOSED)))
    held = run_cli("intake", folder)
    assert (held.code, held.out.splitlines()[0]) == (2, f"niche-45-2: held: {WHY}")
    assert "a SPOC or lead of what it covers decides, by --accept or --refuse, and --by" in held.out
    assert run_cli("intake", "--accept", "niche-45-2", folder).code == 2
    taken = run_cli("intake", folder, "--accept", "niche-45-2", "--by", "L1")
    assert (taken.code, taken.out.splitlines()[0]) == (0, "niche-45-2: loaded")
