"""The suspects and the defendants of a case: the answer for each, and what ends a duty that was known otherwise."""

from collections.abc import Callable, Iterator

from config.terms import EndReason
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, OwesNothing

AnswerOfOne = Callable[[CaseFacts], Outcome]
# neither done nor lost: the same duty goes on under each of their names
_BY_SUSPECT = OwesNothing(
    CASE, EndReason.WITHDRAWN, "asked of each of its suspects", said="its suspects are now recorded one by one"
)
_BY_DEFENDANT = OwesNothing(
    CASE, EndReason.WITHDRAWN, "asked of each of its defendants", said="its defendants are now recorded one by one"
)
_ELSEWHERE = OwesNothing(
    CASE,
    EndReason.WITHDRAWN,
    "its defendants are recorded in a linked case",
    said="its defendants are now recorded in a linked case",
)


def of_each_suspect(facts: CaseFacts, answer: AnswerOfOne) -> Iterator[Outcome]:
    """Yield the answer for each suspect, given the case as if that were its only one."""
    for row in facts.suspect_rows:
        if not row.supplied:
            why = "the suspect was withdrawn by its source"
            yield OwesNothing(f"suspect:{row.ref}", EndReason.WITHDRAWN, why)
    suspects = facts.suspects
    if suspects[0][0] != CASE:
        yield _BY_SUSPECT
    for subject, alone in suspects:
        yield answer(alone)._replace(subject=subject)


def of_each_defendant(facts: CaseFacts, answer: AnswerOfOne) -> Iterator[Outcome]:
    """Yield the answer for each defendant, given the case as if that were its only one."""
    for row in facts.defendant_rows:
        if not row.supplied:
            why = "the defendant was withdrawn by its source"
            yield OwesNothing(f"defendant:{row.ref}", EndReason.WITHDRAWN, why)
    defendants = facts.defendants
    if not defendants:
        yield _ELSEWHERE
    elif defendants[0][0] != CASE:
        yield _BY_DEFENDANT
    for subject, alone in defendants:
        yield answer(alone)._replace(subject=subject)
