"""Links to the forms, filled in as far as is known. They lead from a page of the Prefect UI to another of its own."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote


def form_path(deployment_id: str, filled: Mapping[str, Any]) -> str:
    """Return the path of a deployment's form, with these fields filled in."""
    return f"/deployments/deployment/{deployment_id}/run?parameters={quote(json.dumps(filled, default=str), safe='')}"
