"""Made-up letters and urgent mails, for previews and for tests of the templates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar

from config.message_kinds import MessageKind
from config.pattern import Sign
from config.terms import Addressee, EndReason, Risk
from models.rules.catalogue import breach_unanswered, order_told
from tasks.messages.contexts import EnclosedMessage, ItemPromise, ReplyLinks
from tasks.messages.kind import kind_called
from tasks.messages.letter.contexts import (
    Count,
    LetterContext,
    LetterSitting,
    Movement,
    PatternEntry,
    PatternList,
    StalledCase,
    Standing,
    TakenBack,
)
from tasks.messages.samples import ACTION, CONTACT, DAY, DECISION, LAST, LIMIT, OLD, RESOLVED, REVIEW
from tasks.pattern import ListedSign, RelatedCase

C = TypeVar("C")
_LINK = "mailto:replies@example.police.uk?subject=Casebeat%2045/SAMPLE-0003%20action%20%5Bcb1.KEY%5D&body="
REPLY = ReplyLinks(
    have_it=f"{_LINK}until%20Fri%2020%20Mar%202026", have_it_until=date(2026, 3, 20), done=f"{_LINK}done",
    not_mine=f"{_LINK}not%20mine", show=f"{_LINK}show",
)  # fmt: skip
STATUS = "mailto:replies@example.police.uk?subject=Casebeat%20status%20%5Bcb1.KEY%5D&body=status"
_OTHERS = (
    RelatedCase(case="45/SAMPLE-0021", force="Surrey"), RelatedCase(case="46/SAMPLE-0022", force="Kent"),
    RelatedCase(case="45/SAMPLE-0023", force="Surrey"), RelatedCase(case="45/SAMPLE-0024", force="Surrey"),
)  # fmt: skip
_TAKEN_ON = ItemPromise(until_on=DAY, role="spoc", end=None)
STALLED = (
    StalledCase(
        reference="45/SAMPLE-0001", urn="45ZZ0000001", risk=Risk.HIGH, since=date(2026, 3, 9), days=7, owed=(REVIEW,),
        moves=(Movement(what="action", on=date(2026, 3, 11), kind="CCTV"),),
    ),
    StalledCase(
        reference="45/SAMPLE-0006", urn="45ZZ0000006", risk=Risk.MEDIUM, since=date(2026, 2, 16), days=28,
        owed=(replace(LAST, since=date(2026, 2, 16), promise=_TAKEN_ON, news=False),), moves=(),
    ),
)  # fmt: skip
PATTERN = PatternList(
    fresh=5, unchanged=2, answered=11,
    cases=(
        PatternEntry(
            reference="45/SAMPLE-0011", urn="45ZZ0000011", risk=Risk.HIGH,
            signs=(
                ListedSign(sign=Sign.INCIDENTS, number=3, since=date(2026, 3, 2), cases=()),
                ListedSign(sign=Sign.FORMER_PARTNER, number=1, since=None, cases=()),
                ListedSign(sign=Sign.BREACH, number=2, since=None, cases=()),
                ListedSign(sign=Sign.SAME_SUSPECT, number=4, since=None, cases=_OTHERS),
                ListedSign(sign=Sign.SAME_VICTIM, number=1, since=None, cases=_OTHERS[:1]),
            ),
            recorded_on=None, latest_on=date(2026, 3, 12), unseen=False, again=False,
        ),
        PatternEntry(
            reference="45/SAMPLE-0013", urn=None, risk=Risk.UNKNOWN,
            signs=(ListedSign(sign=Sign.SAME_SUSPECT, number=2, since=None, cases=_OTHERS[2:]),),
            recorded_on=None, latest_on=date(2026, 3, 10), unseen=True, again=False,
        ),
        PatternEntry(
            reference="45/SAMPLE-0012", urn=None, risk=Risk.STANDARD,
            signs=(ListedSign(sign=Sign.BREACH, number=1, since=None, cases=()),),
            recorded_on=date(2026, 2, 20), latest_on=date(2026, 3, 10), unseen=False, again=True,
        ),
    ),
)  # fmt: skip
TAKEN_BACK = TakenBack(
    item=RESOLVED, read_on=date(2026, 3, 13), due_then=date(2026, 3, 12), due_on=None, fact_on=None
)  # fmt: skip
MEETING = LetterSitting(
    ref="45-south-east-2026-03-17", pair="Surrey (45) and CPS South East",
    starts_at=datetime(2026, 3, 17, 10, tzinfo=UTC), place="Room 2 or the usual link", whole=True, cases=12, own=0,
    own_at=None,
)  # fmt: skip


def _enclosed() -> Iterator[EnclosedMessage]:
    """Yield the samples of each kind that travels in letters."""
    for name in MessageKind:
        contexts = kind_called(name).samples.values() if name.block else ()
        for context in islice(contexts, 2 if name is MessageKind.AGENDA else None):
            yield EnclosedMessage(name, context)


SPOC = LetterContext(
    day=DAY,
    reader="spoc",
    asks="police",
    leads=True,
    places=("Surrey (45)",),
    instead_of=(),
    counts=(Count("within_7_days", 1), Count("stalled", 5), Count("overdue", 1), Count("soon", 2)),
    taken_back=(),
    limits=(LIMIT,),
    at_once=(replace(REVIEW, at_once=True, step="unresolved"),),
    victim=(CONTACT,),
    yours=(ACTION, DECISION),
    sittings=(MEETING,),
    enclosed=(),
    resolved=(RESOLVED,),
    standing=Standing(
        since=date(2026, 3, 9), stalled=STALLED[1:], still_open=(replace(OLD, reference="45/SAMPLE-0009", urn=None),),
        unseen=((("Surrey",), (order_told.RULE.name, breach_unanswered.RULE.name)),),
    ),
    pattern=PATTERN,
    rest=(Count("stalled", 3), Count("resolved", 17)),
    listed=(LIMIT, REVIEW, CONTACT, ACTION, DECISION, RESOLVED, OLD),
    restricted=1,
    unaddressed=0,
    write_to="casebeat@example.police.uk",
)  # fmt: skip
WEEKDAY = replace(SPOC, standing=None, pattern=None, rest=(), restricted=0)
FULL = replace(
    WEEKDAY,
    taken_back=(
        replace(TAKEN_BACK, fact_on=date(2026, 3, 11)),
        replace(TAKEN_BACK, item=replace(RESOLVED, ended=EndReason.MOVED), due_on=date(2026, 3, 20)),
        replace(TAKEN_BACK, item=replace(RESOLVED, ended=EndReason.WITHDRAWN), read_on=date(2026, 3, 10)),
        replace(TAKEN_BACK, due_on=date(2026, 3, 12), reopened=True),
        replace(TAKEN_BACK, due_on=date(2026, 3, 20), reopened=True),
    ),
    enclosed=tuple(_enclosed()),
)
ACTING = replace(SPOC, reader="legal_manager", asks="cps", places=("CPS South East",), instead_of=("lead",))
OFFICER = replace(
    WEEKDAY,
    reader="officer",
    leads=False,
    places=(),
    counts=(Count("overdue", 1),),
    limits=(),
    at_once=(),
    victim=(),
    yours=(replace(ACTION, addressee=Addressee.OWNER, reply=REPLY),),
    sittings=(replace(MEETING, whole=False, own=2, own_at=datetime(2026, 3, 17, 10, 20, tzinfo=UTC)),),
    resolved=(),
    listed=(ACTION,),
    reply=STATUS,
)
NOTHING = replace(
    SPOC, counts=(), limits=(), at_once=(), victim=(), yours=(), sittings=(), resolved=(), rest=(), listed=(),
    restricted=0, standing=Standing(since=None), pattern=PatternList(fresh=0, unchanged=2, answered=1, cases=()),
)  # fmt: skip
SAMPLES = {
    "letter-spoc-monday": SPOC,
    "letter-spoc-weekday": WEEKDAY,
    "letter-of-everything": FULL,
    "letter-in-place-of-the-lead": ACTING,
    "letter-officer": OFFICER,
    "letter-newly-leads": replace(WEEKDAY, standing=Standing(since=date(2026, 3, 9), leads_anew=True, stalled=STALLED)),
    "letter-newly-leads-nothing-stalled": replace(WEEKDAY, standing=Standing(since=None, leads_anew=True)),
    "letter-pattern-of-one": replace(
        NOTHING, pattern=PatternList(fresh=1, unchanged=0, answered=0, cases=PATTERN.cases[2:])
    ),
    "letter-nothing-stalled": NOTHING,
}
