"""People of a force and a CPS Area, as rules know them."""

from config.terms import Agency
from models.rules.people.directory import Person


def police(ref, *roles, **more):
    return contact(ref, Agency.POLICE, roles, force_codes=frozenset({"45"}), **more)


def cps(ref, *roles, **more):
    return contact(ref, Agency.CPS, roles, cps_areas=frozenset({"South East"}), **more)


def contact(
    ref, agency, roles, *, deputy=None, active=True, absent=False, force_codes=frozenset(), cps_areas=frozenset()
):
    return Person(ref, agency, frozenset(roles), force_codes, cps_areas, deputy, active, absent)


EVERYONE = [
    police("P-OIC", "officer"),
    police("P-SUP", "supervisor"),
    police("P-SPOC", "spoc"),
    police("P-LEAD", "lead"),
    cps("C-PRO", "prosecutor"),
    cps("C-DCP", "legal_manager"),
    cps("C-SPOC", "spoc"),
    cps("C-LEAD", "lead"),
]


def person(ref, agency, *roles, active=True, absent=False, deputy=None, place=None):
    police = agency is Agency.POLICE
    where = frozenset({place or ("45" if police else "South East")})
    none = frozenset()
    return Person(
        ref, agency, frozenset(roles), where if police else none, none if police else where, deputy, active, absent
    )


PEOPLE = (
    person("OIC", Agency.POLICE, "officer", absent=True, deputy="DEPUTY"),
    person("DEPUTY", Agency.POLICE, "officer"),
    person("ACTION-OWNER", Agency.POLICE, "officer"),
    person("SERGEANT", Agency.POLICE, "supervisor"),
    person("P-SPOC", Agency.POLICE, "spoc"),
    person("P-LEAD", Agency.POLICE, "lead"),
    person("ELSEWHERE", Agency.POLICE, "spoc", "lead", place="44"),
    person("COLLEAGUE", Agency.POLICE, "officer"),
    person("GONE", Agency.POLICE, "spoc", active=False),
    person("PROSECUTOR", Agency.CPS, "prosecutor"),
    person("MANAGER", Agency.CPS, "legal_manager"),
    person("C-SPOC", Agency.CPS, "spoc"),
    person("C-LEAD", Agency.CPS, "lead"),
)
