"""Makes the automations of `automations.yaml` in Prefect's server: each once, by its name, however often it is run.

`python -m tasks.rounds.assurance.automations` does so on the server that PREFECT_API_URL names.
"""

import sys
from pathlib import Path
from typing import Any

import yaml

from models.errors import Refuse
from tasks.servers.prefect_api import Api

FILE = Path(__file__).parents[3] / "automations.yaml"


def apply(api: Api) -> int:
    """Create or update every automation of the file, and return how many there are. Raises OSError as `Api.ask` does.

    One that operations switched off stays off. Raises Refuse if a deployment that one of them runs is missing.
    """
    declared = yaml.safe_load(FILE.read_text("utf-8"))["automations"]
    for one in resolved(api, declared):
        body = {"automations": {"name": {"any_": [one["name"]]}}}
        if found := api.ask("POST", "automations/filter", body):
            api.ask("PUT", f"automations/{found[0]['id']}", {**one, "enabled": found[0]["enabled"]})
        else:
            api.ask("POST", "automations/", one)
    return len(declared)


def names() -> list[str]:
    """Return the name of each automation of the file."""
    return [declared["name"] for declared in yaml.safe_load(FILE.read_text("utf-8"))["automations"]]


def resolved(api: Api, part: Any) -> Any:
    """Return a part of the file: `@flow/deployment` becomes the deployment's id, and a list in a list a part of it."""
    if isinstance(part, dict):
        return {key: resolved(api, value) for key, value in part.items()}
    if isinstance(part, list):
        values = ([one] if not isinstance(one, list) else one for one in part)
        return [resolved(api, one) for value in values for one in value]
    if not (isinstance(part, str) and part.startswith("@")):
        return part
    answer = api.ask("GET", f"deployments/name/{part[1:]}")
    if answer is None:
        raise Refuse(f"{part[1:]} is not deployed: run casebeat prefect --no-prompt deploy --all first.")
    return answer["id"]


def main() -> None:
    """Make the automations on the server that Prefect's own settings name."""
    api = Api.of_environment()
    if api is None:
        sys.exit("Set PREFECT_API_URL to the server's API.")
    sys.stdout.write(f"{apply(api)} automations are made.\n")


if __name__ == "__main__":
    main()
