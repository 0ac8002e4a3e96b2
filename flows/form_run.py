"""The run of a form, kept beside the name that its user gives."""

from prefect.runtime import flow_run

from config.doors import Door
from models.rules.people.act import Act


def by_form(by: str) -> Act:
    """Return the act of this run in the name of a contact. Prefect passes no sign-in on to a flow."""
    return Act(by, Door.FORM, str(flow_run.id))
