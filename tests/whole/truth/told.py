"""What people told Casebeat, as letters say it: who took something on, whose it is not, what was recorded, and came."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.truth.grammar import MATTER, matter
from tests.whole.truth.sentences import Letter, says
from tests.whole.truth.words import WHO_ANSWERS
from tests.whole.truth.world import Act

if TYPE_CHECKING:
    from tests.whole.reading.life import Life
    from tests.whole.truth.world import World

ANSWERER = "(?P<words__who>" + "|".join(WHO_ANSWERS) + ")"


def _is(letter: Letter, life: Life, ref: str, who: str) -> bool:
    """Return whether somebody has a role for a matter, by the word for it."""
    case = letter.world.reading.cases[life.owed.identity[:2]]
    own = {"officer in the case": case.oic, "prosecutor": case.prosecutor, "supervisor": case.supervisor}
    row = letter.world.action(life)
    contact = letter.world.reading.store.files["contacts"][ref,].row
    if who.startswith(("police", "CPS")) and not who.lower().startswith(contact["agency"]):
        return False
    if who == "action's owner":
        return bool(row) and row["owner_ref"] == ref
    return own.get(who) == ref or WHO_ANSWERS[who] in contact["roles"]


@says(rf"An? {ANSWERER} has taken this on until <day>")
def taken_on(letter: Letter, who: str, day: date) -> None:
    assert letter.life
    told = [row for row in letter.world.promises.get(letter.life.owed.identity, ()) if row.made < letter.today]
    assert told, "nobody has"
    assert told[-1].until == day >= letter.today, f"until {told[-1].until}"
    assert _is(letter, letter.life, told[-1].by, who), f"{told[-1].by} is none"


@says(rf"An? {ANSWERER} took this on until <day>; that no longer holds: (?P<words__why>[^0-9]+)")
def no_longer(letter: Letter, who: str, day: date, why: str) -> None:
    assert letter.life
    told = [row for row in letter.world.promises.get(letter.life.owed.identity, ()) if row.made < letter.today]
    assert day in {row.until for row in told if _is(letter, letter.life, row.by, who)}, f"promised was {told}"
    if why == "the promised day passed and it is still owed":
        assert day < letter.today


@says(rf"The {ANSWERER} says that it is not theirs(?:; [Nn]o [^;]+ is (?:recorded|named to lead))*")
def not_theirs(letter: Letter, who: str) -> None:
    assert letter.life
    refs = letter.world.not_theirs.get(letter.life.owed.identity, ())
    assert refs, "nobody says so"
    assert any(_is(letter, letter.life, ref, who) for ref in refs), f"it is {refs} who says so"


@says(r"Until now someone else was told of it")
def come_to_them(letter: Letter) -> None:
    """Hold that it was handed over, or passed on, to a reader to whom it was not already."""
    assert letter.life
    came, before = _came(letter.world, letter.life, letter.world.person(letter.mail.to)["contact_ref"])
    assert came - before, f"it came to them as {came or 'nobody'}, and was theirs as {before or 'nobody'}"


@says(r"Until now you could not read this case")
def opened(letter: Letter) -> None:
    """Hold that they were notified of it before, and that the case was hidden from them at their last letter if any."""
    assert letter.life
    own, last = letter.world.person(letter.mail.to)["contact_ref"], letter.world.letters.get(letter.mail.to)
    rows = [*letter.world.reading.rows, *letter.world.reading.handed]
    known = {row["day"] for row in rows if row["contact_ref"] == own and _of(row, letter.life)}
    assert any(day < letter.today.isoformat() for day in known), "they were notified of nothing before"
    about = f"{letter.life.owed.force}/{letter.life.owed.case_ref}"
    assert last is None or about in last.hidden, f"they could read it on {last.day}"


def _came(world: World, life: Life, own: str) -> tuple[set[str], set[str]]:
    """Give the addressees as whom somebody was handed a matter, and as whom they were told of it before."""
    said = [row for row in world.reading.rows if row["contact_ref"] == own and _of(row, life)]
    handed = [row for row in world.reading.handed if row["contact_ref"] == own and _of(row, life)]
    why = {row["addressee"] for row in handed}
    if any(ref != own for ref in world.not_theirs.get(life.owed.identity, ())):
        why.add("owner")
    first = min((row["day"] for row in handed), default=world.day.isoformat())
    before = {row["addressee"] for row in said if row["day"] < first and row["version"] == life.version}
    return why, before


def _of(row: dict[str, object], life: Life) -> bool:
    return tuple(row[name] for name in ("force_code", "case_ref", "rule", "subject")) == life.owed.identity


@says(rf"{MATTER}: the outcome was recorded, of the meeting on <day:met>, by a command on <day:on>")
def outcome_recorded(letter: Letter, met: date, on: date, **named: str) -> None:
    matter(letter, **named)
    letter.acts.add(Act(letter.about, f"outcome of {met}", on, back=False))


@says(rf"{MATTER}: moved to the meeting on <day:met>, by a command on <day:on>")
def moved_there(letter: Letter, met: date, on: date, **named: str) -> None:
    matter(letter, **named)
    letter.acts.add(Act(letter.about, f"moved to {met}", on, back=False))


@says(r"Undo it: mailto:\S+", r"Undo it")
def undo(letter: Letter) -> None:
    assert letter.acts


SINCE = r"with the changes marked \((?P<words__how>since .+)\)"


@says(rf"<day> at <hour>, <words:pair>: <n:cases> cases?; its agenda is attached, {SINCE}")
def changed_agenda(letter: Letter, day: date, hour: str, pair: str, cases: int, how: str) -> None:
    del how
    at = letter.world.listed_at(day, hour, pair, letter.mail.to)
    assert at == cases, f"{at} are listed"
    assert letter.today <= day


@says(rf"The agenda of the meeting on <day> at <hour> \w+ is attached: <n:cases> cases?, {SINCE}")
def changed_agenda_alone(letter: Letter, day: date, hour: str, cases: int, how: str) -> None:
    del hour, cases, how
    assert letter.today <= day
