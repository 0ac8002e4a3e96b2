"""The pages that operations open: the dashboard, the day's round, the force that failed."""

import pytest

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(600)]


def test_the_dashboard_shows_the_rounds_and_the_red_one(ui):
    ui.open("/dashboard", until="Flow Runs")
