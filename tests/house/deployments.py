"""The deployments of prefect.yaml."""

import yaml

from tests.house.source import ROOT

TEXT = (ROOT / "prefect.yaml").read_text("utf-8")
FILE = yaml.safe_load(TEXT)
DEPLOYMENTS = {deployment["name"]: deployment for deployment in FILE["deployments"]}
