"""A form as a person fills it in: wrongly, rightly, and its answer on the first page of its run."""

import pytest

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(600)]


def filled(ui, name, **fields):
    """Open a form and fill in text by its labels."""
    ui.open(f"/deployments/deployment/{ui.newest('deployments', name=name)['id']}/run", until="Parameters")
