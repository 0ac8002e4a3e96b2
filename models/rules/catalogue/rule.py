"""What a rule is: its function, and the words that are said of it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from models.rules.result import Outcome

RAISED_HERE = "JR-"  # how the references begin of the reviews that people record here, and of the actions these raise
_REPORTED = (
    "The action is reported as done (casebeat complete-action, its form, or a reply): it was raised here, at a joint "
    "review."
)


class Rule(NamedTuple):
    """A rule and its words. A rule that is not per case has facts of another kind, and its own evaluation."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    title: str
    ends_when: str  # the one fact that would end it, and where it is recorded
    why_it_protects: str
    recurring: bool = False
    per_case: bool = True
    all_numbers: bool = False  # its function takes the numbers of every rule, not only its own

    def ends(self, subject: str) -> str:
        """The one fact that would end what is owed of a subject: no source records what a review raised here."""
        return _REPORTED if subject.startswith(f"action:{RAISED_HERE}") else self.ends_when
