"""The facts of one case as plain values. A rule reads nothing else."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from config.terms import (
    ActionSource,
    Agency,
    Classification,
    FinalisedReason,
    OwedBy,
    Risk,
)
from models.rules.case_row import CaseRow
from models.rules.offences import CHARGED_IN_TIME, SUMMARY_ONLY, classify, stems
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

DECISION_ON = SentColumn("referrals.csv", "decision_on")
CHARGED_CODES = SentColumn("cps_cases.csv", "charged_codes")


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

    @property
    def police_answer_action_plan(self) -> bool:
        """Return whether police owe a live action-plan action: the file is with them until they answer it."""
        return any(
            a.live and a.source is ActionSource.ACTION_PLAN and a.owner_agency is Agency.POLICE for a in self.actions
        )

    @property
    def referrals_under_way(self) -> list[ReferralFact]:
        """Return the undecided referrals. One whose source sends no decisions is not known to be undecided."""
        return [
            row for row in self.referrals if row.undecided and self.sight.sees(DECISION_ON, row.source_id, OwedBy.CPS)
        ]
