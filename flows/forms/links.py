"""Links to the forms, filled in as far as is known. They lead from a page of the Prefect UI to another of its own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound


class FormLink(NamedTuple):
    """A link to a form, and the fields that it fills in."""

    words: str
    form: str
    filled: Mapping[str, Any] = {}


def form_path(deployment_id: object, filled: Mapping[str, Any]) -> str:
    """Return the path of a deployment's form, with these fields filled in."""
    return f"/deployments/deployment/{deployment_id}/run?parameters={quote(json.dumps(filled, default=str), safe='')}"


def linked(*wanted: FormLink) -> str:
    """Return a paragraph of links to forms, in Markdown; empty if none of them is deployed."""
    found = " · ".join(_links(wanted))
    return f"\n\n{found}\n" if found else ""


def _links(wanted: tuple[FormLink, ...]) -> Iterator[str]:
    with get_client(sync_client=True) as client:
        for link in wanted:
            try:
                deployed = client.read_deployment_by_name(f"{link.form}/{link.form}")
            except ObjectNotFound:
                continue
            yield f"[{link.words}]({form_path(deployed.id, link.filled)})"
