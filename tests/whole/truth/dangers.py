"""Danger, as letters say it: what happened, the grade and who gave it, how the victim is protected, whom to ask."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from tests.whole.reading.duties.dangers import OF_STANDARD, REPORTS, WITHIN, lowered, of_another_victim
from tests.whole.reading.duties.watched import presumed, watched_since
from tests.whole.reading.facts import LIVE
from tests.whole.reading.store import root_of
from tests.whole.truth.sentences import CHANGED_CASE, NAMED, Item, Letter, says
from tests.whole.truth.words import ORDERS, PLACES, RECORDED_AS
from tests.whole.truth.world import WRITTEN, Act, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.life import Life
    from tests.whole.reading.sheets import Row
    from tests.whole.truth.mails import Mail
    from tests.whole.truth.world import World

DANGER = "danger"
ASKS = "PHONE_DOWNLOAD_VICTIM"  # the kind of action beside which the victim's other phone is asked for
SAID_OF_DANGER = {"happened", "grade", "orders", "suspects", "contact"}
FIRST = ("CANNOT WAIT", "")  # where what is new of danger stands: of a mail of its own there is no block
LONGEST = 7  # matters there, besides time limits and orders


# What happened: the signs of the latest day of danger.


class Sign(NamedTuple):
    """One sign of danger: its kind, its own day, how many reports it counts, and when another case ended."""

    kind: str
    day: date
    number: int = 0
    ended: date | None = None


def signs_of(facts: Facts, latest: date) -> set[Sign]:
    """Give what makes a day the latest of danger. What was shortly before the case was watched counts on that day."""
    since = watched_since(facts)
    early = {sign for sign in _signs(facts) if sign.kind != "serial" and sign.day < since - WITHIN}
    return {sign for sign in _signs(facts) if sign not in early and max(sign.day, since) == latest}


def _signs(facts: Facts) -> Iterator[Sign]:
    reports = facts.every("incidents")
    days = [row["reported_on"] for row in reports]
    yield from (Sign("breach", row["reported_on"]) for row in reports if row["breach"])
    for day in set(days):
        close, in_all = sum(day - WITHIN <= each <= day for each in days), sum(each <= day for each in days)
        if close >= REPORTS:
            yield Sign("close", day, close)
        if facts.risk == "standard" and in_all >= OF_STANDARD:
            yield Sign("grade", day, in_all)
    yield from (Sign("lowered", day) for day in lowered(facts))
    for other in of_another_victim(facts):
        known = all(each.case["victim_key"] for each in (facts, other))
        yield Sign("serial", other.case["opened_on"], int(known), other.case["finalised_on"])


NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
SIGNS = {  # each in words, and what became of it on a day
    "breach": ("a breach", "was reported"),
    "close": (
        rf"the (?P<close>\w+) report within {WITHIN.days} days(?: \((?P<in_all>\d+) reports in all\))?",
        "was made",
    ),
    "grade": (r"the (?P<grade>\w+) report in all at standard risk", "was made"),
    "lowered": (r"a grade of risk lowered without an assessment", "was seen"),
    "serial": (r"another case of the same suspect(?P<apart>, of another victim,)?", "was opened"),
}
ENDED = rf"(?: and finalised on (?P<ended>{WRITTEN}))?"
CLAUSES = {
    kind: re.compile(rf"(?i:{words})(?: {verb} on (?P<day>{WRITTEN}){ENDED if kind == 'serial' else ''})?")
    for kind, (words, verb) in SIGNS.items()
}
ONE = "(?:" + "|".join(re.sub(r"\?P<\w+>", "?:", f"{one.pattern}") for one in CLAUSES.values()) + ")"


def _number(word: str) -> int:
    return NTH.index(word) + 1 if word in NTH else int(re.sub(r"\D", "", word))


@says(rf"(?P<words__signs>{ONE}(?:; {ONE})*)")
def happened(letter: Letter, signs: str) -> None:
    """Hold each sign that is said, with its day and its number, against those of the latest day of danger."""
    life, facts = _danger(letter)
    letter.items[-1].said.add("happened")
    latest = life.owed.latest
    assert latest, "it has no day of danger"
    found, day, totals = [], None, {}
    for clause in signs.split("; "):
        ((kind, one),) = [(kind, one) for kind, pattern in CLAUSES.items() if (one := pattern.fullmatch(clause))]
        parts = one.groupdict()
        day = parsed(parts["day"], letter.today) if parts["day"] else day
        assert day, f"no day is said of {clause}"
        ended = parsed(parts["ended"], letter.today) if parts.get("ended") else None
        number = _number(parts[kind]) if kind in ("close", "grade") else int(bool(parts.get("apart")))
        found.append(Sign(kind, day, number, ended))
        totals |= {day: int(parts["in_all"])} if parts.get("in_all") else {}
        totals |= {day: number} if kind == "grade" else {}
    expected = signs_of(facts, latest)
    assert len(found) == len(set(found)), "it says one thing twice"
    assert set(found) == expected, f"the signs of {latest} are {sorted(expected)}"
    for sign in expected:
        if sign.kind == "close":
            in_all = sum(row["reported_on"] <= sign.day for row in facts.every("incidents"))
            assert totals.get(sign.day, sign.number) == in_all, f"they are {in_all} reports in all"


def _danger(letter: Letter) -> tuple[Life, Facts]:
    """Give the danger that sentences are about, and the facts of its case."""
    lives = [life for life in (letter.items[-1].lives if letter.items else []) if life.owed.rule == DANGER]
    assert lives, "no danger is told of there"
    return lives[-1], letter.world.facts[letter.about]


# The grade.


@says(
    r"(?:Graded (?P<words__grade>high|medium|standard)|No grade recorded, treated as high), "
    r"(?:assessed <day:assessed>|no assessment recorded|(?P<words__unseen>when it was assessed cannot be seen)), "
    r"(?:confirmed by nobody(?P<words__here> here)?|confirmed <day:confirmed>(?: by <words:who>)?)"
)
def graded(
    letter: Letter, grade: str | None, assessed: date | None, unseen: str | None, here: str | None,
    confirmed: date | None, who: str | None,
) -> None:  # fmt: skip
    _, facts = _danger(letter)
    assert (unseen is not None) is (assessed is None and not _sees(letter, facts, "risk_assessed_on")), "it is sent"
    assert (here is not None) is (confirmed is None and not _sees(letter, facts, "risk_ratified_on")), "it is sent"
    letter.items[-1].said.add("grade")
    assert grade == facts.risk, f"it is {facts.risk}"
    assert assessed == facts.case["risk_assessed_on"], f"it was assessed on {facts.case['risk_assessed_on']}"
    assert confirmed == facts.case["risk_ratified_on"], f"it was confirmed on {facts.case['risk_ratified_on']}"
    by = letter.world.confirmers.get(letter.about)
    name = letter.world.name(by) if by else None
    assert who == name, f"it was confirmed by {name}"


def _sees(letter: Letter, facts: Facts, column: str) -> bool:
    """Return whether the source of a case sends a column of cases or of suspects."""
    store = letter.world.reading.store
    return any(store.sees(facts.case, name, column) for name in ("cases", "suspects"))


# How the victim is protected today.

ORDER = "(?:" + "|".join(sorted(ORDERS, key=len, reverse=True)) + ")"
AND = r"(?:, | and )"


@says(r"Whether an order stands cannot be seen")
def orders_unseen(letter: Letter) -> None:
    _, facts = _danger(letter)
    letter.items[-1].said.add("orders")
    store = letter.world.reading.store
    assert not store.sees_any("orders", "made_on", ("police", "cps"), facts.case["force_code"]), "orders are sent"


@says(
    r"No order stands",
    r"(?P<words__none>No order is recorded)",
    rf"(?P<words__first>{ORDER})(?: stands|(?P<words__others>(?:{AND}(?i:{ORDER}))+) stand)",
)
def orders_stand(letter: Letter, first: str | None = None, others: str | None = None, none: str | None = None) -> None:
    _danger(letter)
    letter.items[-1].said.add("orders")
    named = [first, *re.split(", | and ", others or "")] if first else []
    said = Counter(ORDERS[each[0].upper() + each[1:]] for each in named if each)
    rows = _rows_of_case(letter.world, letter.about, "orders")
    standing = {row["kind"] for row in rows if row["made_on"] and (row["expires_on"] or letter.today) >= letter.today}
    assert said == Counter(standing), f"these stand: {sorted(standing)}"
    assert standing or (none is None) is any(row["made_on"] for row in rows), "whether one was made is said otherwise"


def _rows_of_case(world: World, about: str, name: str) -> list[Row]:
    """Give the supplied rows of a case, by its reference or its URN."""
    force, _, ref = about.partition("/")
    root = world.urn(about)
    return [
        row
        for row in world.reading.store.supplied(name)
        if (root_of(row["urn"]) == root if row["urn"] else (row["force_code"], row["case_ref"]) == (force, ref))
    ]


@says(
    r"Where the suspect is(?:, nobody has recorded| cannot be seen)",
    r"Suspect charged on <day:charged>",
    rf"Suspect (?P<words__place>{'|'.join(PLACES)})(?: since <day:since>)?(?:, to <day:until>)?",
)
def suspect_is(
    letter: Letter, place: str | None = None, since: date | None = None, until: date | None = None,
    charged: date | None = None,
) -> None:  # fmt: skip
    _, facts = _danger(letter)
    item = letter.items[-1]
    said = (PLACES[place] if place else None, since or charged, until)
    expected = Counter(
        (
            status,
            suspect.status.day
            if status
            else suspect.charged_on or (None if facts.own("suspects") else facts.charged_on),
            suspect.row["bail_ends_on"] if status == "bail" else None,
        )
        for suspect in facts.suspects
        for status in (suspect.row["suspect_status"],)
    )
    item.suspects[said] += 1
    assert item.suspects <= expected, f"they are {sorted(expected.items(), key=str)}"
    if item.suspects == expected:
        item.said.add("suspects")


@says(
    r"The victim was last spoken to <day:contacted>", r"No contact with the victim is recorded",
    r"(?P<words__unseen>Contact with the victim cannot be seen)",
)  # fmt: skip
def spoken_to(letter: Letter, contacted: date | None = None, unseen: str | None = None) -> None:
    _, facts = _danger(letter)
    seen = _sees(letter, facts, "victim_contacted_on")
    assert (unseen is not None) is (contacted is None and not seen), "it is sent"
    letter.items[-1].said.add("contact")
    assert contacted == facts.case["victim_contacted_on"], f"it was on {facts.case['victim_contacted_on']}"


@says(r"Has the victim another phone\?")
def another_phone(letter: Letter) -> None:
    assert _asks(letter.world, letter.items[-1]), "the victim's phone is not being looked at"
    letter.items[-1].said.add("phone")


def _asks(world: World, item: Item) -> bool:
    """Return whether the victim's phone is at the police: by an action that is told of, or one of a danger's case."""
    if any(row["kind"].upper() == ASKS for life in item.lives if (row := world.action(life))):
        return True
    rows = _rows_of_case(world, item.about, "actions") if any(_is(life) for life in item.lives) else []
    return any(row["kind"].upper() == ASKS and row["status"] in LIVE for row in rows)


def _is(life: Life) -> bool:
    return life.owed.rule == DANGER


@says(
    rf"(?P<words__recorded>{'|'.join(RECORDED_AS)}), and watched as stalking until the reason why it is not, or the "
    r"classification, is recorded"
)
def watched(letter: Letter, recorded: str) -> None:
    facts = letter.world.facts[letter.about]
    letter.items[-1].said.add("watched")
    assert presumed(facts), "nobody presumes that it is stalking"
    assert RECORDED_AS[recorded] == facts.kind, f"it is recorded as {facts.kind}"


# The answers.


@says(r"Confirm the grade: mailto:\S+", apart=True)
def confirm(letter: Letter) -> None:
    _danger(letter)
    letter.items[-1].said.add("confirm")


@says(r"Raise it: mailto:<words:to>\?subject=<words:subject>&body=<words:body>", apart=True)
def raise_it(letter: Letter, to: str, subject: str, body: str) -> None:
    _danger(letter)
    letter.items[-1].said.add("raise")
    expected = _graders(letter, letter.about)
    assert set(to.split(",")) == expected, f"those who can raise it are {expected}"
    assert subject == letter.about
    assert unquote(body) == f"Please look at the grade of {letter.about} today"


@says(
    r"(?P<words__confirms>Confirm the grade )?(?P<words__raises>Raise it)(?: (?P<words__shows>Show me))?",
    r"(?P<words__confirms>Confirm the grade)(?: (?P<words__shows>Show me))?",
    apart=True,
)
def on_the_page(
    letter: Letter, confirms: str | None = None, raises: str | None = None, shows: str | None = None
) -> None:
    """Take the links of a page's one line, which stand in the plain part's lines one by one."""
    _danger(letter)
    found = {"confirm": confirms, "raise": raises, "show": shows}
    letter.items[-1].said |= {name for name, there in found.items() if there}


def _graders(letter: Letter, about: str) -> set[str]:
    """Give the addresses of the officer and the supervisor of a case who are there, but for the reader's own."""
    case = letter.world.facts[about].case
    refs = [case["oic_ref"], case["supervisor_ref"]]
    there = [ref for ref in refs if ref and not letter.world.unreached(ref)]
    return {letter.world.address(ref) for ref in there} - {letter.mail.to}


def _may_confirm(letter: Letter, about: str) -> bool:
    """Return whether a reader is the case's supervisor, a SPOC or a lead of its force, or stands in for one."""
    force, _, case_ref = about.partition("/")
    case, people = letter.world.reading.cases[force, case_ref], letter.world.reading.people(letter.today)
    leading = [ref for role in ("spoc", "lead") for ref in people.with_role(role, "police", force)]
    may = {ref for ref in (case.supervisor, *leading) if ref and people.active(ref)}
    may |= {deputy for ref in may if people.absent(ref) and (deputy := people.deputy(ref))}
    return letter.world.person(letter.mail.to)["contact_ref"] in may


def all_told(letter: Letter) -> None:
    """Hold that each item tells all that a reader needs: of danger, of a presumed case, of the victim's phone."""
    if letter.mail.kind == "letters" and letter.world.leads(letter.mail.to) and letter.mail.to in letter.world.letters:
        expected = letter.world.dangers_since(letter.mail.to)
        assert letter.dangers == len(expected), f"danger was raised of {sorted(expected)}"
    for item in (item for item in letter.items if item.lives):
        told_of(letter, item)
        assert not _asks(letter.world, item) or "phone" in item.said, f"{item.about}: the other phone is not asked for"
        if _is(item.lives[0]) and "show" in item.said:
            _answers(letter, item)
    _first_of_all(letter)


def told_of(letter: Letter, item: Item) -> None:
    """Hold that all is told of a danger, and that a case is watched as stalking, where it is."""
    facts = letter.world.facts.get(item.about)
    if facts and presumed(facts):
        assert "watched" in item.said, f"{item.about} is presumed to be stalking, and it is not said"
    lacking = (SAID_OF_DANGER if any(map(_is, item.lives)) else set()) - item.said
    assert not lacking, f"{item.about} is in danger, and it does not say: {sorted(lacking)}"


def _first_of_all(letter: Letter) -> None:
    """Hold that a danger of which its reader hears today stands in the first block, as far as that has room."""
    told = letter.world.told_today(letter.mail.to)
    places = [(item.block, life) for item in letter.items for life in item.lives if _is(life)]
    first = {life.owed.identity for block, life in places if block in FIRST}
    for block, life in places:
        fresh = life.owed.identity in told and life.owed.identity not in first
        assert not fresh or len(first) >= LONGEST, (
            f"the danger of {life.owed.case_ref} is new, and stands under {block}"
        )


def _answers(letter: Letter, item: Item) -> None:
    """Hold that a danger is confirmed by who may, raised with who grades it, and shown; nothing else is offered."""
    may, to = _may_confirm(letter, item.about), _graders(letter, item.about)
    assert _offered(letter.mail, item.about) <= {"confirm", "show"}, f"{item.about}: it offers more"
    assert ("confirm" in item.said) == may, f"{item.about}: its reader {'may' if may else 'may not'} confirm"
    assert ("raise" in item.said) == bool(to), f"{item.about}: it can be raised with {to}"


def _offered(mail: Mail, about: str) -> set[str]:
    """Give the first words of the answers that a mail offers about a danger."""
    asked = [parse_qs(urlsplit(link).query) for link in mail.links]
    return {one["body"][0].split()[0] for one in asked if one["subject"][0].startswith(f"Casebeat {about} {DANGER} ")}


# What changed, and the subject of an urgent mail.


@says(r"Danger raised: <n:number> cases?, <words:cases>")
def raised(letter: Letter, number: int, cases: str) -> None:
    named, _, more = cases.partition(" and ")
    found = list(CHANGED_CASE.finditer(named))
    assert ", ".join(case[0] for case in found) == named, f"nobody taught: {named}"
    assert len(found) + int((more or "0 more").removesuffix(" more")) == number
    assert 0 < len(found) <= NAMED
    expected = letter.world.dangers_since(letter.mail.to)
    assert number == len(expected), f"it was raised of {sorted(expected)}"
    assert {case[1] for case in found} <= expected, f"it was raised of {sorted(expected)}"
    letter.dangers = number


@says(r"Danger, <day:on>: <about>(?:, and <n:more> more)?")
def urgent_danger(letter: Letter, on: date, about: str, more: int | None) -> None:
    latest = {life.owed.latest for life in letter.world.lives(about) if _is(life) and not life.ended_on}
    assert on in latest, f"the latest day of danger is {latest}"
    letter.urgent = 1 + (more or 0)


# What was done in a reader's name.


@says(
    r"<about>: (?P<words__back>taken back, the confirmation of its grade of|the grade of its risk was confirmed on) "
    r"<day:done>, by a command on <day:on>"
)
def confirmed_in_their_name(letter: Letter, about: str, back: str, done: date, on: date) -> None:
    letter.about = about
    assert done <= on
    letter.acts.add(Act(about, f"grade confirmed on {done}", on, back.startswith("taken back")))
