"""An extract of a case as a file: audited as a disclosure, for the disclosure officer to read before it goes."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from config.terms import Party, Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import explain
from models.rules.references import CaseReference
from tasks.access.case_extract import CaseExtract, LeftOut, extract
from tasks.obligations.unknown_case import unknown_case
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.platform.home import whole_file
from tasks.platform.text import as_json, number_of
from tasks.servers.database import transaction


class WrittenExtract(NamedTuple):
    """The file that was written, for whom, and what was left out of it."""

    file: str
    case: str
    party: Party
    left_out: LeftOut

    @property
    def sentence(self) -> str:
        """The result, for the disclosure officer."""
        left = self.left_out
        parts = [f"Left out: {number_of(left.values, 'value')} about others, or that could harm the case, listed below"]
        if left.shared_rows:
            parts.append(f"{number_of(left.shared_rows, 'row')} under a URN that other cases share")
        if left.reasons:
            parts.append(f"{number_of(left.reasons, 'reason')} in people's own words (casebeat explain shows them)")
        return (
            f"Written: {self.file}, for the {self.party} of {self.case}. {'; '.join(parts)}. The disclosure officer "
            "reads the file before it goes. The audit log has it as a disclosure."
        )


def write(
    configuration: Configuration, file: Path, case: CaseReference, party: Party, by: str, today: date
) -> WrittenExtract:
    """Write what a party may see of a case to a new file, for this account alone; `by` is the account that asks.

    Raises Refuse if the file's name ends in neither .html nor .json, if it is there already, for an unknown case, or
    where the extract would tell a suspect of the case.
    """
    render = {".html": _page, ".json": _object}.get(file.suffix)
    if render is None:
        raise Refuse("Name a file that ends in .html or .json. Nothing was done.")
    with whole_file(file) as to:
        with transaction() as connection:
            head = explain.head(connection, *case)
            if head is None:
                raise unknown_case(connection, case)
            case_extract, left_out = extract(configuration, connection, head, party, today)
            audit.record(connection, AuditEntry(
                Verb.DISCLOSURE, "case", str(case), "access", by=by, to_ref=party.value,
                detail={"values": left_out.values, "shared_rows": left_out.shared_rows, "reasons": left_out.reasons},
            ))  # fmt: skip
        to.write(render(case_extract))
    return WrittenExtract(str(file), str(case), party, left_out)


def _page(case_extract: CaseExtract) -> bytes:
    return templates.page("access/case.html", **vars(case_extract)).encode()


def _object(case_extract: CaseExtract) -> bytes:
    return as_json(case_extract, ensure_ascii=False, indent=1).encode() + b"\n"
