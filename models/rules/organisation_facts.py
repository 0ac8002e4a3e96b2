"""The facts of the rules without a case, gathered across the whole book: one small value for each subject."""

from datetime import date
from typing import NamedTuple

from config.days.duration import Duration
from config.terms import Agency
from models.rules.sight import SentColumn


class FeedFact(NamedTuple):
    """A source that has sent before: the London day of its latest extract, and the silence after which it is stale."""

    source: str
    last_extracted_on: date
    stale_after: Duration

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about it."""
        return f"source:{self.source}"


class FileFact(NamedTuple):
    """A file that a source sent before, or should have: the London day of the latest extract with it.

    `left_out_on` is that of the first extract since that left it out; None while it comes.
    """

    source: str
    file: str
    sent_on: date | None
    left_out_on: date | None

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about it."""
        return f"source:{self.source}/{self.file}"


class ExpectedFact(NamedTuple):
    """A source that the policy expects and that never came, and the day since when it is missed."""

    source: str
    since: date

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about it."""
        return f"source:{self.source}"


class ColumnsFact(NamedTuple):
    """A source, the columns that it lacks and a duty needs, and the London day since when the first of them is lacking.

    Columns that only duties need which the policy accepts as unseen are left out.
    """

    source: str
    lacking: tuple[SentColumn, ...]
    first_lacked_on: date | None  # None: it lacks none

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about it."""
        return f"source:{self.source}"


class TrainingFact(NamedTuple):
    """A contact's record for one course: valid for good, or the latest day on which it expires, if any."""

    for_good: bool = False
    expires_on: date | None = None
    completed_on: date | None = None  # of what is valid for good


class LearnerFact(NamedTuple):
    """A contact who needs training. If no start day is recorded, their time to train starts with a case or when seen.

    The earliest opening day of a prosecutor's open stalking cases is looked up only for those whose answer depends on
    it; without one the day on which a source first named the contact counts, and without that they need no training.
    """

    contact_ref: str
    agency: Agency
    withdrawn: bool  # their source no longer sends them
    left: bool  # their last day has passed
    active_from: date | None
    earliest_case_on: date | None
    first_seen_on: date | None
    training: TrainingFact
    seen: bool = True  # a source that would tell of their training sends it

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about them."""
        return f"contact:{self.contact_ref}"


class PostFact(NamedTuple):
    """A force or CPS Area with a case in scope, and its SPOC cover. It is `filled` if a SPOC has no last day.

    `last_day` is the latest of the SPOCs' last days. `earliest_opened_on` is the earliest opening day of its cases in
    scope, and is known only if there is no SPOC at all.
    """

    agency: Agency
    place: str
    filled: bool
    last_day: date | None
    earliest_opened_on: date | None

    @property
    def subject(self) -> str:
        """Return the subject of an obligation about it."""
        return f"{'force' if self.agency is Agency.POLICE else 'area'}:{self.place}"


OrganisationFact = FeedFact | FileFact | ExpectedFact | ColumnsFact | LearnerFact | PostFact
