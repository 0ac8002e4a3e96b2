"""The pages that operations open, the forms that people fill in, and the answers that they read there."""

import re

import pytest

from flows.forms.links import form_path
from tests.support.casebeat import casebeat, today

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # the first waits for the pages


def field(page, label):
    """A field of the form that is open, by its label."""
    return page.locator(".schema-form-property", has=page.get_by_text(re.compile(rf"^{label}( \(Optional\))?$")))


def fill(ui, name, given=(), **texts):
    """Open a form as a link does, with these values, and write into its fields."""
    deployed = ui.newest("deployments", name=name)
    ui.open(form_path(deployed["id"], dict(given)), "Parameters")
    for label, text in texts.items():
        field(ui.page, label).locator("textarea").fill(text)


def choose(ui, label, choice):
    """Choose from the list of a field of the form that is open."""
    field(ui.page, label).locator(".p-select-button__icon").click(force=True)
    ui.page.locator(".p-select-option", has_text=re.compile(rf"^\s*{choice}\s*$")).first.click()


def sent(ui):
    """Send the form that is open, and open the first page of its run once there is an answer."""
    ui.page.get_by_role("button", name="Submit").click()
    ui.page.wait_for_url("**?tab=Runs", timeout=60_000)
    ui.page.locator(f"a[href$='/flow-run/{ui.newest('flow_runs')['id']}']").first.click(timeout=60_000)
    ui.page.get_by_text(re.compile("^(Done|Refused|Failed): ")).first.wait_for(timeout=120_000)
    ui.page.get_by_text(re.compile("^(Completed|Refused|Failed)$")).first.wait_for(timeout=60_000)


def follow(ui, link, until):
    """Open the page to which a link leads, which a click opens in a window of its own."""
    ui.open(ui.page.get_by_role("link", name=link).get_attribute("href"), until)


def answer(ui):
    """Open the answer of the newest form."""
    ui.open(f"/artifacts/artifact/{ui.newest('artifacts', key='answer')['id']}", "answer")


def test_the_address_opens_the_status_and_its_menu_the_dashboard_with_the_round_that_failed(ui):
    ui.open("/", "The round of force 46")
    ui.page.get_by_text("Dashboard", exact=True).first.click()
    ui.page.get_by_text("daily-round", exact=True).first.wait_for()  # of those that failed, which are shown first
    assert ui.page.get_by_text("V2").count() == 0
    ui.keep("dashboard")
    ui.open("/v2/artifacts", "status")
    assert ui.page.url.endswith("/artifacts")
    assert "/v2/" not in ui.page.url


def test_the_page_of_the_round_names_the_force_that_failed_and_leads_to_a_form(ui):
    ui.open(f"/artifacts/artifact/{ui.newest('artifacts', key='daily-round')['id']}", "Daily round of")
    ui.page.get_by_text("orce 46 failed").first.wait_for()
    ui.keep("round")
    follow(ui, "Report an action as done", "The action's reference, as A1.")


def test_the_run_of_the_round_shows_how_it_ended(ui):
    run = ui.newest("flow_runs", name=f"daily-round {today()}")
    ui.open(f"/runs/flow-run/{run['id']}?tab=Artifacts", "daily-round")
    assert run["state_type"] == "FAILED"
    ui.page.get_by_text("Failed", exact=True).first.wait_for()


def test_a_form_filled_wrongly_is_not_sent_and_says_in_words_how_to_write_it(ui):
    fill(ui, "complete-action", {"done_on": str(today()), "by": "P1"}, Case="Jane was here", Action="A1")
    ui.page.get_by_role("button", name="Submit").click()
    ui.page.get_by_text("Write the force, a slash and the case reference, as 45/1234").first.wait_for()
    assert ui.page.get_by_text("[A-Za-z0-9").count() == 0
    ui.keep("form-wrong")


def test_a_form_offers_the_sittings_with_room(ui):
    fill(ui, "convene", {}, Case="45/C1")
    field(ui.page, "Sitting").locator(".p-select-button__icon").click(force=True)
    ui.page.get_by_text(re.compile(r"^45-south-east-\d{4}-\d\d-\d\d$")).first.wait_for()
    ui.keep("form-choices")


def test_a_form_filled_rightly_is_answered_on_the_first_page_of_its_run_and_has_its_effect(ui):
    fill(ui, "complete-action", {"done_on": str(today())}, Case="45/C1", Action="A1")
    choose(ui, "By", "P1")
    sent(ui)
    ui.page.get_by_text(re.compile("^Done: .*45/C1")).first.wait_for()
    ui.keep("form-done")
    assert "P1 said that action A1 was done" in casebeat(ui.home, "explain", "45/C1").stdout
    answer(ui)
    follow(ui, "Take it back", "Parameters")
    assert field(ui.page, "Action").locator("textarea").input_value() == "A1"


def test_a_form_that_is_refused_is_not_red_and_its_answer_leads_back_to_it(ui):
    fill(ui, "complete-action", {"done_on": str(today()), "by": "SP1"}, Case="45/C2", Action="A9")
    sent(ui)
    ui.page.get_by_text("45/C2 has no action A9").first.wait_for()
    assert ui.page.get_by_text("Traceback").count() == 0
    assert ui.newest("flow_runs", name="complete-action")["state_type"] == "COMPLETED"
    answer(ui)
    ui.keep("form-answer")
    follow(ui, "Correct the form", "Parameters")
    assert field(ui.page, "Action").locator("textarea").input_value() == "A9"
    field(ui.page, "By").get_by_text("SP1", exact=True).first.wait_for()


def test_an_undo_form_is_filled_wrongly_then_rightly_and_has_its_effect_and_an_answer(ui):
    assert casebeat(ui.home, "complete-action", "45/C3", "A3", "--by", "P1", CASEBEAT_CLOCK="real").returncode == 0
    fill(ui, "undo-completion", {}, Case="45/C3", Action="not one")
    choose(ui, "By", "P1")
    ui.page.get_by_role("button", name="Submit").click()
    ui.page.get_by_text("Write the action's reference, as A1").first.wait_for()
    field(ui.page, "Action").locator("textarea").fill("A3")
    sent(ui)
    ui.page.get_by_text(re.compile("^Done: .*45/C3")).first.wait_for()
    assert "It gave way" in casebeat(ui.home, "explain", "45/C3").stdout
    answer(ui)
    ui.page.get_by_role("link", name="Fill in the form again").wait_for()


def test_the_checklist_is_ticked_and_its_answer_lists_what_is_missing_with_the_victims_safety_first(ui):
    fill(ui, "checklist", {"by": "P1"}, Case="45/C1")
    choose(ui, "There", "C03 Risk assessment: the tool, the level, the day")
    ui.page.keyboard.press("Escape")
    sent(ui)
    answer(ui)
    shown = ui.page.locator("table td:first-child").all_inner_texts()
    assert shown[:3] == ["C02", "C06", "C12"]
    assert len(shown) == 14
