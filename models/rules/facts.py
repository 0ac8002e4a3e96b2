"""The facts of one case as plain values. A rule reads nothing else."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from config.presumption import Presumption
from config.terms import (
    Classification,
    FinalisedReason,
    OwedBy,
    Risk,
    SuspectStatus,
)
from models.rules import in_place
from models.rules.case_row import SOUGHT, CaseRow
from models.rules.offences import CHARGED_IN_TIME, SUMMARY_ONLY, classify, stems
from models.rules.question import Fact, raised
from models.rules.result import CASE
from models.rules.row_facts import (
    ActionFact,
    DefendantFact,
    IncidentFact,
    OrderFact,
    OtherCase,
    PleaFact,
    ReferralFact,
    ReviewFact,
    SeenChange,
    SittingFact,
    SuspectFact,
)
from models.rules.sight import SEES_ALL, SentColumn, Sight

CHARGED_CODES = SentColumn("cps_cases.csv", "charged_codes")
WHY_NOT_STALKING = SentColumn("cases.csv", "why_not_stalking_on")


class CaseFacts(NamedTuple):
    """One case with all its rows, and the rows of its linked cases. It holds no current day, session or setting.

    It includes withdrawn rows, marked as not supplied, so that a rule can answer that they are withdrawn.
    """

    case: CaseRow
    incidents: tuple[IncidentFact, ...] = ()
    actions: tuple[ActionFact, ...] = ()
    reviews: tuple[ReviewFact, ...] = ()
    referrals: tuple[ReferralFact, ...] = ()
    orders: tuple[OrderFact, ...] = ()
    pleas: tuple[PleaFact, ...] = ()
    principal: bool = True
    linked_reviews: tuple[ReviewFact, ...] = ()  # reviews of the other linked cases
    linked_incidents: tuple[IncidentFact, ...] = ()
    sittings: tuple[SittingFact, ...] = ()
    taken_over: bool = False  # another force keeps a case that is linked with it
    sight: Sight = SEES_ALL
    scope: Collection[Classification] = (Classification.STALKING,)  # what the policy has in scope for its force
    presumption: Presumption = Presumption.SAFETY  # for what the policy presumes stalking in its force
    suspect_rows: tuple[SuspectFact, ...] = ()  # of suspects.csv
    defendant_rows: tuple[DefendantFact, ...] = ()  # of defendants.csv, those given by URN where they belong to it
    defendants_elsewhere: bool = False  # the defendants of its URN belong to another of its linked cases
    seen_changes: tuple[SeenChange, ...] = ()
    same_suspect: tuple[OtherCase, ...] = ()  # the other cases with the key of one of its suspects

    @property
    def open(self) -> bool:
        """Return whether the case is not finalised."""
        return self.case.finalised_on is None

    @property
    def stalking(self) -> bool:
        """Return whether it is recorded as stalking, open or not."""
        return self.case.classification is Classification.STALKING

    @property
    def in_scope(self) -> bool:
        """Return whether it is open and of a classification that the policy has in scope for its force."""
        return self.open and self.case.classification in self.scope

    @property
    def stalking_or_harassment(self) -> bool:
        """Return whether it is open and recorded as stalking or harassment."""
        return self.open and self.case.classification is not Classification.OTHER

    @property
    def once_stalking(self) -> bool:
        """Return whether an extract changed it from stalking to another classification."""
        return self.case.declassified_on is not None

    @property
    def question(self) -> Fact | None:
        """Return the fact that raised the question why it is not stalking, with its day."""
        return raised(self.case, self.incidents, self.referrals)

    @property
    def why_not_asked(self) -> bool:
        """Return whether, open or not, something asks why it is not stalking, and no reason is recorded."""
        asked = self.case.classification is Classification.HARASSMENT or (self.once_stalking and not self.stalking)
        return asked and not self.case.why_not_answered and self.question is not None

    @property
    def why_not_unseen(self) -> str:
        """Return why nobody can see whether the reason is recorded; empty if it is seen."""
        return self.sight.blind(WHY_NOT_STALKING, self.case.source_id, OwedBy.POLICE)

    @property
    def presumed(self) -> bool:
        """Return whether it is presumed stalking: open, not in scope, and no reason is recorded why it is not that."""
        return self.open and not self.in_scope and self.why_not_asked and not self.why_not_unseen

    @property
    def guarded(self) -> bool:
        """Return whether the duties of safety are owed: it is in scope, or presumed where the policy presumes."""
        return self.in_scope or (self.presumption is not Presumption.OFF and self.presumed)

    @property
    def fully_guarded(self) -> bool:
        """Return whether it is in scope, or presumed where the policy has reviews, progress and charge follow."""
        return self.in_scope or (self.presumption is Presumption.ALL and self.presumed)

    @property
    def watched_since(self) -> Fact:
        """Return since when it is watched: what raised the question of a presumed case, else its opening."""
        return (self.question if self.presumed else None) or ("case opened", self.case.opened_on)

    @property
    def clock_case(self) -> bool:
        """Return whether it is open, and stalking or harassment by its classification or by one of its offence codes.

        A case that is declassified keeps its clocks, because they follow the offence.
        """
        return self.open and (
            self.stalking_or_harassment or classify(self.case.offence_codes) is not Classification.OTHER
        )

    @property
    def kept(self) -> bool:
        """Return whether its orders are watched, open or not: (once) stalking or harassment, and not transferred.

        One that was transferred is kept until another force has it, so that nobody's watch ends before the next begins.
        """
        row = self.case
        gone = row.finalised_reason is FinalisedReason.TRANSFERRED and self.taken_over
        return not gone and (row.classification is not Classification.OTHER or self.once_stalking)

    @property
    def risk(self) -> Risk:
        """Return the risk; unknown counts as high."""
        return self.case.risk.treated_as

    @property
    def charged(self) -> bool:
        """Return whether `charged_on` is known."""
        return self.case.charged_on is not None

    @property
    def suspects(self) -> list[tuple[str, "CaseFacts"]]:
        """Return its suspects: the subject of each, and the case as if that were its only one.

        Without a supplied row of suspects.csv its own row is its suspect.
        """
        rows = [row for row in self.suspect_rows if row.supplied]
        return [(f"suspect:{row.ref}", self._with_suspect(row, only=len(rows) == 1)) for row in rows] or [(CASE, self)]

    def _with_suspect(self, suspect: SuspectFact, *, only: bool) -> "CaseFacts":
        file = in_place.SUSPECTS
        sent = self.sight.sent_of(file, in_place.COLUMNS[file], suspect.source_id)
        sight = self.sight.with_sent(in_place.IN_PLACE_OF[file], sent, self.case.source_id)
        row = in_place.of_suspect(self.case, suspect, sent, only=only)
        return self._replace(case=row, sight=sight, suspect_rows=())

    @property
    def defendants(self) -> list[tuple[str, "CaseFacts"]]:
        """Return its defendants: the subject of each, and the case as if that were its only one.

        Without a supplied row of defendants.csv its CPS row is its defendant, unless those of its URN are elsewhere.
        """
        rows = [row for row in self.defendant_rows if row.supplied]
        if not rows and not self.defendants_elsewhere:
            return [(CASE, self)]
        return [(f"defendant:{row.ref}", self._with_defendant(row)) for row in rows]

    def _with_defendant(self, defendant: DefendantFact) -> "CaseFacts":
        file = in_place.DEFENDANTS
        sent = self.sight.sent_of(file, in_place.COLUMNS[file], defendant.source_id)
        row = in_place.of_defendant(self.case, defendant, sent)
        sight = self.sight.with_sent(in_place.IN_PLACE_OF[file], sent, row.cps_source_id or defendant.source_id)
        return self._replace(case=row, sight=sight, defendant_rows=())

    @property
    def may_be_bailed(self) -> bool:
        """Return whether a row says that a suspect is on bail."""
        return self.case.on_bail or any(row.suspect_status is SuspectStatus.BAIL for row in self.suspect_rows)

    @property
    def may_be_sought(self) -> bool:
        """Return whether a row says that a suspect is at large or wanted."""
        return self.case.sought or any(row.suspect_status in SOUGHT for row in self.suspect_rows)

    @property
    def may_be_held(self) -> bool:
        """Return whether a row says that somebody is in custody, or when a custody time limit ends."""
        row = self.case
        told = row.held or row.in_custody or row.ctl_expires_on
        return bool(
            told
            or any(one.suspect_status is SuspectStatus.CUSTODY for one in self.suspect_rows)
            or any(one.in_custody or one.ctl_expires_on for one in self.defendant_rows)
        )

    @property
    def summary_offence(self) -> bool:
        """Return whether one of its offences can be prosecuted within six months only."""
        return not SUMMARY_ONLY.isdisjoint(stems(self.case.offence_codes))

    @property
    def status_day(self) -> date:
        """Return the day of the suspect's present status, as intake keeps it; the opening where there is none."""
        return self.case.status_on or self.case.opened_on

    @property
    def status_recorded_on(self) -> date | None:
        """Return the day that the source gives for the suspect's present status; None if it gives none."""
        row = self.case
        return row.status_changed_on if row.status_changed_on == row.status_on else None

    @property
    def pha_charged(self) -> bool:
        """Return whether it is charged with a stalking or harassment offence other than the breach of an order."""
        return self.charged and not CHARGED_IN_TIME.isdisjoint(stems(self.case.charged_codes))

    @property
    def charged_codes_unseen(self) -> str:
        """Return why nobody can see what the charge is; empty if it is seen, or nobody is charged."""
        if not self.charged or self.case.charged_codes:
            return ""
        return self.sight.blind(CHARGED_CODES, self.case.cps_source_id, OwedBy.CPS)

    @property
    def latest_quorate(self) -> date | None:
        """Return the day of the latest quorate joint review of any linked case."""
        return max((r.held_on for r in (*self.reviews, *self.linked_reviews) if r.counts), default=None)
