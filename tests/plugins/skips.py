"""Name and count the skipped tests in the last line; with NO_SKIP=1, as in `.ci/run`, a skip fails.

Three reasons pass there too, and are named: what the machine forbids, a Python that it does not have, and a checkout
without the history of git.
"""

import os
from collections import Counter

import pytest

NOTHING_MAY_BE_SKIPPED = os.environ.get("NO_SKIP") == "1"
FORGIVEN = ("this machine forbids ", "this machine has no Python ", "this checkout has no history ")
_reasons: pytest.StashKey[Counter[str]] = pytest.StashKey()


def reason_of(report):
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)


def _told(report, config):
    if not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = reason_of(report)
    if NOTHING_MAY_BE_SKIPPED and not reason.startswith(FORGIVEN):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped (NO_SKIP=1): {reason}"
    else:
        config.stash.setdefault(_reasons, Counter())[reason] += 1
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _told((yield), item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _told((yield), collector.config)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Print the line after pytest's own closing line, and only where there are skips."""
    reasons = config.stash.get(_reasons, None)
    if not reasons:
        return
    named = "; ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
    print(f"{reasons.total()} skipped for want of what pip cannot give: {named}")  # noqa: T201
