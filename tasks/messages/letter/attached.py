"""The files of a letter: lists of its matters, of what was done in its reader's name, and of patterns."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from config.message_kinds import LetterBlock, MessageKind
from tasks.messages.act import ActContext
from tasks.messages.kind import Attachment
from tasks.messages.letter import listing
from tasks.messages.letter.contexts import LetterContext, PatternEntry
from tasks.platform.templates import environment, names
from tasks.platform.text import blank, sheet

ACTS = ("Reference", "What was done", "To undo it")
NEWS = ("Where", "What")
PATTERN = ("Risk", "Reference", "URN", "This week", "Listed for", "Reason why it is not stalking")


def attached(letter: LetterContext, marking: str) -> Iterator[Attachment]:
    """Yield the lists of what a letter leaves out; the harassment list is whole whatever the letter shows of it."""
    yield from listing.attached(letter, marking)
    day = letter.day.isoformat()
    if letter.acts_counted:
        yield Attachment(f"in-your-name-{day}.csv", "csv", sheet(ACTS, _acts(letter)))
    if letter.whole:
        yield Attachment(f"news-{day}.csv", "csv", sheet(NEWS, _news(letter.whole)))
    if letter.pattern:
        rows = (_case(case, letter) for case in letter.pattern.listed)
        yield Attachment(f"harassment-{day}.csv", "csv", sheet(PATTERN, map(blank, rows)))


def _acts(letter: LetterContext) -> Iterator[tuple[str, str, str]]:
    said = _macros("acts")
    for message in letter.acts:
        notice = cast("ActContext", message.context)
        words = said.act_said(notice.act, notice.restricted, notice.asks, letter.day)
        yield notice.act.reference, words, notice.act.undo or said.undone_by(notice.act, notice.operations)


def _news(letter: LetterContext) -> Iterator[tuple[str, str]]:
    """Yield each line of a letter that is no matter, as it would say it with all the words that it may have."""
    said, beginning = _macros("letter"), _macros("starting")
    for start in letter.standing.starts if letter.standing else ():
        yield from ((beginning.heading(start), beginning.rule_said(rule, letter.day)) for rule in start.rules)
    for one in letter.sittings:
        agendas = [message.context for message in letter.enclosed if message.kind is MessageKind.AGENDA]
        yield one.pair, said.meeting(one, agendas, letter.day)
    for message in letter.enclosed:
        if message.kind.block in {LetterBlock.YOURS, LetterBlock.MEETINGS} and message.kind is not MessageKind.AGENDA:
            yield "", said.line(message, letter.day)
    for back in letter.taken_back:
        yield back.item.reference, said.taken_back_said(back)


def _case(case: PatternEntry, letter: LetterContext) -> Iterable[object]:
    said = _macros("pattern")
    return (
        names()["risk"][case.risk], case.reference, case.urn, names()["listed"][case.state],
        said.signs_said(case.signs, case.reference, letter.day),
        said.reason_said(case.recorded_on, case.latest_on, case.unseen, letter.day, case.presumed),
    )  # fmt: skip


def _macros(name: str) -> Any:
    """Return the sentences of a file of parts."""
    return environment(html=False).get_template(f"parts/{name}.txt").module
