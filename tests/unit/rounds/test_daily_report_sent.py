"""Whether a round's report is sent, once a day or as a correction, and what of the week is in it."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from models.queries.audit_log.seals import Head
from models.queries.intake.guards import UnknownBarred
from models.queries.intake.offence_codes import UnwatchedCases
from tasks.obligations.coverage import NO_NEWS
from tasks.obligations.projection import ProjectionAccount
from tasks.rounds import daily_report
from tasks.rounds.verdict import ForceLine, RoundContent
from tests.worlds.days import day

TUESDAY = day("Tue 17 Mar 2026")
ACCOUNT = ProjectionAccount("45", to_project=3, open_cases=2, evaluated=2, unchanged=1, failed=0, changes=1)
WELL = RoundContent((ForceLine("45", ACCOUNT, 2, 1, 4, None),), expected=("45",))
NEWS = NO_NEWS._replace(again=(("niche", "rule"),), now="[1]")


class Reports:
    """The reports that were sent, and what the installation knows beside them."""

    def __init__(self):
        self.sent, self.switches, self.told, self.unknown, self.unwatched = [], {}, [], [], []
        self.limits = []
        self.news, self.head, self.well, self.panelless, self.before = (
            NO_NEWS,
            None,
            True,
            [("45", "South East")],
            False,
        )

    def asked(self, *_):
        """Whether a report of the week was sent before, as it is asked for."""
        return self.before

    def send(self, content=WELL, on=TUESDAY):
        """Send a report, and return what is new of keys."""
        before = len(self.sent)
        daily_report.send(configured(), content, on, at_london(on))
        return [key for key, _ in self.sent[before:]]

    def text(self):
        return self.sent[-1][1]


@pytest.fixture
def reports(monkeypatch):
    made = Reports()
    put = monkeypatch.setattr
    put(daily_report, "transaction", nullcontext)
    put("models.queries.rounds.rounds.switch", lambda _, name: made.switches.get(name))
    put("models.queries.rounds.rounds.set_switch", lambda _, name, value, __: made.switches.update({name: value}))
    put("models.queries.outbox.digests.operations", lambda _, key, __, text, ___, ____: made.sent.append((key, text)))
    put("models.queries.outbox.outbox_list.is_held", lambda _: False)
    put("models.queries.rounds.assurance.alone", lambda _: None)
    put("models.queries.audit_log.seals.head", lambda _: made.head)
    put("tasks.obligations.coverage.news", lambda _: made.news)
    put("tasks.obligations.coverage.keep_told", lambda news, _: made.told.append(news))
    put(daily_report, "health", lambda *_: (made.well, "Nobody listens."))
    put(daily_report, "without_panel", lambda *_: made.panelless)
    put("models.queries.intake.guards.unknown_barred", lambda _: made.unknown)
    put("models.queries.intake.offence_codes.unwatched", lambda _: made.unwatched)
    put("models.queries.intake.waiting_cases.limits", lambda *_: made.limits)
    put("models.queries.rounds.summary.daily_message_since", lambda _, monday, today: made.asked(monday, today))
    return made


def test_a_second_round_of_the_day_that_found_the_same_sends_nothing(reports):
    assert reports.send() == ["daily:2026-03-17"]
    assert not reports.text().startswith("Corrected")
    unchanged = ACCOUNT._replace(evaluated=0, unchanged=3, changes=0)
    again = WELL._replace(lines=(WELL.lines[0]._replace(account=unchanged, chased=0, escalated=0, said=0),))
    assert reports.send(again) == [], "nothing is evaluated again, and steps are not taken again"
    assert list(reports.switches) == ["daily"], "as it was kept by the version before"
    assert reports.send(on=TUESDAY + timedelta(days=1)) == ["daily:2026-03-18"]


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": (WELL.lines[0]._replace(account=ACCOUNT._replace(to_project=4, evaluated=3)),)},
        {"lines": (WELL.lines[0]._replace(account=ACCOUNT._replace(open_cases=3)),)},
        {"failures": (("letters", "OSError"),)},
        {"lines": (WELL.lines[0]._replace(account=None, failure="OSError"),)},
    ],
)
def test_another_account_of_the_day_is_a_correction_each_with_its_number(reports, changed):
    reports.send()
    assert reports.send(WELL._replace(**changed)) == ["daily:2026-03-17:r2"]
    assert reports.text().startswith("Corrected: ")
    assert "This replaces the earlier report of Tue 17 Mar 2026." in reports.text()
    assert reports.send(WELL._replace(**changed)) == []
    assert reports.send() == ["daily:2026-03-17:r3"]


def test_what_a_person_should_only_look_at_is_no_other_account(reports):
    reports.send()
    assert reports.send(WELL._replace(asked="look at the clock")) == []


def test_news_of_what_can_be_seen_is_sent_though_the_account_is_the_same_and_kept_as_told(reports):
    reports.send()
    assert reports.told == []
    reports.news = NEWS
    assert reports.send() == ["daily:2026-03-17:r2"]
    assert "niche: rule can be seen again" in reports.text()
    assert reports.told == [NEWS]


def test_a_round_of_one_force_has_a_report_of_its_own_without_the_news_of_the_whole(reports):
    reports.news = NEWS
    part = WELL._replace(only="45")
    assert reports.send(part) == ["daily:2026-03-17:45"]
    assert "can be seen again" not in reports.text()
    assert "without a panel" not in reports.text()
    assert reports.told == []
    assert reports.send() == ["daily:2026-03-17"], "which is no correction of it"
    assert reports.send(part) == []
    assert reports.send(part._replace(failures=(("x", "y"),))) == ["daily:2026-03-17:45:r2"]


def test_pairs_without_a_panel_are_in_the_first_report_of_a_week(reports, monkeypatch):
    asked = []
    monkeypatch.setattr(reports, "asked", lambda *given: asked.append(given) or reports.before)
    reports.send()
    assert "1 pair of force and CPS Area with stalking cases without a panel: Surrey (45) and CPS South East." in (
        reports.text()
    )
    reports.before = True
    reports.send(on=TUESDAY + timedelta(days=5))
    assert "without a panel" not in reports.text()
    monday = TUESDAY - timedelta(days=1)
    assert asked == [(monday, TUESDAY), (monday, TUESDAY + timedelta(days=5))]


def test_references_of_nobody_are_counted_by_force_and_source_and_not_named(reports):
    reports.unknown = [UnknownBarred("45", "niche", "P1X"), UnknownBarred("46", "other", "P2X")]
    reports.send()
    assert "Force 45: 1 reference under barred_refs in cases.csv of niche is no contact's" in reports.text()
    assert "Force 46: 1 reference" in reports.text()
    assert "P1X" not in reports.text()
    reports.send(WELL._replace(only="45"))
    assert "Force 45: 1 reference" in reports.text()
    assert "Force 46" not in reports.text()


def test_a_report_names_the_head_of_the_log_and_a_listener_that_is_gone(reports):
    reports.send()
    assert "sealed" not in reports.text()
    assert "Nobody listens" not in reports.text()
    reports.head, reports.well = Head(3, "ab" * 32), False
    reports.send(on=TUESDAY + timedelta(days=1))
    assert "The audit log is sealed up to 3:abababababababababababababababab (" in reports.text()
    assert reports.text().endswith("Nobody listens.\n")


def test_a_report_sums_up_all_forces(reports):
    second = ACCOUNT._replace(force_code="46", to_project=5, open_cases=4, evaluated=3, unchanged=1, failed=1)
    lines = (*WELL.lines, ForceLine("46", second, 1, 1, 0, None), ForceLine("47", None, 0, 0, 0, "OSError"))
    reports.send(WELL._replace(lines=lines))
    headline, _, counts = reports.text().splitlines()[:3]
    assert headline == "Round failed in part, 6 open cases, 5 steps"
    assert counts == "7 of 8 cases evaluated (6 open), 1 failed, 5 steps due; forces whose round failed: 47."


def test_open_cases_whose_codes_no_list_knows_are_told_by_codes_and_a_change_of_them_corrects(reports):
    reports.send()
    reports.unwatched = [UnwatchedCases("niche", ("45",), "niche-2", 2, ["CD71039", "PH97019"])]
    assert reports.send() == ["daily:2026-03-17:r2"]
    assert (
        "2 open cases of source niche count as other and are not watched, and no list knows their offence codes "
        "(CD71039, PH97019): rejected/niche-2/warnings-cases.csv has the lines."
    ) in reports.text()
    assert (
        reports.text()
        .partition("warnings-cases.csv has the lines. ")[2]
        .startswith("Have the source look at the codes.")
    )
    reports.unwatched = [UnwatchedCases("niche", ("45",), "niche-2", 2, ["LOC17", "CD71039"])]
    assert reports.send() == ["daily:2026-03-17:r3"]
    assert "Have the source look at the codes, and first at LOC17: no CJS code is written so." in reports.text()
    assert reports.send() == []
    assert reports.send(WELL._replace(only="46")) == ["daily:2026-03-17:46"]
    assert "count as other" not in reports.text()
