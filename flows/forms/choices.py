"""The choices of forms: each form of the Prefect server offers what there is to choose now."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from config.days.london import london_day
from flows.clock import moment
from tasks.rounds.form_choices import choices


def offer_choices(today: date) -> None:
    """Offer the rules that are owed, the sittings of a day, and the people who may act in the forms that are deployed.

    A form refuses any other choice until this is called again. Where there is nothing to choose, or too much, a field
    keeps its way of writing.
    """
    now = choices(today)
    owed = {"owed": now.rules_owed, "by": now.may_report}
    held = {"sitting": now.sittings_held, "by": now.may_report}
    acting = {"by": now.may_act}
    forms = {
        "acknowledge": owed, "withdraw-acknowledgement": owed, "record-review": held, "undo-review": held,
        "convene": {"sitting": now.sittings_with_room, **acting}, "undo-move": acting,
        "held-extract": {"extract": now.held_extracts},
        "complete-action": acting, "undo-completion": acting, "checklist": acting,
        "confirm-risk": acting, "undo-confirmation": acting,
    }  # fmt: skip
    with get_client(sync_client=True) as client:
        for form, offered in forms.items():
            _offer(client, form, offered)


def main() -> None:
    """Offer what there is to choose now, on the server that Prefect's own settings name."""
    offer_choices(london_day(moment()))


def _offer(client: SyncPrefectClient, form: str, offered: Mapping[str, Sequence[str]]) -> None:
    try:
        deployed = client.read_deployment_by_name(f"{form}/{form}")
    except ObjectNotFound:
        return
    schema = deployed.parameter_openapi_schema or {}
    fields = schema["properties"]
    described = {name: _described(fields[name], codes) for name, codes in offered.items()}
    if any(described[name] != fields[name] for name in described):
        changed = {"parameter_openapi_schema": {**schema, "properties": fields | described}}
        client.request("PATCH", "/deployments/{id}", path_params={"id": deployed.id}, json=changed)


def _described(field: Mapping[str, Any], offered: Sequence[str]) -> dict[str, Any]:
    kept = {name: value for name, value in field.items() if name != "enum"}
    return kept | ({"enum": list(offered)} if offered else {})


if __name__ == "__main__":
    main()
