"""The pattern list: open harassment cases that may be stalking by their facts, with what is recorded about why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.pattern import Sign
from config.terms import OwedBy, Risk
from models.queries.intake import source_columns
from models.queries.pattern import harassment
from models.queries.pattern.harassment import HarassmentCase
from models.rules.catalogue.why_not_stalking import REASON
from models.rules.pattern import FoundSign, RecordedReason, reason, signs
from models.rules.people.parties import Parties
from tasks.pattern.related import RelatedCase, RelatedCases, in_groups, keyed_cases, record_related
from tasks.platform import configuration
from tasks.platform.consultation import record_consultation
from tasks.servers.database import transaction
from tasks.servers.round_lock import refuse_unknown

_RANK = {Risk.HIGH: 0, Risk.UNKNOWN: 0, Risk.MEDIUM: 1, Risk.STANDARD: 2}


@dataclass(frozen=True, kw_only=True)
class ListedSign:
    """A fact for which a case is listed: how many of them, since when, and the other cases with the same key."""

    sign: Sign
    number: int
    since: date | None
    cases: tuple[RelatedCase, ...]


@dataclass(frozen=True, kw_only=True)
class PatternCase:
    """A harassment case that may be stalking: its facts, the cases related to it, and the reason that is recorded."""

    case_id: int
    reference: str
    urn: str | None
    risk: Risk
    signs: tuple[ListedSign, ...]
    reason: RecordedReason
    matter: Parties  # who leads on it, and who may know of it
    keys: tuple[str, ...]  # of its facts, for a comparison with a later list

    @property
    def related(self) -> tuple[RelatedCases, ...]:
        """The cases of the same keys."""
        return tuple(RelatedCases(sign=sign.sign, cases=sign.cases) for sign in self.signs if sign.cases)


def pattern_cases(
    connection: Connection, force_codes: Sequence[str] = (), cps_areas: Sequence[str] = (), *, everywhere: bool = False
) -> list[PatternCase]:
    """Return the cases of some forces or Areas that are listed for a fact.

    High risk comes first, then what no recorded reason answers, of that what has none, then what is newest. Who may
    know of a case is for the caller to decide, by its `matter`.
    """
    found = harassment.harassment_cases(connection, force_codes, cps_areas, everywhere=everywhere)
    return sorted(_listed(connection, found), key=_pressing)


def list_of(force_code: str | None) -> tuple[PatternCase, ...]:
    """List the cases of a force, or of all, for operations, and audit it. Raises Refuse for an unknown force.

    A case that is restricted, or from which anybody is barred, is on no list that several people read.
    """
    with transaction() as connection:
        if force_code is not None:
            refuse_unknown(connection, force_code)
        record_consultation(connection, "list", force_code or "all forces", "pattern")
        forces = [force_code] if force_code else []
        found = pattern_cases(connection, forces, everywhere=force_code is None)
        shown = tuple(case for case in found if not case.matter.restricted and not case.matter.barred)
        for case in shown:
            record_related(connection, case.reference, case.related)
        return shown


def _listed(connection: Connection, cases: Sequence[HarassmentCase]) -> Iterator[PatternCase]:
    policy = configuration.policy().pattern
    near = keyed_cases(connection, [case.case_id for case in cases])
    sources = {case.source_id for case in cases}
    sights = source_columns.sights(connection, {case.force_code for case in cases}, sources) if cases else {}
    for case in cases:
        related = near.get(case.case_id, [])
        if found_signs := signs(case.facts, related, policy):
            unseen = not sights[case.force_code].sees(REASON, case.source_id, OwedBy.POLICE)
            yield PatternCase(
                case_id=case.case_id, reference=case.reference, urn=case.urn, risk=case.risk,
                signs=tuple(map(_sign, found_signs)), reason=reason(case.facts, found_signs, unseen=unseen),
                matter=case.matter, keys=tuple(key for sign in found_signs for key in sign.keys),
            )  # fmt: skip


def _sign(sign: FoundSign) -> ListedSign:
    cases = tuple(case for group in in_groups(sign.cases) for case in group.cases)
    return ListedSign(sign=sign.sign, number=sign.number, since=sign.since, cases=cases)


def _pressing(case: PatternCase) -> tuple[object, ...]:
    newest = -case.reason.latest_on.toordinal()
    return _RANK[case.risk], case.reason.answers, case.reason.recorded_on is not None, newest, case.reference
