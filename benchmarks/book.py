"""Extracts of any size for the benchmarks: N cases with six actions each over 43 forces, written as they are made.

`python -m benchmarks.book FOLDER --cases 1000000` writes one snapshot, sorted by force and case, in well under two
minutes, with one row in memory at a time. `--every 50` writes a delta instead, of every fiftieth case with a day's work
on it: an act, a risk assessment, a joint review and an action that was done, all of them yesterday. The rest of a case
is as it was on the day `begun`; without that, every day of the case moves with the extract's, and with them all that
is owed. The same numbers give the same bytes.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple, TextIO

from config.forces import FORCES
from config.terms import Agency
from tasks.intake.files import FILES

ACTIONS = 6  # for each case, two of them live
OFFICERS = 20  # for each force
LONDON = {"01": "London North", "48": "London South"}
CODES = tuple(sorted({code for code, force in FORCES.items() if force.cps_area and code != "93"} | set(LONDON)))
_HEADS = {
    "contacts.csv": "contact_ref,agency,name,email,roles,force_code,cps_area",
    "cases.csv": (
        "force_code,case_ref,opened_on,offence_codes,oic_ref,supervisor_ref,urn,cps_area,classification,risk,"
        "relationship,suspect_status,last_act_on,risk_assessed_on"
    ),
    "actions.csv": (
        "action_ref,force_code,case_ref,kind,source,owner_agency,status,raised_on,owner_ref,due_on,closed_on"
    ),
    "reviews.csv": "review_ref,force_code,case_ref,kind,held_on,police_attended,cps_attended",
    "incidents.csv": "incident_ref,force_code,case_ref,occurred_on,kind,breach",
}
_BLANKS = {  # what else a file of police may have: empty cells, so that no duty is left unseen
    name: [column.name for column in file.columns if column.name not in _HEADS.get(name, "").split(",")]
    for name, file in FILES.items()
    if file.only_from is not Agency.CPS
}
_RISKS = ("high", "medium", "medium", "standard")
_EVERY = {"high": 12, "medium": 26, "standard": 52}
_KINDS = ("CCTV", "WITNESS_STATEMENT", "CHRONOLOGY", "PHONE_DOWNLOAD_SUSPECT", "SCREENSHOTS", "PLATFORM_DATA")


class Scale(NamedTuple):
    """The size, the day, the interval of changed cases (1 writes all of them), and the forces.

    `begun` is the day of the extract that began the book, from which the days of its cases count; None: `today`.
    """

    cases: int
    today: date
    every: int = 1
    codes: tuple[str, ...] = CODES
    begun: date | None = None


def write_extract(folder: Path, scale: Scale, seed: int = 1) -> Path:
    """Write one extract under `folder` and return its own folder. The manifest is written last."""
    delta = scale.every > 1
    into = folder / f"bench-{scale.cases}-{scale.today:%Y%m%d}{'-delta' if delta else ''}"
    into.mkdir(parents=True)
    counts = dict.fromkeys(_BLANKS, 0)
    with ExitStack() as stack:
        files = {name: stack.enter_context((into / name).open("w", encoding="utf-8", newline="")) for name in _BLANKS}
        for name, blanks in _BLANKS.items():
            files[name].write(",".join([*_HEADS.get(name, "").split(","), *blanks]).lstrip(",") + "\r\n")
        counts["contacts.csv"] = _people(files["contacts.csv"], scale.codes)
        for name, rows in _cases(scale, Random(seed)):  # noqa: S311 - repeatable, not secret
            files[name].write(rows.replace("\r\n", "," * len(_BLANKS[name]) + "\r\n"))
            counts[name] += rows.count("\n")
    manifest = {
        "extract_id": into.name,
        "source": "bench",
        "agency": "police",
        "mode": "delta" if delta else "snapshot",
        "extracted_at": datetime.combine(scale.today, time(5 if delta else 4), UTC).isoformat(),
        "covers": list(scale.codes),
        "files": counts,
    }
    (into / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return into


def _people(file: TextIO, codes: Sequence[str]) -> int:
    count = 0
    for code in codes:
        roles = ["officer"] * OFFICERS + ["supervisor"] * 4 + ["spoc", "lead"]
        for place, role in enumerate(roles):
            ref = f"B{code}{role[0]}{place:02}"
            blanks = "," * len(_BLANKS["contacts.csv"])
            file.write(f"{ref},police,Bench {ref},{ref.lower()}@bench.police.uk,{role},{code},{blanks}\r\n")
            count += 1
    return count


def _cases(scale: Scale, rng: Random) -> Iterator[tuple[str, str]]:
    """Yield the rows of each case, file by file. An unchanged case still draws its numbers, so that deltas agree."""
    begun = scale.begun or scale.today
    past = [(begun - timedelta(days=back)).isoformat() for back in range(400)]
    ahead = [(begun + timedelta(days=on)).isoformat() for on in range(-1, 50)]
    yesterday = (scale.today - timedelta(days=1)).isoformat() if scale.every > 1 else None
    draw = rng.random
    for number in range(scale.cases):
        code = scale.codes[number * len(scale.codes) // scale.cases]
        ref, officer = f"{code}B{number:07}", f"B{code}o{int(draw() * OFFICERS):02}"
        risk = _RISKS[int(draw() * 4)]
        opened = 1 + int(draw() * 120)
        held = min(opened, 1 + int(draw() * _EVERY[risk]))
        dues = (int(draw() * 51), int(draw() * 51))
        if number % scale.every:
            continue
        stalking = number % 10 < 6
        offence = ("PH97010" if number % 4 else "PH97006") if stalking else "PH97009"
        key = f"{code},{ref}"
        who = f"{officer},B{code}s{OFFICERS + number % 4:02},{code}BN{number % 100000:05}26,{LONDON.get(code, '')}"
        state = f"{risk},ex_partner,rui,{past[opened]},{yesterday or past[opened]}"
        yield "cases.csv", f"{key},{past[opened]},{offence},{who},,{state}\r\n"
        yield "incidents.csv", f"I{number:07},{key},{past[opened]},messages,no\r\n"
        yield "reviews.csv", f"{'N' if yesterday else 'R'}{number:07},{key},joint,{yesterday or past[held]},yes,yes\r\n"
        yield "actions.csv", "".join(_actions(number, key, officer, (past, ahead), (opened, dues), yesterday))


def _actions(
    number: int,
    key: str,
    officer: str,
    days: tuple[list[str], list[str]],
    drawn: tuple[int, tuple[int, int]],
    yesterday: str | None,
) -> Iterator[str]:
    """Yield the actions of a case. The last of them was done yesterday, where there was work on the case."""
    (past, ahead), (opened, dues) = days, drawn
    for place, kind in enumerate(_KINDS):
        head = f"A{number:07}{place},{key},{kind},investigation,police,"
        if place < ACTIONS - len(dues):
            yield f"{head}done,{past[opened]},{officer},,{past[1 + (opened - 1) * place // ACTIONS]}\r\n"
        elif yesterday and place == ACTIONS - 1:
            yield f"{head}done,{past[min(opened, 10)]},{officer},,{yesterday}\r\n"
        else:
            yield f"{head}pending,{past[min(opened, 10)]},{officer},{ahead[dues[place - 4]]},\r\n"


def main() -> None:
    """Write an extract from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 25))
    asked = parser.parse_args()
    print(write_extract(asked.folder, Scale(asked.cases, asked.today, asked.every)))


if __name__ == "__main__":
    main()
