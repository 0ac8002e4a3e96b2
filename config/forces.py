"""The police forces by code, each with the CPS Area that handles its cases."""

from typing import Annotated, NamedTuple

from pydantic import AfterValidator


class Force(NamedTuple):
    """A force's name and CPS Area. The Area is None where each case must name its own."""

    name: str
    cps_area: str | None


# Codes: Ministry of Justice force list, August 2026. Areas: CPS and HMCPSI pages.
FORCES: dict[str, Force] = {
    "01": Force("Metropolitan", None),
    "02": Force("Metropolitan", None),
    "03": Force("Cumbria", "North West"),
    "04": Force("Lancashire", "North West"),
    "05": Force("Merseyside", "Mersey-Cheshire"),
    "06": Force("Greater Manchester", "North West"),
    "07": Force("Cheshire", "Mersey-Cheshire"),
    "10": Force("Northumbria", "North East"),
    "11": Force("Durham", "North East"),
    "12": Force("North Yorkshire", "Yorkshire and Humberside"),
    "13": Force("West Yorkshire", "Yorkshire and Humberside"),
    "14": Force("South Yorkshire", "Yorkshire and Humberside"),
    "16": Force("Humberside", "Yorkshire and Humberside"),
    "17": Force("Cleveland", "North East"),
    "20": Force("West Midlands", "West Midlands"),
    "21": Force("Staffordshire", "West Midlands"),
    "22": Force("West Mercia", "West Midlands"),
    "23": Force("Warwickshire", "West Midlands"),
    "24": Force("Ministry of Defence Police", None),
    "30": Force("Derbyshire", "East Midlands"),
    "31": Force("Nottinghamshire", "East Midlands"),
    "32": Force("Lincolnshire", "East Midlands"),
    "33": Force("Leicestershire", "East Midlands"),
    "34": Force("Northamptonshire", "East Midlands"),
    "35": Force("Cambridgeshire", "East of England"),
    "36": Force("Norfolk", "East of England"),
    "37": Force("Suffolk", "East of England"),
    "40": Force("Bedfordshire", "Thames and Chiltern"),
    "41": Force("Hertfordshire", "Thames and Chiltern"),
    "42": Force("Essex", "East of England"),
    "43": Force("Thames Valley", "Thames and Chiltern"),
    "44": Force("Hampshire and Isle of Wight", "Wessex"),
    "45": Force("Surrey", "South East"),
    "46": Force("Kent", "South East"),
    "47": Force("Sussex", "South East"),
    "48": Force("City of London", None),
    "50": Force("Devon and Cornwall", "South West"),
    "52": Force("Avon and Somerset", "South West"),
    "53": Force("Gloucestershire", "South West"),
    "54": Force("Wiltshire", "Wessex"),
    "55": Force("Dorset", "Wessex"),
    "59": Force("Civil Nuclear Constabulary", None),
    "60": Force("North Wales", "Cymru-Wales"),
    "61": Force("Gwent", "Cymru-Wales"),
    "62": Force("South Wales", "Cymru-Wales"),
    "63": Force("Dyfed-Powys", "Cymru-Wales"),
    "91": Force("National Crime Agency", None),
    "93": Force("British Transport Police", "West Midlands"),
}


def force_name(code: str) -> str:
    """Return a force as Surrey (45); one without a name here as force 45."""
    return f"{FORCES[code].name} ({code})" if code in FORCES else f"force {code}"


def pair_name(force_code: str, cps_area: str) -> str:
    """Return a force and a CPS Area as Surrey (45) and CPS South East."""
    return f"{force_name(force_code)} and CPS {cps_area}"


AREAS: tuple[str, ...] = tuple(
    sorted({force.cps_area for force in FORCES.values() if force.cps_area} | {"London North", "London South"})
)


def spelling(area: str) -> str:
    """Normalise an Area's name for comparison: case, "&" for "and", and the ways to write Cymru-Wales."""
    return " ".join(area.lower().replace("&", " and ").replace("/", " ").replace("-", " ").split())


AREA_BY_SPELLING: dict[str, str] = {spelling(area): area for area in AREAS}


def _known(code: str) -> str:
    if code not in FORCES:
        raise ValueError("is not the two-digit code of a force")
    return code


ForceCode = Annotated[str, AfterValidator(_known)]
