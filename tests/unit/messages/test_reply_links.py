"""The links by which a reader answers a message: for whom there are any, and what their subject says."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from config.terms import Addressee
from flows.configured import configured
from models.queries.obligations.obligation_views import NotificationView
from tasks.messages import reply_links
from tasks.messages.offers import NO_OFFER, Offer
from tasks.platform import tokens
from tasks.platform.tokens import Purpose
from tests.worlds.messages import TODAY, owed, reader

OFFER = Offer(date(2026, 3, 19), done=True, not_mine=True, show=True)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    return monkeypatch


@pytest.fixture
def replies(home: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Replies are read from a folder of this machine."""
    home.setenv("CASEBEAT_REPLIES__MAILDIR", str(tmp_path))
    home.setenv("CASEBEAT_REPLIES__ADDRESS", "replies@surrey.police.uk")
    return home


def subject(link: str) -> str:
    return parse_qs(urlsplit(link).query)["subject"][0]


def told(**changed: object) -> NotificationView:
    return owed("action", 3)._replace(
        addressee=Addressee.OWNER, matter=owed("action", 3, subject="action:A1").matter._replace(**changed)
    )


@pytest.mark.usefixtures("replies")
def test_a_reader_has_links_and_operations_have_none() -> None:
    assert reply_links.for_standing(configured(), reader(), TODAY).startswith(
        "mailto:replies@surrey.police.uk?subject="
    )
    assert reply_links.for_standing(configured(), None, TODAY) == ""
    assert reply_links.for_item(configured(), told(), reader(), TODAY, OFFER) is not None
    assert reply_links.for_item(configured(), told(), None, TODAY, OFFER) is None


@pytest.mark.usefixtures("replies")
def test_what_is_of_no_case_or_has_ended_has_none() -> None:
    assert reply_links.for_item(configured(), told(case_ref=None), reader(), TODAY, OFFER) is None
    assert reply_links.for_item(configured(), told(ended_on=TODAY), reader(), TODAY, OFFER) is None


@pytest.mark.usefixtures("replies")
def test_each_link_is_offered_by_itself() -> None:
    assert reply_links.for_item(configured(), told(), reader(), TODAY, NO_OFFER) is None
    for name, link in (("until", "have_it"), ("done", "done"), ("not_mine", "not_mine"), ("show", "show")):
        offer = NO_OFFER._replace(**{name: OFFER.until if name == "until" else True})
        found = reply_links.for_item(configured(), told(), reader(), TODAY, offer)
        assert found is not None
        assert [of for of in ("have_it", "done", "not_mine", "show") if getattr(found, of)] == [link]


@pytest.mark.usefixtures("home")
def test_without_a_mailbox_nobody_has_any() -> None:
    assert reply_links.for_standing(configured(), reader(), TODAY) == ""
    assert reply_links.for_item(configured(), told(), reader(), TODAY, OFFER) is None
    assert (
        reply_links.for_matter(configured(), reader(), "45/1", 1, TODAY)
        == reply_links.for_act(configured(), reader(), "45/1", 1, TODAY)
        == ""
    )


@pytest.mark.parametrize(("subjects", "named"), [("full", True), ("bare", False)])
def test_the_subject_names_the_rule_unless_subjects_are_bare(
    replies: pytest.MonkeyPatch, subjects: str, named: bool
) -> None:
    replies.setenv("CASEBEAT_MAIL__SUBJECTS", subjects)
    found = reply_links.for_item(configured(), told(), reader(), TODAY, OFFER)
    assert found is not None
    assert subject(found.show).startswith("Casebeat 45/45/1 action [" if named else "Casebeat 45/45/1 [")


@pytest.mark.usefixtures("replies")
def test_a_long_reference_is_cut_and_the_key_is_whole() -> None:
    found = subject(reply_links.for_matter(configured(), reader(), "45/" + "7" * 200, 1, TODAY))
    assert found.index(" [") == 80
    assert found.endswith("]")


@pytest.mark.usefixtures("replies")
def test_the_key_of_a_link_names_its_row_and_that_of_the_status_none() -> None:
    links = (
        reply_links.for_standing(configured(), reader(), TODAY),
        reply_links.for_matter(configured(), reader(), "45/1", 7, TODAY),
    )
    keys = [tokens.read(subject(link).partition("[")[2].rstrip("]"), Purpose.REPLY, TODAY) for link in links]
    assert [key.row_id for key in keys] == [0, 7]


@pytest.mark.usefixtures("replies")
def test_each_reader_matter_and_act_has_a_key_of_its_own() -> None:
    links = [
        reply_links.for_matter(configured(), reader(ref), "45/1", id_, TODAY) for ref in ("P1", "P2") for id_ in (1, 2)
    ]
    links += [
        reply_links.for_act(configured(), reader(), "45/1", 1, TODAY),
        reply_links.for_standing(configured(), reader(), TODAY),
    ]
    assert len(set(links)) == 6
    assert subject(reply_links.for_act(configured(), reader(), "", 1, TODAY)).startswith("Casebeat [")


@pytest.mark.parametrize(
    ("last_day", "to"),
    [(None, "oic@x.uk,sup@x.uk"), ("2026-03-12", "oic@x.uk,sup@x.uk"), ("2026-03-11", "sup@x.uk")],
)
def test_a_mail_about_a_grade_goes_to_nobody_who_has_left(last_day: str | None, to: str) -> None:
    people = {"OIC": ("An Officer", "oic@x.uk", last_day), "SUP": ("A Supervisor", "sup@x.uk", None)}
    about = told(oic_ref="OIC", supervisor_ref="SUP", people=people).matter
    assert urlsplit(reply_links.for_grade(about, reader(), TODAY)).path == to


def test_there_is_no_mail_about_a_grade_where_everybody_has_left_or_is_not_known() -> None:
    gone = {"OIC": ("An Officer", "oic@x.uk", "2026-03-11")}
    assert reply_links.for_grade(told(oic_ref="OIC", supervisor_ref="SUP", people=gone).matter, None, TODAY) == ""
