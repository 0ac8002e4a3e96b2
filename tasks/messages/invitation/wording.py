"""Words that invitations to one sitting and to a series share."""

from config.forces import FORCES

OTHERWISE = "the sitting is not as it was: what it is now is said next"


def pair(force_code: str, cps_area: str) -> str:
    """Return the names of a force and a CPS Area."""
    return (
        f"{FORCES[force_code].name} ({force_code}) and CPS {cps_area}"
        if force_code in FORCES
        else f"{force_code} and {cps_area}"
    )
