"""The choices of forms: each form of the Prefect server offers what there is to choose now."""

from datetime import date

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from config.london import london_day
from flows.clock import moment
from tasks.rounds.form_choices import choices


def offer_choices(today: date) -> None:
    """Offer the rules that are owed and the sittings of a day in the forms that are deployed.

    A form refuses any other choice until this is called again. Where there is nothing to choose, a field keeps its way
    of writing.
    """
    now = choices(today)
    with get_client(sync_client=True) as client:
        for form in ("acknowledge", "withdraw-acknowledgement"):
            _offer(client, form, "owed", now.rules_owed)
        _offer(client, "convene", "sitting", now.sittings_with_room)
        for form in ("record-review", "undo-review"):
            _offer(client, form, "sitting", now.sittings_held)


def main() -> None:
    """Offer what there is to choose now, on the server that Prefect's own settings name."""
    offer_choices(london_day(moment()))


def _offer(client: SyncPrefectClient, form: str, field: str, offered: list[str]) -> None:
    try:
        deployed = client.read_deployment_by_name(f"{form}/{form}")
    except ObjectNotFound:
        return
    schema = deployed.parameter_openapi_schema or {}
    described = {name: value for name, value in schema["properties"][field].items() if name != "enum"}
    described |= {"enum": offered} if offered else {}
    if described != schema["properties"][field]:
        schema["properties"][field] = described
        changed = {"parameter_openapi_schema": schema}
        client.request("PATCH", "/deployments/{id}", path_params={"id": deployed.id}, json=changed)


if __name__ == "__main__":
    main()
