"""The extracts of what is held of a person, of invented values: of a victim, of a suspect, and of staff."""

from datetime import date

from config.terms import Party
from models.queries.access import CaseMeeting, ToldRole, WorkedOut
from tasks.access.case_extract import CaseExtract, ShownRow, ShownTable
from tasks.access.person_extract import HeldLine, PersonExtract
from tasks.platform.templates import command_output, page

DAY, LATER = date(2026, 3, 16), date(2026, 3, 23)
_NO_TABLE = ShownTable(title="Pleas", rows=())
_CASE = ShownTable(
    title="The case",
    rows=(
        ShownRow(values=(("opened", "Mon 2 Mar 2026"), ("level of risk", "high")), source="niche-45"),
        ShownRow(values=(("held", "Mon 16 Mar 2026"),), source="casebeat"),
    ),
)
_VICTIM = CaseExtract(
    day=DAY, case="45/SAMPLE-0001", urn="45AB0001234", party=Party.VICTIM, held=(_CASE, _NO_TABLE),
    worked_out=(WorkedOut("risk-assessment", 2, True, DAY, LATER), WorkedOut("action", 1, False, DAY, DAY)),
    told=(ToldRole("action", "owner", 3, DAY, LATER),),
    meetings=(CaseMeeting(DAY, True), CaseMeeting(LATER, False), CaseMeeting(LATER, None)),
    kept="12 months", logged="72 months",
)  # fmt: skip
_SUSPECT = CaseExtract(
    day=DAY,
    case="45/SAMPLE-0001",
    urn=None,
    party=Party.SUSPECT,
    held=(),
    worked_out=(),
    told=(),
    meetings=(),
    kept="12 months",
    logged="72 months",
)
_LINES = (
    HeldLine(table="cases", shows="officer in the case", rows=2, first=DAY, last=LATER, stays="as long as the case"),
    HeldLine(table="promises", shows="promises", rows=1, first=DAY, last=DAY, stays="as long as the case"),
    HeldLine(table="clicks", shows="buttons pressed", rows=1, first=None, last=None, stays="until it is erased"),
)
_HERE = PersonExtract(day=DAY, contact_ref="P45of1", known=True, left_on=None, lines=_LINES)
_LEFT = PersonExtract(day=LATER, contact_ref="P45of1", known=True, left_on=DAY, lines=_LINES)
_GONE = PersonExtract(day=DAY, contact_ref="P45of1", known=False, left_on=None, lines=_LINES)


def texts() -> dict[str, str]:
    """Each as its page, and those of staff as the command prints them."""
    found = {f"extract-{made.party}.html": page("access/case.html", **vars(made)) for made in (_VICTIM, _SUSPECT)}
    for name, made in {"here": _HERE, "left": _LEFT, "gone": _GONE}.items():
        found[f"extract-staff-{name}.html"] = page("access/person.html", **vars(made))
        found[f"extract-staff-{name}.txt"] = command_output("access", vars(made))
    return found
