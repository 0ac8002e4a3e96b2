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
        return tuple(RelatedCases(sign=one.sign, cases=one.cases) for one in self.signs if one.cases)


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
        shown = tuple(one for one in found if not one.matter.restricted and not one.matter.barred)
        for one in shown:
            record_related(connection, one.reference, one.related)
        return shown


def _listed(connection: Connection, cases: Sequence[HarassmentCase]) -> Iterator[PatternCase]:
    policy = configuration.policy().pattern
    near = keyed_cases(connection, [one.case_id for one in cases])
    sources = {one.source_id for one in cases}
    sights = source_columns.sights(connection, {one.force_code for one in cases}, sources) if cases else {}
    for one in cases:
        related = near.get(one.case_id, [])
        if found := signs(one.facts, related, policy):
            unseen = not sights[one.force_code].sees(REASON, one.source_id, OwedBy.POLICE)
            yield PatternCase(
                case_id=one.case_id, reference=one.reference, urn=one.urn, risk=one.risk,
                signs=tuple(map(_sign, found)), reason=reason(one.facts, found, unseen=unseen), matter=one.matter,
                keys=tuple(key for each in found for key in each.keys),
            )  # fmt: skip


def _sign(found: FoundSign) -> ListedSign:
    cases = tuple(case for group in in_groups(found.cases) for case in group.cases)
    return ListedSign(sign=found.sign, number=found.number, since=found.since, cases=cases)


def _pressing(one: PatternCase) -> tuple[object, ...]:
    newest = -one.reason.latest_on.toordinal()
    return _RANK[one.risk], one.reason.answers, one.reason.recorded_on is not None, newest, one.reference
