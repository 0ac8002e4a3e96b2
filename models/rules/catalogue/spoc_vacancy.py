from collections.abc import Iterator

from config.numbers import VacancyNumbers
from config.terms import Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.organisation_facts import PostFact
from models.rules.result import Outcome, Owes, OwesNothing, Term


def spoc_vacancy(post: PostFact, numbers: VacancyNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Each force and CPS Area with a case in scope has a SPOC, and names a successor before the last one leaves.

    Source: NPCC/CPS protocol of 23 May 2018: the system of SPOCs is strengthened in each force and Area. Number: local
    standard (`after_last` from the last day with a SPOC; `when_none` from the earliest case, where there never was
    one).
    """
    if post.filled:
        yield OwesNothing(
            post.subject,
            EndReason.MET,
            "a SPOC without a last day is recorded",
            said="a SPOC without a last day was recorded",
        )
        return
    if post.last_day is not None:
        fact, day, plus = "last day on which there is a SPOC", post.last_day, numbers.after_last
    elif post.earliest_opened_on is not None:
        fact, day, plus = "no SPOC; earliest open stalking case opened", post.earliest_opened_on, numbers.when_none
    else:
        yield OwesNothing(
            post.subject,
            EndReason.OUT_OF_SCOPE,
            "no stalking case is open there",
            said="no stalking case is open there any more",
        )
        return
    due = calendar.plus(day, plus)
    yield Owes(post.subject, OwedBy(post.agency.value), due, (Term(fact, day, plus, due),))


RULE = Rule(
    "spoc-vacancy",
    spoc_vacancy,
    "SPOC to be named",
    "A SPOC without a last day is recorded (contacts.csv: roles spoc; force_code or cps_area; active_to empty).",
    "Where nobody is the single point of contact, a stalled case is reported to nobody.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    about=About.POST,
    side="police; CPS",
)
