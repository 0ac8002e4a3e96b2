"""Every letter of a random fortnight, read by a reader that knows nothing of Casebeat's code and believes nothing.

`TRUTH_SEEDS=1-5` reads other books; `TRUTH_DAYS` and `TRUTH_CASES` set how long and how large each is.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.post import RawServer
from tests.support.verdicts import went_well
from tests.whole.reading.days import working
from tests.whole.truth import notices, told
from tests.whole.truth.endings import Ending
from tests.whole.truth.grammar import whole
from tests.whole.truth.mails import Mail, read
from tests.whole.truth.pattern import expected, listed_in
from tests.whole.truth.sentences import wrongs
from tests.whole.truth.sheet import wrong_rows
from tests.whole.truth.spoiling import SPOILS, spoilt
from tests.whole.truth.world import Act, LastLetter, World
from tests.whole.years.world import Years

BESIDES = (notices, told)  # they teach their sentences
DAYS, CASES = int(os.environ.get("TRUTH_DAYS", "14")), int(os.environ.get("TRUTH_CASES", "20"))
EVERY_DAY = 3  # the seed of a book whose letters say something of every kind
SHOWN = int(os.environ.get("TRUTH_SHOWN", "25"))
OPERATIONS = "casebeat-operations@surrey.police.uk"
LONGEST_SUBJECT = 60
A_FILE = re.compile(r"source [\w-]+/\w+\.csv")  # the subject of one that a source leaves out


def _seeds() -> list[int]:
    first, _, last = os.environ.get("TRUTH_SEEDS", str(EVERY_DAY)).partition("-")
    return list(range(int(first), int(last or first) + 1))


def _settings(monkeypatch: pytest.MonkeyPatch, server: RawServer, policy: Path, replies: Path | None) -> None:
    values = {
        "CLOCK": "virtual", "MAIL__HOST": "127.0.0.1", "MAIL__PORT": str(server.port), "MAIL__OPERATIONS": OPERATIONS,
        "POLICY": str(policy),
    }  # fmt: skip
    if replies:
        values |= {"REPLIES__MAILDIR": str(replies), "REPLIES__ADDRESS": "casebeat-replies@surrey.police.uk"}
    for name, value in values.items():
        monkeypatch.setenv(f"CASEBEAT_{name}", value)


def about_all(mails: list[Mail]) -> list[str]:
    """Give what is wrong with the mails of a day together, and with any mail whatever it says."""
    found = []
    for to, number in Counter(mail.to for mail in mails if mail.kind in ("letters", "urgent")).items():
        found += [f"{to} gets {number} mails at once"] if number > 1 else []
    for mail in mails:
        text = A_FILE.sub("its file", "\n".join([*mail.plain, *mail.page]))
        found += [f"{mail.to}: no List-Id of a kind: {mail.subject}"] if not mail.kind else []
        found += [f"{mail.to}: a long subject: {mail.subject}"] if len(mail.subject) > LONGEST_SUBJECT else []
        found += [f"{mail.to}: a letter on a day off"] if mail.kind == "letters" and not working(mail.day) else []
        found += [f"{mail.to} reads {word}" for word in ("casebeat ", ".yaml", ".csv:", "--by") if word in text]
    return found


def _noticed(mail: Mail, world: World, name: str) -> bool:
    """Return whether a letter says something of a kind, and the reader notices when that is changed."""
    other = spoilt(mail, world, name)
    return other is not None and any(wrongs(other, world, whole))


def _reported_and_taken_back(
    years: Years, run_cli: Callable[..., Any], world: World
) -> tuple[str, tuple[Act, Act]] | None:
    """Have an action reported as done and that taken back, so that the book is as before; return whose they are."""
    if (made := years.report()) is None:
        return None
    arguments, ref = made
    for undo in ((), ("--undo",)):
        done = run_cli("complete-action", *arguments, *undo)
        assert done.code == 0, done.err
    about, action, *_ = arguments
    return world.address(ref), (Act(about, action, years.today, False), Act(about, action, years.today, True))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", _seeds())
def test_every_sentence_of_a_fortnights_letters_is_so(
    seed: int, database: Any, run_cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    years, standings, read_already, letters = Years(seed, CASES, tmp_path), {}, 0, 0
    wrong: list[str] = []
    acts: dict[str, set[Act]] = {}
    patterns: dict[str, dict[str, frozenset[str]]] = {}
    last_letters: dict[str, LastLetter] = {}
    endings: dict[tuple[Any, ...], list[Ending]] = {}
    dangers: dict[tuple[Any, ...], date] = {}
    unspoilt = set(SPOILS)
    replies = tmp_path / "replies" if seed % 2 else None  # half of the books have a mailbox for replies
    with RawServer() as server:
        for _ in range(DAYS):
            _settings(monkeypatch, server, years.policy, replies)
            if folders := years.extracts():
                taken = run_cli("intake", *map(str, folders), "--allow-fewer-columns")
                assert taken.code == 0, taken.err
            done = run_cli("run", "--as-of", years.today.isoformat())
            assert went_well(done.code, done.err), f"{done.out}\n{done.err}"
            years.reading.run(years.today)
            mails = [read(content.replace(b"\r\n..", b"\r\n.")) for content in server.accepted[read_already:]]
            mails, read_already = [mail for mail in mails if mail.to != OPERATIONS], len(server.accepted)
            world = World(years.reading, years.today, standings, patterns, acts, last_letters, endings, dangers=dangers)
            wrong += [f"{years.today} {one}" for one in about_all(mails)]
            for mail in (mail for mail in mails if mail.kind in ("letters", "urgent")):
                wrong += [
                    f"{mail.to} {years.today}: {one}" for one in (*wrongs(mail, world, whole), *wrong_rows(mail, world))
                ]
                letters += 1
                unspoilt -= {name for name in unspoilt if _noticed(mail, world, name)}
            for mail in mails:
                for about in listed_in(mail):
                    patterns.setdefault(mail.to, {})[about] = expected(world, mail.to)[about].keys
            last_letters = last_letters | {
                mail.to: LastLetter(mail.day, world.stalled_cases(mail.to, own=True), world.hidden_from(mail.to))
                for mail in mails
                if mail.kind == "letters"
            }
            standings |= {mail.to: mail.day for mail in mails if mail.has_standing}
            acts = {
                to: done for to, done in acts.items() if to not in {mail.to for mail in mails if mail.kind == "letters"}
            }
            if made := _reported_and_taken_back(years, run_cli, world):
                acts.setdefault(made[0], set()).update(made[1])
            years.tomorrow()
    assert letters > DAYS
    assert not wrong, "\n".join([f"seed {seed}: {len(wrong)} are wrong", *wrong[:SHOWN]])
    assert seed != EVERY_DAY or not unspoilt, f"a change of it is in no letter, or nobody notices it: {unspoilt}"
