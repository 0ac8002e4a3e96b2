"""A person's act about a case, as a form and a command begin it and end it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple, Self, TypeVar

from config.days.london import london_day
from flows import round_steps
from flows.clock import working_moment
from flows.configured import configured
from flows.refresh import refresh
from flows.round_steps import Call, plainly
from flows.typed import case_reference
from models.rules.people.act import Act
from models.rules.references import CaseReference
from tasks.platform.configuration import Configuration

T = TypeVar("T")


class CaseAct(NamedTuple):
    """Whose act it is, on which case and when, and the way to call what does it."""

    configuration: Configuration
    act: Act
    case: CaseReference
    today: date
    at: datetime
    call: Call

    @classmethod
    def begin(cls, case: str, act: Act, as_of: datetime | None = None, call: Call = plainly) -> Self:
        """Begin an act on a case as it is typed. Raises Refuse for what names no case, and as `working_moment` does."""
        configuration, reference = configured(), case_reference(case)
        at = call("the moment", working_moment, as_of, reference.force_code)
        return cls(configuration, act, reference, london_day(at), at, call)

    def do(self, name: str, duty: Callable[..., T], *about: Any) -> T:
        """Do what is asked; it gets what it is about, whose act it is, and the moment."""
        return self.call(name, duty, self.configuration, *about, self.act, self.today, self.at)

    def project(self) -> None:
        """Project what has changed in the case's force."""
        force_code = self.case.force_code
        self.call("project what changed", refresh, self.configuration, self.today, self.at, force_code)

    def convene(self) -> None:
        """Run the joint reviews of the case's force, and send the invitations that follow."""
        round_steps.joint_reviews_now(self.configuration, self.case.force_code, self.today, self.at, self.call)
