"""The meaning of a reply: a promise until a day, done, confirmed, a question, "not mine", "undo", or why it is unclear.

Whole sentences are recognised, never single terms: "I am away until Thursday" promises nothing. A reply with two
possible meanings has neither, and the answer lists what can be written.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from models.rules.replies.quoted_text import own_text, sentences
from models.rules.replies.written_day import MENTIONS, Unclear, written_day


class Intent(StrEnum):
    """The intention of a reply."""

    UNTIL = "until"
    DONE = "done"
    CONFIRM = "confirm"
    STATUS = "status"
    SHOW = "show"
    NOT_MINE = "not mine"
    UNDO = "undo"
    UNCLEAR = "unclear"


class Meaning(NamedTuple):
    """The meaning of a reply. `on` is the promised day, or the day on which the action was done."""

    what: Intent
    on: date | None = None
    unclear: Unclear | None = None


def _sentence_of(pattern: str) -> re.Pattern[str]:
    """Compile a whole sentence whose parts are on separate lines. A blank means one space."""
    return re.compile("".join(line.strip("\n").removeprefix("    ") for line in pattern.splitlines()))


_IT = "(?:it|this|that|this one|that one|the action|the case)"
_WHO = "(?:i|we|i'll|we'll|i've|we've|i'm|we're|it|it's|it'll|this|that)"
_WELL = "(?:(?:ok|okay|yes|noted|understood|sorry|acknowledged?|ack|agreed|update)[ ,:-]+)*"
_READY = "(?:done|completed?|finished|sorted|ready)"
_UNTIL = _sentence_of(f"""{_WELL}(?:
    {_WHO} (?:(?:can|will|have|has|am|are|is|now|shall) )*
    (?:have|got|take|taking|taken|keep|keeping|hold|do|get|finish|complete|need|deal with|see to)[ ]
    (?:{_IT} )?(?:on )?(?:{_READY} )?
    |(?:{_WHO} will|it'll|this will) be {_READY}[ ]
    |(?:it is |it's |this is )?(?:with me|mine)[ ]
    |(?:give me|allow me|need|on it|have it|got it|will do|will be done|to be done|extend|taking {_IT} on|promise)[ ]
    )?(?:until|untill|till|til|'til|by) (?P<day>.{{1,60}})""")
_ASKED = re.compile("(?:can|could|may) (?:i|we) (?:please )?(?:have|keep|get|take) (?:it |this )?(?=un?till? |til )")
_TAKES_ON = _sentence_of(f"""(?:{_WHO} )?(?:(?:have|got|will|take|taking|am) )*
    (?:{_IT} ?)?(?:on(?: it)?|with me|mine|until|till|til|by)?""")
_DONE = _sentence_of(f"""{_WELL}(?:
    {_IT} (?:is|was|has been|is now|is all|has now been) |it's |its |that's |all |now |already[ ]
    |(?:i|we) have |i've |we've )*
    (?:done|completed?|finished|(?:i |we )?did {_IT})
    (?: (?:it|this(?! [mtwfs])|that|now|already))*(?:[ ,-]+(?P<day>.{{1,60}}))?""")
_STATUS = _sentence_of("""(?:(?:my|send|show) )*(?:status|standing)[?]?
    |what do i (?:still )?owe[?]?|what(?:'s| is) (?:still )?open(?: for me)?[?]?""")
_SHOW = _sentence_of("""(?:show|explain|why)(?: me)?(?: (?:it|this|the sum|more))?[?]?
    |why (?:is|was) (?:it|this) (?:owed|due|late|overdue)[?]?""")
_NOT_MINE = _sentence_of(f"""{_WELL}(?:no[ ,-]+)?(?:(?:{_IT} is|it's|its|that's) )?(?:definitely )?
    (?:not (?:mine|my (?:case|action|one|job)|for me)|no longer (?:mine|my (?:case|action)|with me))
    (?: (?:any ?more|any longer))?""")
_UNDO = _sentence_of(f"""{_WELL}(?:no[ ,-]+)?(?:(?:please|i) )?(?:undo|withdraw|take back)(?: {_IT})?(?:,? please)?
    |{_WELL}(?:please )?take {_IT} back|(?:no[ ,-]+)?(?:it|this|that) (?:was not|wasn't) me""")
_CONFIRM = _sentence_of(f"""{_WELL}(?:
    (?:please |i |we |i can |we can )?confirm(?:ed)?(?: (?:it|this|that|(?:the|its) (?:grade|risk)))?
    |(?:{_IT}|the (?:grade|risk)) (?:is|was|stays) (?:confirmed|right|correct))""")
_WITHOUT_A_DAY = {Intent.STATUS: _STATUS, Intent.SHOW: _SHOW, Intent.NOT_MINE: _NOT_MINE, Intent.UNDO: _UNDO,
    Intent.CONFIRM: _CONFIRM,
}  # fmt: skip
_BINDS = re.compile(
    r"\b(?:un?till?|til|done|completed?|finished|mine|status|undo|confirm(?:ed)?)\b"
)  # not allowed in an unread sentence
_TAKES_BACK = re.compile(  # not allowed beside a sentence that something is done
    r"\b(?:no|not|never|nothing|none|but|except|however|still|outstanding|awaiting|waiting|pending|remain\w*|\w+n't)\b"
)


def meaning(text: str, sent_on: date) -> Meaning:
    """Return the meaning of the own text of a reply sent on a day.

    Every sentence with a meaning must mean the same. The whole is unclear if a sentence that is not understood mentions
    days, what is done or whose it is, or may take back a "done" beside it. Other text is skipped.
    """
    found: list[Meaning] = []
    for paragraph in own_text(text):
        units = list(_units(paragraph, sent_on))
        done = any(isinstance(unit, Meaning) and unit.what is Intent.DONE for unit in units)
        for unit in units:
            one = unit if isinstance(unit, Meaning) else _bound(unit, after_meaning=bool(found), beside_done=done)
            if one is not None and one not in found:
                found.append(one)
    clear = [one for one in found if one.what is not Intent.UNCLEAR]
    if len(found) == 1:
        return found[0]
    if not found:
        return Meaning(Intent.UNCLEAR, unclear=Unclear.NOTHING)
    return Meaning(Intent.UNCLEAR, unclear=Unclear.SEVERAL if clear else found[0].unclear)


def _units(paragraph: Sequence[str], sent_on: date) -> Iterator[Meaning | str]:
    """Yield each sentence's meaning, or the sentence itself. A wrapped line is read with the next ones."""
    at = 0
    while at < len(paragraph):
        for lines in (1, 2, 3):
            joined = " ".join(paragraph[at : at + lines])
            read = [_sentence(sentence, sent_on) or sentence for sentence in sentences(joined)]
            if any(isinstance(one, Meaning) and one.what is not Intent.UNCLEAR for one in read):
                break
        else:
            lines = 1
            read = [_sentence(sentence, sent_on) or sentence for sentence in sentences(paragraph[at])]
        yield from read
        at += lines


def _sentence(asked: str, sent_on: date) -> Meaning | None:
    sentence = _ASKED.sub("", asked).rstrip("?") if _ASKED.match(asked) else asked
    for what, pattern in _WITHOUT_A_DAY.items():
        if pattern.fullmatch(sentence):
            return Meaning(what)
    done = _DONE.fullmatch(sentence)
    if done:
        return _on(Intent.DONE, done["day"] or "today", sent_on)
    until = _UNTIL.fullmatch(sentence)
    if until:
        return _on(Intent.UNTIL, until["day"], sent_on)
    alone = written_day(sentence, sent_on, ahead=True)
    if isinstance(alone, date) or alone is not Unclear.DAY_UNREAD:
        return _on(Intent.UNTIL, sentence, sent_on)
    return Meaning(Intent.UNCLEAR, unclear=Unclear.NO_DAY) if _TAKES_ON.fullmatch(sentence) else None


def _on(what: Intent, text: str, sent_on: date) -> Meaning:
    day = written_day(text, sent_on, ahead=what is Intent.UNTIL)
    return Meaning(what, day) if isinstance(day, date) else Meaning(Intent.UNCLEAR, unclear=day)


def _bound(sentence: str, *, after_meaning: bool, beside_done: bool) -> Meaning | None:
    """Return the effect of a sentence that is not understood.

    A signature may name weekdays; the answer itself may not.
    """
    taken_back = beside_done and _TAKES_BACK.search(sentence)
    doubtful = _BINDS.search(sentence) or taken_back or (not after_meaning and MENTIONS.search(sentence))
    return Meaning(Intent.UNCLEAR, unclear=Unclear.NOTHING) if doubtful else None
