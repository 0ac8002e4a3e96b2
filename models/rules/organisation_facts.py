"""The facts of the rules that belong to no case, read across the whole book: small values, one for each subject."""

from datetime import date
from typing import NamedTuple

from config.duration import Duration
from config.terms import Agency


class Feed(NamedTuple):
    """A source that has sent before: the London day of its latest extract, and how long it may then be silent."""

    source: str
    last_extracted_on: date
    stale_after: Duration

    @property
    def subject(self) -> str:
        """What an obligation about it names."""
        return f"source:{self.source}"


class Training(NamedTuple):
    """What a contact holds of one course: whether once for all, else the latest day on which it expires, if any."""

    for_good: bool = False
    expires_on: date | None = None


class Learner(NamedTuple):
    """A contact who has to be trained. `counts_from` is when their time to learn began, where no day is given for it.

    Of a SPOC that is the day first seen; of a prosecutor the earliest opening of the open stalking cases they have,
    which is sought for those alone for whom it decides.
    """

    contact_ref: str
    agency: Agency
    withdrawn: bool  # their source no longer names them
    left: bool  # their last day has passed
    active_from: date | None
    counts_from: date | None
    training: Training

    @property
    def subject(self) -> str:
        """What an obligation about them names."""
        return f"contact:{self.contact_ref}"


class Post(NamedTuple):
    """A force or CPS Area with a case in scope, and its SPOCs' time there: one is `filled` who has no last day.

    `last_day` is the latest of those who have one. `earliest_opened_on` is that of its cases in scope, and is known
    where there is no SPOC at all.
    """

    agency: Agency
    place: str
    filled: bool
    last_day: date | None
    earliest_opened_on: date | None

    @property
    def subject(self) -> str:
        """What an obligation about it names."""
        return f"{'force' if self.agency is Agency.POLICE else 'area'}:{self.place}"


Facts = Feed | Learner | Post
