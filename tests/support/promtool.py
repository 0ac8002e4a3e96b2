"""Prometheus's own tool: which alerts of a file of rules fire while an installation shows what it shows."""

import math
import re
import shutil
import subprocess
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not here: needs apt-get install prometheus"
)
BEGINS = 8 * 60  # minutes after midnight, from when on it shows so
EVERY = 5  # minutes between two looks of Prometheus, since each costs the tool time
_ENDLESS = 1e12  # promtool reads no endless value


def check(rules: Path) -> tuple[int, str]:
    """Let promtool read the rules as Prometheus does; return its exit code and what it says."""
    done = subprocess.run(["promtool", "check", "rules", rules], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def moment(shown: bytes, minutes: int, *firing: str) -> dict[str, object]:
    """A test of promtool's: what is `shown` from eight on lets exactly these alerts fire after so many minutes."""
    fires = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(firing)]
    asked = 'count by (alertname) (count by (alertname, severity) (ALERTS{alertstate="firing"}))'
    values = f"_x{BEGINS // EVERY} {{}}x{minutes // EVERY}"
    return {
        "interval": f"{EVERY}m",
        "input_series": [{"series": name, "values": values.format(value)} for name, value in _series(shown)],
        "promql_expr_test": [{"expr": asked, "eval_time": f"{BEGINS + minutes}m", "exp_samples": fires}],
    }


def silence(looks: Iterable[tuple[int, bytes]], until: int) -> dict[str, object]:
    """A test of promtool's: of what is shown at these minutes, and until the next look, no alert ever fires."""
    at, shown = zip(*looks, strict=True)
    lengths = [after - before for before, after in pairwise((*at, until))]
    values = [dict(_series(each)) for each in shown]
    series = [
        {"series": name, "values": " ".join(_run(each.get(name), n) for each, n in zip(values, lengths, strict=True))}
        for name in dict.fromkeys(name for each in values for name in each)
    ]
    fired = {
        "expr": f'sum by (alertname) (count_over_time(ALERTS{{alertstate="firing"}}[{until}m]))',
        "eval_time": f"{until - EVERY}m",
    }
    return {"interval": f"{EVERY}m", "input_series": series, "promql_expr_test": [{**fired, "exp_samples": []}]}


def _run(value: float | None, minutes: int) -> str:
    return f"_x{minutes // EVERY}" if value is None else f"{value}x{minutes // EVERY - 1}"


def run(rules: Path, moments: list[dict[str, object]], folder: Path) -> str:
    """Let promtool test the moments, and return what it finds wrong."""
    file = folder / "moments.yaml"
    file.write_text(
        yaml.safe_dump({"rule_files": [str(rules)], "evaluation_interval": f"{EVERY}m", "tests": moments}), "utf-8"
    )
    done = subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def names(shown: bytes) -> set[str]:
    """The names of the figures that are shown."""
    return {family.name for family in text_string_to_metric_families(shown.decode())}


def _series(shown: bytes) -> Iterable[tuple[str, float]]:
    for family in text_string_to_metric_families(shown.decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            yield f"{sample.name}{{{labels}}}", _ENDLESS if math.isinf(sample.value) else sample.value


def named_in(expression: str) -> set[str]:
    """The names of the figures in an expression."""
    return set(re.findall(r"casebeat_[a-z_]+", expression))
