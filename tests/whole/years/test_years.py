"""Virtual years: day after day on a random book, compared with a reading that uses none of Casebeat's own code.

`YEARS_SEEDS=1-5` runs other books than the default one; `YEARS_DAYS` and `YEARS_CASES` set the length and the size of
each. Every day, obligations and steps are those of the reading, the account balances, and nothing is sent twice. After
an outage everything is sent or has its reason.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.support.post import RawServer
from tests.support.verdicts import went_well
from tests.whole.reading.comparing import UNSAID, compare
from tests.whole.reading.days import working
from tests.whole.reading.duties.owed import SHAPE
from tests.whole.reading.show import behind
from tests.whole.years.once import OPERATIONS, once
from tests.whole.years.world import Years, open_cases, read_letters, words_of

DAYS = int(os.environ.get("YEARS_DAYS", "45"))
CASES = int(os.environ.get("YEARS_CASES", "8"))
WAITING = {"queued", "claimed", "sending", "retry", "unknown"}
LETTER = "Casebeat letters <"
ACCOUNT = re.compile(r"^Force (\d\d): (\d+) of (\d+) cases? evaluated \(.*; (\d+) open\), (\d+) failed", re.MULTILINE)


def _seeds() -> list[int]:
    first, _, last = os.environ.get("YEARS_SEEDS", "1").partition("-")
    return list(range(int(first), int(last or first) + 1))


@pytest.fixture
def shapes() -> Iterator[None]:
    """Restore the reading's numbers afterwards."""
    before = dict(SHAPE)
    yield
    SHAPE.update(before)


class Product:
    """Casebeat, through its command line and its mail server; its database tells what waits."""

    def __init__(
        self, database: Engine, call: Callable[..., Any], server: RawServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.database, self.call, self.server, self.monkeypatch = database, call, server, monkeypatch
        for name, value in {
            "CLOCK": "virtual", "MAIL__HOST": "127.0.0.1", "MAIL__PORT": str(server.port),
            "MAIL__OPERATIONS": "casebeat-operations@surrey.police.uk",
        }.items():  # fmt: skip
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        self.monkeypatch.setenv(f"CASEBEAT_{name}", value)

    def out(self, *, out: bool) -> None:
        """Take the mail server away, or bring it back."""
        self.server.at, self.server.what = ("banner", "drop") if out else ("", "")

    def ask(self, statement: str) -> list[Any]:
        """Query data that no command lists."""
        with self.database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        done = self.call(*arguments)
        assert done.code == 0, f"{arguments}: {done.code}\n{done.err}"
        return [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]


def _hold(product: Product, years: Years, *, out: bool) -> None:
    """Run one day's round, and check that its account balances."""
    done = product.call("run", "--as-of", years.today.isoformat())
    assert went_well(done.code, done.err) or (done.code == 1 and out), (
        f"{years.today}: {done.code}\n{done.out}\n{done.err}"
    )
    years.reading.run(years.today)
    for force, evaluated, found, are_open, failed in ACCOUNT.findall(done.out):
        assert (evaluated, failed) == (found, "0"), done.out
        assert int(are_open) == open_cases(years.reading, force), f"{years.today}: {done.out}"


def _said_rightly(product: Product, years: Years) -> None:
    """Compare the day with the reading."""
    day = years.today.isoformat()
    owed = product.lines("obligations", "--json", "--as-of", day)
    differ = compare(years.reading, years.today, owed, product.lines("notifications", "--json", "--day", day))
    assert not differ, "\n".join([*differ, *behind(years.reading, differ)])
    years.reading.unsaid = {(row[:4], *row[4:]) for row in product.ask(UNSAID)}


def _cries_no_wolf(product: Product, years: Years, *, out: bool) -> None:
    """Audit the day: apart from feeds, which this world has late, and letters of an outage, nothing may be found."""
    found = json.loads(product.call("assure", "--as-of", years.today.isoformat(), "--json").out)["findings"]
    assert out or not [one for one in found if not one.startswith("source ")], f"{years.today}: {found}"
    years.counts["audits"] += 1


def _may_wait(row: dict[str, Any], since: date) -> bool:
    """Return whether a notification may wait: what was resolved waits for a fuller letter, or the next week's."""
    return bool(row["step"] == "resolved" and date.fromisoformat(row["day"]) >= since)


def _all_said_once(product: Product, years: Years, rows: list[dict[str, Any]]) -> None:
    """Check that nothing waits, that each silence has its reason, and that each notification arrived in one letter."""
    a_week_ago = years.today - timedelta(days=7)  # by the first working day since then, all ends were told
    waiting = [row for row in rows if row["state"] in WAITING and not _may_wait(row, a_week_ago)]
    assert not waiting, waiting[:3]
    assert not [row for row in rows if row["state"] == "silent" and not row["reason"]]
    assert not [row for row in rows if row["state"] == "dead" and "address" not in row["reason"]]
    letters = read_letters(product.server.accepted)
    ids = Counter(letter["Message-ID"] for letter in letters)
    assert ids.most_common(1)[0][1] == 1, "a letter came twice"
    of_a_day = [letter for letter in letters if letter["List-Id"].startswith(LETTER)]
    days = Counter((letter["To"].addresses[0].addr_spec, letter["Date"].datetime.date()) for letter in of_a_day)
    twice = [(who, day) for (who, day), number in days.items() if number > 1 and OPERATIONS not in who]
    assert not twice, "two letters on one day"
    assert not [(who, day) for who, day in days if not working(day)], "a letter on a day off"
    assert days
    said: dict[str, list[str]] = {}
    for letter in letters:
        said.setdefault(letter["To"].addresses[0].addr_spec, []).append(words_of(letter))
    people = years.reading.store.files["contacts"]
    for row in rows:
        if row["state"] != "sent" or row["contact_ref"] is None or row["case_ref"] is None:
            continue
        case = years.reading.store.files["cases"][row["force_code"], row["case_ref"]].row
        named = [row["case_ref"], *([case["urn"][:2]] if case["urn"] else []), "restricted"]
        told = said.get(people[row["contact_ref"],].row["email"], [])
        assert any(name in words for words in told for name in named), row
    once(product.ask, letters)
    years.counts["letters"], years.counts["notifications"] = len(letters), len(rows)


@pytest.mark.timeout(7200)
@pytest.mark.usefixtures("shapes")
@pytest.mark.parametrize("seed", _seeds())
def test_day_after_day_casebeat_says_what_the_specification_says(
    seed: int, database: Engine, run_cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    years = Years(seed, CASES, tmp_path)
    began, rows = years.today, []
    with RawServer() as server:
        product = Product(database, run_cli, server, monkeypatch)
        outage = 0
        for number in range(DAYS):
            outage = max(0, outage - 1) or (years.chance.choice([1, 2, 4]) if years.chance.random() < 0.04 else 0)
            outage = 0 if number >= DAYS - 2 else outage
            product.out(out=outage > 0)
            product.set("POLICY", str(years.policy))
            folders = years.extracts()
            if folders:
                taken = product.call("intake", *map(str, folders), "--allow-fewer-columns")
                assert taken.code == 0, taken.err
            if number and number < DAYS - 2 and years.chance.random() < 0.04:
                years.counts["rounds missed"] += 1
            else:
                _hold(product, years, out=outage > 0)
                _said_rightly(product, years)
                _cries_no_wolf(product, years, out=outage > 0)
                years.counts["days of outage"] += outage > 0
                _promise(product, years)
            years.tomorrow()
        for day in (date.fromordinal(at) for at in range(began.toordinal(), years.today.toordinal())):
            found = product.lines("notifications", "--json", "--day", day.isoformat())
            rows += [row for row in found if row["rule"]]
        _all_said_once(product, years, rows)
    print(f"seed {seed}, {began} to {years.today}: {dict(years.counts)}")  # noqa: T201


def _promise(product: Product, years: Years) -> None:
    """Let someone answer sometimes; check that the answer is accepted or refused as the reading expects."""
    wish = years.promise() if years.chance.random() < 0.5 else None
    if wish:
        arguments, granted = wish
        done = product.call("acknowledge", *arguments)
        assert (done.code == 0) == granted, f"{arguments}: {done.code}\n{done.out}{done.err}"
