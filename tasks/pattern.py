"""Patterns: open harassment cases that may be stalking by their facts, and cases related by a suspect or a victim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.forces import FORCES
from config.pattern import Sign
from config.terms import Classification, OwedBy, Risk
from models.queries import pattern
from models.queries.intake import source_columns
from models.queries.pattern import HarassmentCase
from models.rules.facts import WHY_NOT_STALKING
from models.rules.pattern import FoundSign, KeyedCase, RecordedReason, reason, signs
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_combination, record_consultation
from tasks.servers.database import transaction
from tasks.servers.round_lock import refuse_unknown

_RANK = {Risk.HIGH: 0, Risk.UNKNOWN: 0, Risk.MEDIUM: 1, Risk.STANDARD: 2}


@dataclass(frozen=True, kw_only=True)
class RelatedCase:
    """Another case: its reference, and its force by name."""

    case: str
    force: str


@dataclass(frozen=True, kw_only=True)
class RelatedCases:
    """The cases with the same suspect or the same victim, the newest first."""

    sign: Sign
    cases: tuple[RelatedCase, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Name each for a comparison with an earlier agenda, by its reference."""
        return tuple(f"{self.sign}:{case.case}" for case in self.cases)


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
    presumed: bool  # whether it is watched as stalking until a reason is recorded
    matter: Parties  # who leads on it, and who may know of it
    keys: tuple[str, ...]  # of its facts, for a comparison with a later list

    @property
    def related(self) -> tuple[RelatedCases, ...]:
        """The cases of the same keys."""
        return tuple(RelatedCases(sign=sign.sign, cases=sign.cases) for sign in self.signs if sign.cases)


def pattern_cases(
    configuration: Configuration,
    connection: Connection,
    force_codes: Sequence[str] = (),
    cps_areas: Sequence[str] = (),
    *,
    everywhere: bool = False,
) -> list[PatternCase]:
    """Return the cases of some forces or Areas that are listed for a fact.

    What is presumed stalking comes first, then high risk, then what no recorded reason answers, of that what has none,
    then what is newest. Who may know of a case is for the caller to decide, by its `matter`.
    """
    found = pattern.harassment_cases(connection, force_codes, cps_areas, everywhere=everywhere)
    return sorted(_listed(configuration, connection, found), key=_pressing)


def list_of(configuration: Configuration, force_code: str | None) -> tuple[PatternCase, ...]:
    """List the cases of a force, or of all, for operations, and audit it. Raises Refuse for an unknown force.

    A case that is restricted, or from which anybody is barred, is on no list that several people read.
    """
    with transaction() as connection:
        if force_code is not None:
            refuse_unknown(connection, force_code)
        record_consultation(connection, "list", force_code or "all forces", "pattern")
        forces = [force_code] if force_code else []
        found = pattern_cases(configuration, connection, forces, everywhere=force_code is None)
        shown = tuple(case for case in found if not case.matter.restricted and not case.matter.barred)
        for case in shown:
            record_related(connection, case.reference, case.related)
        return shown


def _listed(
    configuration: Configuration, connection: Connection, cases: Sequence[HarassmentCase]
) -> Iterator[PatternCase]:
    policy = configuration.policy.pattern
    near = keyed_cases(configuration, connection, [case.case_id for case in cases])
    sources = {case.source_id for case in cases}
    sights = source_columns.sights(connection, {case.force_code for case in cases}, sources) if cases else {}
    for case in cases:
        related = near.get(case.case_id, [])
        if found_signs := signs(case.facts, related, policy):
            unseen = not sights[case.force_code].sees(WHY_NOT_STALKING, case.source_id, OwedBy.POLICE)
            yield PatternCase(
                case_id=case.case_id, reference=case.reference, urn=case.urn, risk=case.risk,
                signs=tuple(map(_sign, found_signs)), reason=reason(case.facts, found_signs, unseen=unseen),
                presumed=case.asked and configuration.presumes(case.force_code, Classification.HARASSMENT),
                matter=case.matter, keys=tuple(key for sign in found_signs for key in sign.keys),
            )  # fmt: skip


def _sign(sign: FoundSign) -> ListedSign:
    cases = tuple(case for group in in_groups(sign.cases) for case in group.cases)
    return ListedSign(sign=sign.sign, number=sign.number, since=sign.since, cases=cases)


def _pressing(case: PatternCase) -> tuple[object, ...]:
    newest = -case.reason.latest_on.toordinal()
    recorded = case.reason.recorded_on is not None
    return not case.presumed, _RANK[case.risk], case.reason.answers, recorded, newest, case.reference


def keyed_cases(
    configuration: Configuration, connection: Connection, case_ids: Sequence[int]
) -> dict[int, list[KeyedCase]]:
    """Return the cases with the same suspect or victim as each of these, among the sources that the policy compares."""
    return pattern.related_cases(connection, case_ids, configuration.policy.pattern.shared_secrets)


def related_cases(
    configuration: Configuration, connection: Connection, case_ids: Sequence[int]
) -> dict[int, tuple[RelatedCases, ...]]:
    """Return the cases related to each of these, by id; a case without any has no entry."""
    return {case_id: in_groups(found) for case_id, found in keyed_cases(configuration, connection, case_ids).items()}


def in_groups(cases: Sequence[KeyedCase]) -> tuple[RelatedCases, ...]:
    """Return related cases in two groups: those of the same suspect, and those of the same victim."""
    groups: dict[Sign, list[RelatedCase]] = {}
    for case in cases:
        force = FORCES[case.force_code].name if case.force_code in FORCES else f"force {case.force_code}"
        groups.setdefault(case.sign, []).append(RelatedCase(case=case.reference, force=force))
    return tuple(RelatedCases(sign=sign, cases=tuple(groups[sign])) for sign in Sign if sign in groups)


def record_related(connection: Connection, case: str, found: Sequence[RelatedCases], by: str | None = None) -> None:
    """Audit that somebody was shown a case together with others: one row for each kind of key."""
    for cases in found:
        record_combination(connection, case, cases.sign, [related_case.case for related_case in cases.cases], by)
