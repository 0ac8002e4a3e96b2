"""The status as operations reach it: from any run, with the force that failed first, and on to the other pages."""

import re

import pytest

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # the first waits for the pages


def ended(ui, flow):
    """The newest run of a flow, once it has ended."""
    for _ in range(120):
        run = ui.newest("flow_runs", deployment_id=ui.newest("deployments", name=flow)["id"])
        if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED"}:
            return run
        ui.page.wait_for_timeout(1_000)
    pytest.fail(f"{flow} has not ended")


def test_a_run_leads_to_the_status_and_the_status_to_the_round(ui):
    ui.open(f"/runs/flow-run/{ended(ui, 'daily-round')['id']}", until="Job Variables")
    ui.page.get_by_text("Artifacts", exact=True).last.click()
    ui.page.get_by_text("Status: ").first.click()
    with ui.page.context.expect_page() as opened:
        ui.page.get_by_role("link", name="Status of Casebeat").click()
    opened.value.get_by_text("The round of force 46").wait_for(timeout=60_000)
    path = opened.value.url.partition("/artifacts/")[2]
    opened.value.close()
    ui.open(f"/artifacts/{path}", until="The round of force 46")
    assert ui.page.get_by_text("casebeat run --force 46").count() == 1
    assert "C9" not in ui.page.content()
    ui.keep("status")
    with ui.page.context.expect_page() as opened:
        ui.page.get_by_role("link", name="The day's round").click()
    opened.value.get_by_text("Round of").first.wait_for(timeout=60_000)
    opened.value.close()


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("The day's round", "Round of "),
        ("Joint reviews", "Joint reviews, their places"),
        ("All pages", "daily-round"),
        ("Take on an obligation", "The rule under which it is owed"),
        ("Report an action as done", "The action's reference, as A1."),
        ("Move a case to another sitting", "The sitting, as 45-south-east"),
    ],
)
def test_each_link_of_the_status_leads_to_what_it_names(ui, link, named):
    page = ui.newest("artifacts", key="status")
    leads = dict(re.findall(r"\[([^]]+)\]\((/[^)]+)\)", page["data"]))
    ui.open(leads[link], until=named)


def test_the_list_of_pages_shows_the_state_beneath_the_name(ui):
    ended(ui, "daily-round")
    ui.open("/artifacts", until="status")
    ui.page.get_by_text("is wrong").or_(ui.page.get_by_text("are wrong")).first.wait_for(timeout=60_000)
