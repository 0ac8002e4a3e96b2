"""Cases that are related by the key of a suspect or a victim, as people read them: references and forces alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from config.forces import FORCES
from config.pattern import Sign
from models.queries.pattern import related
from models.rules.pattern import KeyedCase
from tasks.platform import configuration
from tasks.platform.consultation import record_combination


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


def keyed_cases(connection: Connection, case_ids: Sequence[int]) -> dict[int, list[KeyedCase]]:
    """Return the cases with the same suspect or victim as each of these, among the sources that the policy compares."""
    return related.related_cases(connection, case_ids, configuration.policy().pattern.shared_secrets)


def related_cases(connection: Connection, case_ids: Sequence[int]) -> dict[int, tuple[RelatedCases, ...]]:
    """Return the cases related to each of these, by id; a case without any has no entry."""
    return {case_id: in_groups(found) for case_id, found in keyed_cases(connection, case_ids).items()}


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
