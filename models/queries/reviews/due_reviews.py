"""The columns of a due joint review that decide its place at a sitting, as one nested value of a row."""

from datetime import date
from typing import NamedTuple

from config.terms import Risk
from models.rules.obligations.severity import severity
from models.rules.reviews.convening import DueCase, HeldPlace, risk_of

# The columns of a row's `review`, of a case `c` and its joint review `o`. A case that was convened to `v` and owes no
# review any more is as late as the review that it was convened for.
REVIEW = """c.case_ref as "review.case_ref", c.risk as "review.risk",
       coalesce(o.due_on, v.due_on) as "review.due_on", coalesce(o.remind_on, v.due_on) as "review.remind_on",
       coalesce(o.escalate_on, v.due_on) as "review.escalate_on",
       coalesce(o.done_on, c.opened_on) as "review.last_on\""""
READS = {"review.risk": risk_of}  # a risk that a later version of this code wrote is unknown


class ConvenableReview(NamedTuple):
    """A joint review that is owed or convened, with its case's last review day (or its opening)."""

    case_ref: str
    risk: Risk
    due_on: date
    remind_on: date
    escalate_on: date
    last_on: date

    def due(self, today: date, place: HeldPlace | None = None) -> DueCase:
        """Return it as the rule of convening reads it, with today's severity and the place that it has already."""
        is_now = severity(self.due_on, self.remind_on, self.escalate_on, today)
        return DueCase(self.case_ref, self.risk, is_now, self.due_on, self.last_on, place)
