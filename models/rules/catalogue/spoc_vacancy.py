from collections.abc import Iterator

from config.numbers import VacancyNumbers
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.organisation_facts import Post
from models.rules.result import Outcome, Owes, OwesNothing, Term


def spoc_vacancy(post: Post, numbers: VacancyNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Each force and CPS Area with a case in scope has a single point of contact, and a successor before one goes.

    Source: NPCC/CPS protocol of 23 May 2018: the system of SPOCs is strengthened in each force and Area. Number: local
    standard (`after_last` the last day on which there is one; `when_none`, of the earliest case, where none was named).
    """
    if post.filled:
        yield OwesNothing(post.subject, EndReason.MET, "a SPOC without a last day is recorded")
        return
    if post.last_day is not None:
        said, day, plus = "last day on which there is a SPOC", post.last_day, numbers.after_last
    elif post.earliest_opened_on is not None:
        said, day, plus = "no SPOC; earliest open stalking case opened", post.earliest_opened_on, numbers.when_none
    else:
        yield OwesNothing(post.subject, EndReason.OUT_OF_SCOPE, "no stalking case is open there")
        return
    due = calendar.plus(day, plus)
    yield Owes(post.subject, OwedBy(post.agency.value), due, (Term(said, day, plus, due),))
