"""The sentences of letters, each with what has to be so where it is said."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk, said_by
from tests.whole.reading.duties import watched
from tests.whole.truth.dangers import all_told
from tests.whole.truth.pattern import HEADING as HEADING_OF_LIST
from tests.whole.truth.pattern import whole_list
from tests.whole.truth.sentences import BLANK, CHANGED_CASE, NAMED, PART, Item, Letter, filled, says
from tests.whole.truth.unseen import all_said
from tests.whole.truth.words import BRIEF, COUNTS, ENDED, FILES, KINDS, RISKS, ROLES, STALLING, STEPS, TITLES
from tests.whole.truth.world import Act, parsed, working_days_until

DAY = timedelta(days=1)

if TYPE_CHECKING:
    from tests.whole.reading.life import Life

PERSON = (
    r"(?:officer in the case|prosecutor|supervisor|legal manager|police SPOC|CPS SPOC|SPOC|police lead|CPS lead|lead|"
    r"action's owner|chair of the meeting|chair)"
)
MATTER = r"(?:<about>: )?<title>(?:, <kind>)?(?: \(<ref:subject>\))?(?:, missing <parts>)?"
HEADING = r"<risk>:? <about>(?: \(?URN <ref:urn>\)?)?"
CHANGED = r"(?:, marked where it has changed since <day:earlier>)?"
MENDED = r"(?:: <words:more>|, and no more places are needed)"
TOO_LATE = r"(?:; (?:(?:by the record, )?it ran out on|it ended on|its day was) <day:due>)?"  # of what is lost
LONG_AGO, SOON = 28, 7
UNHEADED = re.compile(BLANK.sub(filled, r"<counts>"))
UNNAMED = ("old", "restricted", "unaddressed")  # numbers of what no letter lists
HEADED = re.compile(BLANK.sub(filled, r"<count> \(<about:foremost>(?P<words__first> first)?\)(?:, <counts:others>)?"))


# The headline, the subject, and where the rest is counted.


@says(r"<counts>")
def counted(letter: Letter, counts: str) -> None:
    found = numbers(counts, COUNTS)
    assert not letter.rest or letter.block == "", "the rest is counted twice"
    assert letter.block or next(iter(found)) in UNNAMED, "no reference is named of what leads the headline"
    (letter.rest if letter.block else letter.headline).update(found)


@says(r"<count> \(<about:foremost>(?P<words__first> first)?\)(?:, <counts:others>)?")
def headed(letter: Letter, count: str, foremost: str, first: str | None, others: str | None) -> None:
    ((what, number),) = numbers(count, COUNTS).items()
    assert (number > 1) == bool(first)
    letter.foremost = (what, foremost)
    letter.headline.update({what: number} | numbers(others or "", COUNTS))


@says(r"<day>: <brief>(?:, agenda|, joint review meeting)?")
def subject(letter: Letter, day: date, brief: str) -> None:
    assert day == letter.today
    letter.subject = numbers(brief, BRIEF)


@says(r"(?:Passed|Due) <day:due>: <about>(?:, and <n:more> more)?", r"Last day today: <about>(?:, and <n:more> more)?")
def urgent_subject(letter: Letter, about: str, more: int | None, due: date | None = None) -> None:
    dues = {life.owed.due for life in letter.world.lives(about)}
    assert (due or letter.today) in dues, f"due are {dues}"
    letter.urgent = 1 + (more or 0)


@says(r"<n:number> matters that cannot wait")
def urgent(letter: Letter, number: int) -> None:
    assert letter.urgent == number


@says(r"Nothing has changed since your letter of <day:since>, and nothing (?:new )?is due(?:: <words:counts>)?")
def nothing_new(letter: Letter, since: date, counts: str | None) -> None:
    unchanged(letter, since)
    if counts and (found := HEADED.fullmatch(counts)):
        headed(letter, **{name.partition("__")[2]: value for name, value in found.groupdict().items()})
    elif counts:
        assert UNHEADED.fullmatch(counts), f"nobody taught: {counts}"
        counted(letter, counts)


@says(r"No case is stalled", r"Nothing is overdue or due soon")
def nothing(letter: Letter) -> None:
    if not letter.block:
        assert not letter.headline


@says(r"<day>: (?:nothing is stalled or overdue|joint review meeting|agenda)")
def quiet_subject(letter: Letter, day: date) -> None:
    assert day == letter.today


def numbers(text: str, words: dict[str, str]) -> dict[str, int]:
    """Give the numbers of a list such as `2 overdue, 1 due soon`, by what they count."""
    found = {}
    for each in filter(None, text.split(", ")):
        number, _, said = each.partition(" ")
        (name,) = (name for name, pattern in words.items() if re.fullmatch(pattern, said))
        found[name] = int(number)
    return found


# To whom, and of which day.


@says(r"For the <role> of <words:places>", apart=True)
def written_for_places(letter: Letter, role: str, places: str) -> None:
    assert ROLES[role] in letter.world.person(letter.mail.to)["roles"], f"{places}: another role"


@says(r"Casebeat, <day>, for the <role>(?: of <words:places>)?", apart=True)
def page_written(letter: Letter, day: date, role: str, places: str | None) -> None:
    del places
    written(letter, day, role)


@says(r"An automatic message, written <day> for the <role>")
def written(letter: Letter, day: date, role: str) -> None:
    assert day == letter.today
    assert ROLES[role] in letter.world.person(letter.mail.to)["roles"]


@says(r"As of <day>: <words:files> of <words:places>\. Nothing newer of these was sent")
def as_of(letter: Letter, day: date, files: str, places: str) -> None:
    del places
    said = {(day, FILES[each]) for each in re.split(", | and ", files)}
    forces = set().union(*letter.world.reading.store.covers.values())
    out = set().union(*map(letter.world.out_of_date, forces))
    assert said <= out, f"left out are {out}"
    letter.as_of |= said


@says(r"You get this (?:in place of|standing in for) the <words:whom>(?:, who is away)?")
def stands_in(letter: Letter, whom: str) -> None:
    assert letter.world.stands_in(letter.mail.to), f"nobody whose deputy this is, is away: {whom}"


AWAY = rf"[Tt]he {PERSON} is away and has no deputy"
LACKING = rf"(?:[Nn]o {PERSON} is recorded|[Tt]he {PERSON} (?:has left|has no address here|is not here yet))"
LEADERLESS = r"[Nn]o (?:police|CPS) SPOC is named to lead"
LEADER_AWAY = r"[Tt]he (?:police|CPS) SPOC who leads is away and has no deputy"
STANDING_IN = rf"standing in for the {PERSON}"
ELSEWHERE = rf"{AWAY}|{LACKING}|{LEADERLESS}|{LEADER_AWAY}"


@says(rf"(?P<words__why>(?:{ELSEWHERE})(?:; (?:{ELSEWHERE}|{STANDING_IN}))*)")
def somebody_else(letter: Letter, why: str) -> None:
    assert letter.life
    for agency in re.findall(r"[Tt]he (\w+) SPOC who leads is away", why):
        assert letter.world.leader_is_away(letter.life, agency.lower()), f"no {agency} SPOC who leads is away"


# A matter: its heading, by when, who owes it, what was tried.


@says(HEADING)
def heading(letter: Letter, risk: str, about: str, urn: str | None) -> None:
    letter.about, letter.life = about, None
    letter.items.append(Item(letter.block, about))
    assert letter.world.lives(about) or letter.block == HEADING_OF_LIST, "nothing is owed there"
    case = letter.world.case(about)
    assert case is not None, "it is no case"
    assert RISKS[risk] == case["risk"], f"its risk is {case['risk']}"
    assert urn == letter.world.urn(about), f"its URN is {letter.world.urn(about)}"


@says(r"<of>")
def heading_of_no_case(letter: Letter, of: str) -> None:
    letter.about, letter.life = of, None
    letter.items.append(Item(letter.block, of))
    assert letter.world.lives(of), "nothing is owed there"
    assert letter.world.case(of) is None, "it is a case"


def matter(
    letter: Letter, about: str | None, title: str, kind: str | None, subject: str | None, parts: str | None = None
) -> Life:
    """Give the obligation that words name, and let the next sentences be about it."""
    letter.about, rule = about or letter.about, TITLES[title]
    of = [life for life in letter.world.lives(letter.about) if life.owed.rule == rule]
    found = [life for life in of if not life.owed.case_ref or life.owed.subject.partition(":")[2] == (subject or "")]
    assert found, f"{letter.about} owes no {rule} {subject}"
    letter.life = found[0]
    row = letter.world.action(found[0])
    assert kind == (KINDS.get(row["kind"].upper()) if row else None), f"its kind is {row and row['kind']}"
    return found[0]


def owed_now(
    letter: Letter, about: str | None, title: str, kind: str | None, subject: str | None, parts: str | None = None
) -> Life:
    """Give a matter that is owed today, name what is missing of it, and count it as listed."""
    life = matter(letter, about, title, kind, subject, parts)
    assert not life.ended_on, f"it ended on {life.ended_on}"
    missing = sorted(letter.world.parts(life).values())
    said = PART.findall(parts or "")
    assert sorted(said) == missing or not letter.items, f"missing are {missing}"  # the line of one matter is brief
    letter.listed[life.owed.identity] = life
    if letter.items:
        letter.items[-1].lives.append(life)
    return life


@says(rf"{MATTER}: do by <day:due>, <n:left> working days? left")
def do_by(letter: Letter, due: date, left: int, **named: str) -> None:
    life = owed_now(letter, **named)
    assert life.owed.due == due == said_by(due), f"it is due {life.owed.due}"
    assert due > letter.today
    assert left == working_days_until(due, letter.today), f"{working_days_until(due, letter.today)} are left"


@says(
    rf"{MATTER}: due <day:due>, do by <day:by>, <n:left> working days? left",
    rf"{MATTER}: due <day:due>, do by <day:by>, (?:today|which has passed)",
)
def do_before(letter: Letter, due: date, by: date, left: int = 0, **named: str) -> None:
    life = owed_now(letter, **named)
    assert life.owed.due == due, f"it is due {life.owed.due}"
    assert due >= letter.today
    assert due != by == said_by(due)
    assert left == max(0, working_days_until(by, letter.today))


@says(rf"{MATTER}: (?:do today|today is the last day)")
def do_today(letter: Letter, **named: str) -> None:
    assert owed_now(letter, **named).owed.due == letter.today


@says(rf"{MATTER}: (?:(?:by the record, )?ran out on|ended on|passed on) <day:due>")
def ran_out(letter: Letter, due: date, **named: str) -> None:
    life = owed_now(letter, **named)
    assert life.owed.hard
    assert life.owed.due == due < letter.today, f"it is due {life.owed.due}"


@says(
    rf"{MATTER}: (?P<words__late>overdue|critically overdue)(?P<words__stalls> and stalls the case)?, was due <day:due>"
    r"(?:, <n:late_by> working days? late)?"
)
def overdue(letter: Letter, late: str, due: date, stalls: str | None, late_by: int | None, **named: str) -> None:
    life = owed_now(letter, **named)
    assert bool(stalls) == (late == "critically overdue" and life.owed.rule in STALLING)
    if late == "critically overdue":
        assert (late_by or 0) == -working_days_until(said_by(due), letter.today), "it is late by another number of days"
    assert life.owed.due == due < letter.today, f"it is due {life.owed.due}"
    assert life.severity(letter.today) == late, f"it is {life.severity(letter.today)}"


@says(r"Owed by <owers>")
def owed_by(letter: Letter, owers: str) -> None:
    assert letter.life
    expected = letter.world.owers(letter.life)
    assert owers == expected, f"owed by {expected}"


@says(r"Tried: <steps>")
def tried(letter: Letter, steps: str) -> None:
    assert letter.life
    said = [re.fullmatch(rf"({'|'.join(STEPS)}) (.*)", each) for each in steps.split(", ")]
    found = {STEPS[each[1]]: parsed(each[2], letter.today) for each in said if each}
    taken = letter.life.taken
    assert found.items() <= taken.items(), f"taken were {taken}"
    assert {step for step, on in taken.items() if on < letter.today} <= found.keys(), f"taken were {taken}"


@says(r"Ends with .+")
def ends_with(letter: Letter) -> None:
    assert letter.about


# The links that answer.


@says(
    r"I have it until <day>: mailto:\S+",
    r"(?:Done|Not mine|Show me): mailto:\S+",
    r"(?:Record the outcome )?I have it until <day>(?: Done)?(?: Not mine)? Show me",
    r"(?:Record the outcome )?(?:Done )?(?:Not mine )?Show me",
)
def answer(letter: Letter, day: date | None = None) -> None:
    """Hold the day of a promise that is offered. Of several that are owed, the links are those of the first."""
    assert letter.items, "it stands below no reference"
    item = letter.items[-1]
    assert item.lives, "nothing that is owed stands above it"
    life = item.lives[0]
    case, owed = letter.world.case(letter.about), life.owed
    item.said.add("show")
    if owed.rule == "danger":  # it is looked at today
        assert day is None, "nobody promises to look at a danger later"
        return
    last = add(letter.today, by_risk(("5wd", "10wd", "10wd"), case and case["risk"]))
    if owed.due >= letter.today:  # nobody promises to be late
        last = min(last, said_by(owed.due - DAY if owed.hard else owed.due))
    offered = last if last > letter.today else None
    assert day == offered or (day is None and not letter.world.may_promise(life, letter.mail.to)), (
        f"a promise may be until {offered}"
    )


@says(r"Every stalled case is among the above")
def all_above(letter: Letter) -> None:
    listed = {"/".join(map(str, identity[:2])) for identity in letter.listed}
    stalled = letter.world.stalled_cases(letter.mail.to) or set()
    assert stalled <= listed, f"not among them: {stalled - listed}"


@says(r"Of all that are stalled, <n:presumed> (?:is|are) watched as stalking without being recorded as it")
def presumed_among_the_stalled(letter: Letter, presumed: int) -> None:
    assert presumed
    letter.presumed = presumed


def all_presumed(letter: Letter) -> None:
    """Hold how many of the stalled cases a standing says are presumed; who stands in for somebody may read of more."""
    stalled = letter.world.stalled_cases(letter.mail.to, own=True) if letter.stands else None
    number = sum(watched.presumed(letter.world.facts[about]) for about in stalled or ())
    more = letter.presumed > number and letter.world.stands_in(letter.mail.to)
    assert letter.presumed == number or more, f"of the stalled cases {number} are presumed to be stalking"


# What is taken back.


@says(rf"{MATTER}: on <day:read> you read that it was (?:overdue|due on <day:then>)")
def taken_back(letter: Letter, read: date, then: date | None, **named: str) -> None:
    life = matter(letter, **named)
    assert read < letter.today
    assert read in letter.world.told_on(life), f"it was told on {letter.world.told_on(life)}"
    assert then is None or then >= read
    letter.read = read


@says(r"That was wrong: it is due on <day>")
def wrong_day(letter: Letter, day: date) -> None:
    assert letter.life
    assert letter.life.owed.due == day >= letter.read, f"it is due {letter.life.owed.due}"


@says(r"That was wrong: (?P<words__how>[^0-9]+?)(?: \(<day>\)|, by the extract of <day:extract>)?")
def wrong(letter: Letter, how: str, day: date | None, extract: date | None) -> None:
    assert letter.life
    ends = letter.world.ends(letter.life)
    assert letter.life.ended_on or ends, f"{how}: it has not ended"
    assert day is None or day < letter.read
    assert extract is None or extract in ends, f"it ended by those of {ends}"


# What was done in the reader's name.


@says(
    rf"{MATTER}: reported as done on <day:done>, by a command on <day:on>",
    rf"{MATTER}: (?P<words__back>taken back), the report that it was done on <day:done>, by a command on <day:on>",
)
def done_in_their_name(letter: Letter, done: date, on: date, back: str | None = None, **named: str) -> None:
    matter(letter, **named)
    assert done == on, "it was done on another day"
    letter.acts.add(Act(letter.about, named["subject"], on, back is not None))


@says(
    r"<n:number> restricted case: ask a SPOC of your (?:force|CPS Area) who may read it: "
    r"(?:reported as done|taken back, the report that it was done) on <day:done>, by a command on <day:on>"
)
def done_where_they_may_not_look(letter: Letter, number: int, done: date, on: date) -> None:
    assert number == 1
    assert done == on
    letter.unnamed += 1


# What changed since the last letter of a SPOC or a lead.


@says(r"Since your letter of <day:since>")
def changed_since(letter: Letter, since: date) -> None:
    last = letter.world.letters.get(letter.mail.to)
    assert last, "it is the first letter"
    assert last.day == since, f"the last letter was of {last.day}"


@says(r"Nothing has changed since your letter of <day:since>")
def unchanged(letter: Letter, since: date) -> None:
    assert not letter.world.closed_news(letter.mail.to), "it tells of a restricted case, of which something is new"
    open_unchanged(letter, since)


@says(r"Nothing that you may read has changed since your letter of <day:since>")
def read_unchanged(letter: Letter, since: date) -> None:
    assert letter.world.closed_news(letter.mail.to), "nothing is new of a restricted case"
    open_unchanged(letter, since)


def open_unchanged(letter: Letter, since: date) -> None:
    """Hold that the same cases are stalled, of those that a reader may know, as on the day of their last letter."""
    changed_since(letter, since)
    now, then = (cases or set() for cases in letter.world.stalled_now_and_then(letter.mail.to))
    assert now == then, f"stalled are others: {now ^ then}"


@says(
    r"(?P<words__what>Newly stalled|No longer stalled|Still open|Lost): <n:number> (?:stalled )?cases?, <words:cases>"
)
def changed(letter: Letter, what: str, number: int, cases: str) -> None:
    named, _, more = cases.partition(" and ")
    found = list(CHANGED_CASE.finditer(named))
    assert ", ".join(case[0] for case in found) == named, f"nobody taught: {named}"
    unnamed = int((more or "0 more").removesuffix(" more"))
    assert len(found) + unnamed == number
    assert 0 < len(found) <= NAMED
    letter.named |= {case[1] for case in found if what in ("Newly stalled", "Still open")}
    now, then = (cases or set() for cases in letter.world.stalled_now_and_then(letter.mail.to))
    expected = {"Newly stalled": now - then, "No longer stalled": then - now, "Still open": now & then}
    if what != "Lost":
        cleared = what == "No longer stalled"
        most = len(expected[what] - (letter.lost if cleared else set()))
        assert {case[1] for case in found} <= expected[what], f"these are {expected[what]}"
        assert most - letter.lost_unnamed * cleared <= number <= most, f"these are {expected[what]}"
        return
    letter.lost, letter.lost_unnamed = {case[1] for case in found}, unnamed
    since = letter.world.letters[letter.mail.to].day
    for case in found:
        lives = [life for life in letter.world.lives(case[1]) if TITLES[case["title__title"]] == life.owed.rule]
        assert any(day > since for life in lives for day in letter.world.ends(life)), f"{case[1]} has not ended"


@says(r"<n:number> things were done in your name; the attached list has each, and how to undo it")
def done_and_counted(letter: Letter, number: int) -> None:
    assert number > 1
    letter.unnamed += number


# What a SPOC has come to lead on.


@says(r"Cases of which another SPOC was told have come to you")
def come_to_lead(letter: Letter) -> None:
    assert letter.world.handed_as_spoc(letter.mail.to), "nothing was handed over to them"


@says(r"Stalled among those that you lead on, high risk first")
def stalled_of_theirs(letter: Letter) -> None:
    letter.leads = letter.world.stalled_of_theirs(letter.mail.to)
    assert letter.leads or letter.world.stands_in(letter.mail.to), "none is stalled"


@says(r"None that you lead on is stalled, or all that are stand below")
def none_of_theirs(letter: Letter) -> None:
    letter.leads = letter.world.stalled_of_theirs(letter.mail.to)


# The standing.


@says(r"This is the first standing that you are sent")
def first_standing(letter: Letter) -> None:
    assert letter.mail.to not in letter.world.standings


@says(r"The last one was of <day>")
def last_standing(letter: Letter, day: date) -> None:
    assert letter.world.standings.get(letter.mail.to) == day, f"it was of {letter.world.standings.get(letter.mail.to)}"


@says(r"Stalled since <day:since>, <n:days> days?", r"Stalled since <day:since>, today")
def stalled_since(letter: Letter, since: date, days: int = 0) -> None:
    first = letter.world.stalled_since(letter.about)
    assert first == since, f"it is stalled since {first}"
    assert not letter.leads or letter.about in letter.leads, "its reader does not lead on it"
    assert days == (letter.today - since).days


ONE = re.compile(
    BLANK.sub(filled, r"<title>(?:, <kind>)?(?: \(<ref:subject>\))?(?:, missing <parts>)?: owed by <owers>")
)
NEXT = re.compile(f"; (?={'|'.join(map(re.escape, TITLES))})")


@says(r"(?P<words__every>.+: owed by .+)")
def stalled_by(letter: Letter, every: str) -> None:
    for each in NEXT.split(every):
        found = ONE.fullmatch(each)
        assert found, f"nobody taught: {each}"
        title, kind, subject, parts, owers = found.groups()
        life = owed_now(letter, None, title, kind, subject, parts)
        assert life.severity(letter.today) == "critically overdue"
        owed_by(letter, owers)


@says(
    r"Nothing was recorded since <day:since>",
    r"Nothing was recorded in the last week",
    r"Since <day:since>: <words:moves>(?:, and <n:more> more)?",
    r"In the last week: <words:moves>(?:, and <n:more> more)?",
)
def moved(letter: Letter, since: date | None = None, moves: str = "", more: int | None = None) -> None:
    last = letter.world.standings.get(letter.mail.to)
    assert since == last, f"the last standing was of {last}"
    expected = letter.world.done_since(letter.about, since)
    said = list(filter(None, moves.split(", ")))
    assert not Counter(said) - Counter(expected), f"what was done: {sorted(expected)}"
    assert len(expected) == len(said) + (more or 0), f"what was done: {sorted(expected)}"


# Meetings, and what travels in the letter.


@says(r"Listed for the joint review meeting on <day> at <hour> \w+ \(<ref>\)")
def listed_for(letter: Letter, day: date, hour: str, ref: str) -> None:
    del hour
    seat = letter.world.seat(letter.about)
    assert seat, "it is not listed"
    assert (seat.day, seat.ref) == (day, ref), f"it is listed for {seat.day} {seat.ref}"


@says(
    r"Listed for no meeting: none up to <day> has room",
    r"Listed for no meeting: no panel of its force and CPS Area meets",
)
def not_listed(letter: Letter, day: date | None = None) -> None:
    assert letter.world.seat(letter.about) is None
    assert day is None or day > letter.today


@says(
    rf"{MATTER}: (?P<words__how>[^0-9]+?) \(<day>\){TOO_LATE}",
    rf"{MATTER}: (?P<words__how>[^0-9]+?), by the extract of <day:extract>{TOO_LATE}",
)
def ended(
    letter: Letter,
    how: str,
    day: date | None = None,
    extract: date | None = None,
    due: date | None = None,
    **named: str,
) -> None:
    """Hold an ending against the one fact that ended it, and that fact's own day."""
    life = matter(letter, **named)
    assert due is None or life.owed.due == due < letter.today, f"it was due {life.owed.due}"
    letter.ended[life.owed.identity] += 1
    endings = letter.world.endings_to_tell(life, letter.mail.to)
    assert endings, "it has not ended since their last letter"
    assert " or " not in how, "it says one thing or another"
    how = re.sub(r"^(progress was made): .+", r"\1", how)
    facts = {(words, own or ending.learnt_on) for ending in endings for words, own in ending.facts}
    assert (how, day or extract) in facts, f"what ended it: {sorted(map(str, facts))}"
    ending = next(each for each in reversed(endings) if how in {words for words, _ in each.facts})
    own = dict(ending.facts).get(how)
    assert bool(own) == bool(day), "an extract is named for a fact of a known day, or a day for one without"
    letter.lost_here += [letter.about] if letter.block == "LOST" else []
    assert ending.lost == (letter.block == "LOST"), "what is lost stands under LOST, and nothing else"


@says(rf"{MATTER}: (?P<words__how>{'|'.join(ENDED)}) \(since <day:since>\)")
def ended_for_a_reason(letter: Letter, how: str, since: date, **named: str) -> None:
    life = matter(letter, **named)
    letter.ended[life.owed.identity] += 1
    found = {
        (why, ending.learnt_on) for ending in letter.world.endings.get(life.owed.identity, []) for why in ending.why
    }
    assert (ENDED[how], since) in found, f"why it ended: {sorted(found)}"
    assert letter.block != "LOST", "it is not lost"


@says(rf"<day> at <hour>, <words:pair>: <n:cases> cases?(?:; its agenda is attached)?{CHANGED}")
def meeting(letter: Letter, day: date, hour: str, pair: str, cases: int, earlier: date | None) -> None:
    at = letter.world.listed_at(day, hour, pair, letter.mail.to)
    assert at == cases, f"{at} are listed"
    assert earlier is None or earlier < letter.today <= day
    in_their_calendar(letter, day, hour)


@says(r"<day> at <hour>, <words:pair>: <n:cases> cases? of yours, (?:at|from) <hour:own>, .+")
def own_meeting(letter: Letter, day: date, hour: str, pair: str, cases: int, own: str) -> None:
    assert letter.today <= day
    assert hour <= own
    in_their_calendar(letter, day, own)
    assert 0 < cases <= letter.world.listed_at(day, hour, pair, letter.mail.to)


def in_their_calendar(letter: Letter, day: date, hour: str) -> None:
    """Hold that a meeting is in its reader's calendar, and on no day of their leave."""
    if letter.world.diaries is None:
        return
    own = letter.world.person(letter.mail.to)["contact_ref"]
    assert not replace(letter.world.reading.people(letter.today), day=day).absent(own), "they are away then"
    events = letter.world.diaries[letter.mail.to].on(day)
    there = [event for event in events if f"{event.start:%H:%M}" <= hour < f"{event.end:%H:%M}"]
    assert there, "it is not in their calendar"


@says(rf"The agenda of the meeting on <day> at <hour> \w+ is attached: <n:cases> cases?{CHANGED}")
def agenda(letter: Letter, day: date, hour: str, cases: int, earlier: date | None) -> None:
    assert day >= letter.today
    assert earlier is None or earlier < letter.today
    del hour, cases


@says(
    r"<n:number> joint reviews? of <words:pairs> falls? due by <day:until>, and no panel meets there: agree with the "
    r"other side when to hold (?:it|them)"
)
def by_hand(letter: Letter, number: int, pairs: str, until: date) -> None:
    expected = letter.world.unlisted(pairs, letter.mail.to)
    assert len(expected) == number, f"{len(expected)} fall due"
    assert until > letter.today
    letter.cases = expected


@says(
    rf"<n:over> joint reviews? of <words:pairs> (?:is|are) late(?:, and <n:to_come> will be)?{MENDED}",
    rf"<n:to_come> joint reviews? of <words:pairs> will be late{MENDED}",
)
def too_few(letter: Letter, pairs: str, over: int = 0, to_come: int | None = None, more: str | None = None) -> None:
    del more
    late = letter.world.late(pairs, letter.mail.to)
    assert len(late) == over + (to_come or 0), f"{len(late)} are late or will be"
    assert sum(due < letter.today for due in late.values()) == over
    letter.cases = set(late)


@says(
    r"Every joint review of <words:pairs> that falls due by <day:until> has a place by its day, or at the next "
    r"meeting where it is overdue already"
)
def in_time(letter: Letter, pairs: str, until: date) -> None:
    assert until > letter.today
    assert not letter.world.late(pairs, letter.mail.to)


@says(r"Inherited: it was due before Casebeat started here on <day:first>")
def was_inherited(letter: Letter, first: date) -> None:
    assert letter.life
    assert letter.life.owed.due < first <= letter.today, f"it was due on {letter.life.owed.due}"


@says(r"New: Casebeat asks for it since <day:first>")
def is_new(letter: Letter, first: date) -> None:
    assert letter.life
    assert letter.life.owed.due < first <= letter.today, f"it was due on {letter.life.owed.due}"


@says(r"The most urgent: <words:cases>(?:; the attached list has all)?")
def most_urgent(letter: Letter, cases: str) -> None:
    assert set(cases.split(", ")) <= letter.cases, f"these are {letter.cases}"


@says(
    r"Agree a day with the other side",
    r"What it is may be read only by those with access to it",
    r"Stalled cases, high risk first",
    r"Calculated, confirm with the case lawyer",
    r"An application to extend has to be made before the limit ends, on notice of 2 days \(magistrates\) or 5 "
    r"\(Crown Court\)",
    r"Tell the victim that the order no longer protects them, assess the risk again, and apply again",
    r"The attached list has every matter of this letter",
    r"This is the first letter that you get from Casebeat, which reads each night what police and CPS record of "
    r"stalking cases and writes to whoever owes something on one",
    r"You get it because [^0-9]+?(?: of .+)?",
    r"To answer, (?:send the mail that a link beside a matter begins|write to operations at [\w@.-]+)",
    r"To take something on, or if it is not yours, write to operations at [\w@.-]+",
    r"If this was not you, undo it, and tell operations \([\w@.-]+\)",
    r"To answer, fill in and send what a link begins, or write done, not mine or show in it",
    r"All that is owed: mailto:\S+",
    r"A link begins a mail: fill in what it leaves open, change its day if you wish, and send it",
    r"Ask for all that is still owed",
    r"Cases by reference alone, London days",
    r"Keep this letter: its last figures prove later that no entry of the audit log was changed \(sealed up to "
    r"[1-9]\d*:[0-9a-f]{32}\)",
    r"The attached list has every case",
    r"Record the outcome(?:: mailto:\S+)?",
)
def always_so(letter: Letter) -> None:
    del letter


def whole(letter: Letter) -> None:
    """Hold the headline against what is listed and counted below, and the subject against the headline."""
    forces = {life.owed.force for life in letter.listed.values() if life.owed.force}
    out = set().union(*map(letter.world.out_of_date, forces))
    assert out <= letter.as_of, f"of an earlier day are {out - letter.as_of}"
    all_told(letter)
    if letter.mail.kind == "urgent":
        assert letter.urgent in (0, len(letter.listed)), f"{len(letter.listed)} are listed"
        return
    whole_list(letter)
    all_said(letter)
    all_presumed(letter)
    expected = letter.world.acts_of(letter.mail.to)
    assert letter.acts <= expected, f"done in their name: {expected}"
    assert len(letter.acts) + letter.unnamed == len(expected) == letter.subject.get("acts", len(expected))
    resolved = {name: number for name, number in letter.subject.items() if name not in ("resolved", "acts")}
    assert resolved.items() <= letter.headline.items(), (
        f"the subject counts {letter.subject}, the text {letter.headline}"
    )
    stalled_there = letter.world.stalled_cases(letter.mail.to)
    if stalled_there is not None:
        assert letter.headline["stalled"] == len(stalled_there), f"{len(stalled_there)} cases are stalled"
    everywhere = {"/".join(map(str, identity[:2])) for identity in letter.listed}
    assert letter.leads <= everywhere, f"they lead on these, which are not listed: {letter.leads - everywhere}"
    first_number_listed(letter)
    assert letter.headline["lost"] == len(letter.lost_here), f"these were lost: {letter.lost_here}"
    assert letter.lost <= {*letter.lost_here}, f"lost, and not listed: {letter.lost - {*letter.lost_here}}"
    assert len(letter.lost) + letter.lost_unnamed <= len({*letter.lost_here}), "more were lost than are listed"
    listed = Counter(_kind(life, letter.today) for life in letter.listed.values())
    told = [one.about for one in letter.items if one.block == "CANNOT WAIT" and "happened" in one.said]
    assert letter.headline["danger"] == len(told) + letter.rest["danger"], f"dangers are told of {told}"
    for name in ("passed", "within_7_days"):
        assert letter.headline[name] == listed[name], f"{letter.headline[name]} {name}, and {listed[name]} are listed"
        assert not letter.rest[name], f"a limit or an order is only counted: {name}"
    stalled = {life.owed.identity[:2] for life in letter.listed.values() if _kind(life, letter.today) == "stalled"}
    if letter.headline["stalled"]:
        listed["stalled"] = len(stalled)
    else:
        listed["critical"] += listed.pop("stalled", 0)
    listed["besides"] = listed["critical"]
    if letter.foremost:
        first, about = letter.foremost
        kinds = {"critical": ("critical", "stalled"), "besides": ("critical",)}.get(first, (first,))
        those = [life for life in letter.listed.values() if _kind(life, letter.today) in kinds]
        named = {letter.world.reference(life) for life in those} | (
            letter.named if first == "stalled" else set(told) if first == "danger" else set()
        )
        assert first == "lost" or about in named, f"{about} leads the headline and is not listed"
    for name in ("old", "later", "stalled", "critical", "besides", "overdue", "soon"):
        there = listed[name] + letter.rest[name] + letter.rest["counterpart"]
        assert letter.headline[name] <= there, f"{letter.headline[name]} {name}, and {there} are listed or counted"


def first_number_listed(letter: Letter) -> None:
    """Hold that what leads the headline is listed by reference, some of it at least."""
    first = next((name for name, number in letter.headline.items() if number), None)
    kinds = {_kind(life, letter.today) for life in letter.listed.values()}
    kinds |= {"besides"} if "critical" in kinds else {"critical"} if "stalled" in kinds else set()
    kinds |= {"stalled"} if letter.named else set()
    kinds |= {"lost"} if letter.lost_here else set()
    kinds |= {"danger"} if any("happened" in one.said for one in letter.items) else set()
    counted = {"restricted", "unaddressed", "resolved", "old", "later"}  # of these nothing is to be listed
    assert first is None or first in kinds | counted, f"it leads with {first}, and lists {sorted(kinds)}"


def _kind(life: Life, today: date) -> str:
    days = (today - life.owed.due).days
    if life.owed.hard:
        return ("old" if days > LONG_AGO else "passed") if days > 0 else "within_7_days" if days >= -SOON else "later"
    if life.severity(today) == "critically overdue":
        return "stalled" if life.owed.rule in STALLING else "critical"
    return "overdue" if life.severity(today) == "overdue" else "soon"
