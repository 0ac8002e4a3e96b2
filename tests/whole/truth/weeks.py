"""The demo's weeks lived for whoever reads its mails, with a look at every morning, and read day by day."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine, create_engine

from config.days.london import at_london, london_day
from flows.configured import configured
from flows.demo import live
from flows.round_steps import whole_round
from tasks.demo.mail_sink import mail_sink
from tasks.servers import database, migrate, postgres
from tests.support.copies import never_wait_for_disks
from tests.whole.truth import notices, told
from tests.whole.truth.answers import Endings, wrong_answers
from tests.whole.truth.folders import sent
from tests.whole.truth.grammar import whole
from tests.whole.truth.lived import Acts, Memory, Weeks
from tests.whole.truth.mails import Mail, read
from tests.whole.truth.sentences import wrongs
from tests.whole.truth.sheet import wrong_rows
from tests.whole.truth.world import World
from tests.worlds.demo_weeks import DAYS, days, furnish, read_replies, surroundings

Look = Callable[[date, Path], None]
BESIDES = (notices, told)  # they teach their sentences
OPERATIONS = "casebeat-operations@demo.police.uk"


class Lived(NamedTuple):
    """Weeks that are over: their folder, and their database while its server runs."""

    home: Path
    engine: Engine


@contextmanager
def lived(look: Look) -> Iterator[Lived]:
    """Live the weeks in a folder of their own, which goes with the block. `look` is called each morning and noon."""
    home = Path(tempfile.mkdtemp(prefix="casebeat-weeks-"))
    before = dict(os.environ)
    try:
        postgres.start(home)
        never_wait_for_disks(home)
        migrate.migrate(postgres.url(home, role="casebeat_owner"))
        furnish(home)
        with mail_sink(home / "mail") as port:
            os.environ.update(surroundings(home, postgres.url(home), port))

            def a_round(day: date) -> None:
                whole_round(configured(), day, at_london(day))
                look(day, home)

            def a_reading(at: datetime) -> None:
                read_replies(at)
                look(london_day(at), home)

            live(home, DAYS, 7, a_round, a_reading)
        database.close()
        engine = create_engine(postgres.url(home))
        yield Lived(home, engine)
        engine.dispose()
    finally:
        os.environ.clear()
        os.environ.update(before)
        database.close()
        postgres.stop(home)
        shutil.rmtree(home)


def mails_by_day(home: Path) -> dict[date, list[Mail]]:
    """Read the mails that a demo's server kept, operations' aside."""
    found = defaultdict(list)
    for path in sorted((home / "mail" / "new").iterdir()):
        mail = read(path.read_bytes())
        if mail.to != OPERATIONS:
            found[mail.day].append(mail)
    return found


def answers(home: Path, acts: Acts, endings: Endings) -> Iterator[tuple[str, str, str]]:
    """Give each answer to a reply: the mail, what it says was done, and why that is not so, empty where it is.

    `endings` are those of each obligation, as the truth of the last day has them.
    """
    last = sent(home.glob(f"extracts/*-{days()[-1]:%Y%m%d}"))
    contacts = (row for extract in last for _, row, _ in extract.files["contacts"].rows)
    yield from wrong_answers(mails_by_day(home), acts, {row["contact_ref"]: row["email"] for row in contacts}, endings)


def read_days(
    home: Path, acts: Acts, tally: Counter[str], chosen: Collection[str] | None = None
) -> Iterator[tuple[World, list[Mail], list[str]]]:
    """Read every letter and urgent mail of the weeks: give each day's truth, its mails, and what is wrong in them.

    `tally` counts the sentences by their check, and with `!` those that are not so. `chosen` are the addresses of
    those whose letters are read; everybody's, unless it is given.
    """
    memory, mails = Memory(Weeks.of(home, acts)), mails_by_day(home)
    for day in days():
        memory.weeks.morning(day)
        world = memory.world(day, mails[day])
        wrong = []
        for mail in mails[day]:
            if mail.kind in ("letters", "urgent") and (chosen is None or mail.to in chosen):
                found = (*wrongs(mail, world, whole, tally), *wrong_rows(mail, world))
                wrong += [f"{mail.to} {day}: {said}" for said in found]
        yield world, mails[day], wrong
        memory.remember(world, mails[day])
