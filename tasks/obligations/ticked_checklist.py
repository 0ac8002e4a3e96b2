"""The referral checklist as an officer ticked it in a form: what is still missing, and whom to ask for it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from config.checklist import SAFETY, SAFETY_FIRST
from config.doors import ActKind
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.obligations.acting import check_may
from tasks.obligations.leading_spocs import who_leads
from tasks.obligations.unknown_case import known_case
from tasks.pattern import record_related, related_cases
from tasks.platform import templates
from tasks.platform.configuration import Configuration
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

    Raises Refuse for a case that is not known to the person, or to a form, whose page several people read.
    """
    with transaction() as connection:
        known = known_case(configuration, connection, ActKind.LOOK, case, act, today)
        check_may(ActKind.LOOK, known.matter, act.by, known.people, today)
        audit.record(connection, AuditEntry(
            Verb.CONSULTATION, "case", str(case), "checklist", by=act.by, detail=act.trail,
        ))  # fmt: skip
        related = related_cases(configuration, connection, [known.id]).get(known.id, ())
        record_related(connection, str(case), related, act.by)
    missing = [item for item in SAFETY_FIRST if item.code not in there]
    count = f"{number_of(len(missing), 'item')} of {len(SAFETY_FIRST)}"
    lacks = f"still lacks {count}, and incomplete is never complete" if missing else "has every item"
    leads = who_leads(known.matter, known.people)
    values = {"missing": missing, "safety": SAFETY, "leads": leads, "related": related, "case": str(case)}
    return TickedChecklist(
        f"As ticked, the referral of {case} {lacks}. Nothing was recorded.",
        templates.render_text("checklist/artifact.md", values),
    )
