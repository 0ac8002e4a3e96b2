"""Whether a defendant is in custody, by the rows of either agency."""

from datetime import date

from config.terms import EndReason, OwedBy
from models.rules.catalogue.status import since_first_extract
from models.rules.facts import CaseFacts
from models.rules.result import CASE, OwesNothing
from models.rules.sight import SentColumn

IN_CUSTODY = SentColumn("cps_cases.csv", "in_custody")
NOT_IN_CUSTODY = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is not in custody", said="the suspect is not in custody any more"
)
_NOT_RECORDED = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "nobody has recorded whether the suspect is in custody",
    said="custody is not recorded any more",
)


def held(facts: CaseFacts) -> list[CaseFacts]:
    """Return the suspects whose status is custody, each as the case's only one."""
    return [alone for _, alone in facts.suspects if alone.case.held]


def blind_of(defendant: CaseFacts, column: SentColumn) -> str:
    """Return why a column of the CPS case cannot be seen of a defendant; empty if it is seen.

    Of a case without a CPS row, neither file that may get one has the column.
    """
    source, sight = defendant.case.cps_source_id, defendant.sight
    by_defendant = source is None and sight.sees(column._replace(file="defendants.csv"), None, OwedBy.CPS)
    return "" if by_defendant else sight.blind(column, source, OwedBy.CPS)


def beyond_custody(facts: CaseFacts, defendant: CaseFacts) -> OwesNothing | None:
    """Return why a rule for custody does not apply to a defendant, given as the case's only one; None if it does."""
    if _in_custody(facts, defendant):
        return None
    if defendant.case.in_custody is None and not _known(facts):
        return _NOT_RECORDED._replace(why=blind_of(defendant, IN_CUSTODY) or _NOT_RECORDED.why)
    return NOT_IN_CUSTODY._replace(on=_left_on(facts, defendant))


def _in_custody(facts: CaseFacts, defendant: CaseFacts) -> bool:
    """Return whether CPS says so, or police do of a suspect.

    Where neither does, and CPS does not deny it, the end of a custody time limit says so: of one of several
    defendants, or where police know no status since the charge. A status of before it says nothing of a remand.
    """
    told = defendant.case.in_custody
    if told or held(facts):
        return True
    return told is None and defendant.case.ctl_expires_on is not None and (_several(facts) or not _known(facts))


def _several(facts: CaseFacts) -> bool:
    return len(facts.defendants) > 1


def _known(facts: CaseFacts) -> bool:
    """Return whether police know the status of a suspect, of a charged case since the charge."""
    return any(
        alone.case.suspect_status is not None and _is_of_charge(alone, facts.case.charged_on)
        for _, alone in facts.suspects
    )


def _is_of_charge(alone: CaseFacts, charged_on: date | None) -> bool:
    return charged_on is None or (not since_first_extract(alone) and alone.status_day >= charged_on)


def _left_on(facts: CaseFacts, defendant: CaseFacts) -> date | None:
    """Return since when the status of the only suspect is another; None where CPS or another suspect's row tells it."""
    (_, alone), *others = facts.suspects
    return None if others or defendant.case.in_custody is not None else alone.status_recorded_on
