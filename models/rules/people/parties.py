"""Parties: the values that decide whom an obligation, a case or a sitting concerns."""

from collections.abc import Sequence
from typing import NamedTuple

from config.leading import OwnerKind
from config.terms import Agency, OwedBy


class Parties(NamedTuple):
    """The values that decide whom a step concerns: a case's force and CPS Area, or all those of another subject.

    Whoever is `barred` is nobody for it: no addressee, no deputy, nobody who may say anything of it.
    """

    owed_by: OwedBy
    force_codes: tuple[str, ...]
    cps_areas: tuple[str, ...] = ()
    oic_ref: str | None = None
    supervisor_ref: str | None = None
    prosecutor_ref: str | None = None
    owner_ref: str | None = None  # of the action or the sitting that it is about: its owner or chair
    barred: frozenset[str] = frozenset()
    police_spoc_ref: str | None = None  # who leads on the case, as its own row says
    cps_spoc_ref: str | None = None
    restricted: bool = False
    owner: OwnerKind = OwnerKind.CASE

    @property
    def numbers_of(self) -> str | None:
        """Return the force whose numbers apply: the case's, or the subject's if it has exactly one."""
        return sole(self.force_codes)

    @property
    def pair(self) -> tuple[str, str] | None:
        """Return the force and the CPS Area that review together, if it has exactly one of each."""
        force_code, cps_area = sole(self.force_codes), sole(self.cps_areas)
        return (force_code, cps_area) if force_code and cps_area else None

    def places(self, agency: Agency) -> tuple[str, ...]:
        """Return the forces (police) or CPS Areas (cps) of an agency."""
        return self.force_codes if agency is Agency.POLICE else self.cps_areas

    def spoc_ref(self, agency: Agency) -> str | None:
        """Return the SPOC of an agency whom the case's own row names."""
        return self.police_spoc_ref if agency is Agency.POLICE else self.cps_spoc_ref

    def person(self, agency: Agency) -> str | None:
        """Return the person of an agency who has the case: its officer or its prosecutor."""
        return self.oic_ref if agency is Agency.POLICE else self.prosecutor_ref


def sole(places: Sequence[str]) -> str | None:
    """Return the place if there is exactly one."""
    return places[0] if len(places) == 1 else None
