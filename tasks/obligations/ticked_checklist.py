"""The referral checklist as an officer ticked it in a form: what is still missing, and whom to ask for it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from config.checklist import SAFETY, SAFETY_FIRST
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.people import disclosure
from models.queries.people.parties import case_parties
from models.rules.people.act import Act
from models.rules.people.who_may import concerned, not_entitled
from models.rules.references import CaseReference
from models.rules.refusal import Refusal
from tasks.obligations.leading_spocs import who_leads
from tasks.obligations.unknown_case import known_case, unknown_case
from tasks.pattern import record_related, related_cases
from tasks.platform import templates
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.text import number_of
from tasks.servers.database import transaction


class TickedChecklist(NamedTuple):
    """The answer to a ticked checklist: a sentence, and its page in Markdown."""

    sentence: str
    page: str


def codes(ticked: Iterable[str]) -> frozenset[str]:
    """Return the codes of ticked items, each of which begins with its own."""
    return frozenset(item.partition(" ")[0] for item in ticked)


def look(
    configuration: Configuration, case: CaseReference, there: Collection[str], act: Act, today: date
) -> TickedChecklist:
    """Return what a referral of the case lacks, and audit the consultation. What was ticked is not stored.

    Raises Refuse for a case that is not known. To a form, a restricted case and one that bars anybody are not known
    either, since several people read its page. Raises Refuse too unless the person answers for the case.
    """
    with transaction() as connection:
        case_id = known_case(connection, case, act.by)
        if disclosure.is_kept_apart(connection, case_id):
            raise unknown_case(connection, case)
        both = case_parties(connection, case_id)
        people = directory_on(configuration, connection, today)
        may = f"who answer for {case} on either side today."
        if faults := tuple(not_entitled(act.by, concerned(both, people), people, today, may)):
            raise Refuse(Refusal(faults).sentences())
        audit.record(connection, AuditEntry(
            Verb.CONSULTATION, "case", str(case), "checklist", by=act.by, detail=act.trail,
        ))  # fmt: skip
        related = related_cases(configuration, connection, [case_id]).get(case_id, ())
        record_related(connection, str(case), related, act.by)
    missing = [item for item in SAFETY_FIRST if item.code not in there]
    count = f"{number_of(len(missing), 'item')} of {len(SAFETY_FIRST)}"
    lacks = f"still lacks {count}, and incomplete is never complete" if missing else "has every item"
    leads = who_leads(both, people)
    values = {"missing": missing, "safety": SAFETY, "leads": leads, "related": related, "case": str(case)}
    return TickedChecklist(
        f"As ticked, the referral of {case} {lacks}. Nothing was recorded.",
        templates.render_text("checklist/artifact.md", values),
    )
