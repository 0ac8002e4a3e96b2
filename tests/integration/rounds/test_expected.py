"""What is expected of a day: the forces, and the newest extract of every source that covers one of them."""

from datetime import datetime, time

import pytest
import yaml

from config.days.london import at_london
from config.policy import SHIPPED
from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.rounds.expected import expected_forces, feed_states, late_feeds
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.extracts import a_case, write

TUESDAY = day("Tue 17 Mar 2026")


@pytest.fixture
def send(database, tmp_path):
    """Send an extract of a source, taken at 05:00 on a day and loaded an hour later."""

    def sent(number, on, cases=1, **manifest):
        folder = write(
            tmp_path / f"{manifest.get('source', 'niche-45')}-{number}",
            {"cases.csv": [a_case(f"C{n}", opened_on="2026-03-02") for n in range(cases)]},
            number=number,
            extracted_at=f"{on:%Y-%m-%d}T05:00:00+00:00",
            **manifest,
        )
        (made,) = load_folders(configured(), [folder], datetime.fromisoformat(f"{on:%Y-%m-%d}T06:00:00+00:00"))
        return made.fate.value

    return sent


def troubles_at(moment):
    on, clock = moment.rsplit(" ", 1)
    return troubles(day(on), time.fromisoformat(clock))


def troubles(on, clock=time(8)):
    with transaction() as connection:
        return [
            (one.source, one.kind, one.extract_id, one.force_codes)
            for one in late_feeds(configured(), connection, at_london(on, clock))
        ]


@pytest.fixture
def policy(monkeypatch, tmp_path):
    """Let the policy say this of feeds."""

    def said(feeds):
        written = yaml.safe_load(SHIPPED.read_text("utf-8")) | {"feeds": feeds}
        (tmp_path / "policy.yaml").write_text(yaml.safe_dump(written), "utf-8")
        monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))

    return said


def test_the_forces_of_the_settings_are_expected_or_those_ever_seen(send, monkeypatch):
    with transaction() as connection:
        assert expected_forces(configured(), connection) == []
    send(1, TUESDAY)
    with transaction() as connection:
        assert expected_forces(configured(), connection) == ["45"]
    monkeypatch.setenv("CASEBEAT_FORCES", "46,47")
    with transaction() as connection:
        assert expected_forces(configured(), connection) == ["46", "47"]


@pytest.mark.parametrize(
    ("sent", "last", "late"),
    [
        ("Tue 17 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"),
        ("Fri 13 Mar 2026", "Mon 16 Mar 2026", "Tue 17 Mar 2026"),
        ("Thu 2 Apr 2026", "Tue 7 Apr 2026", "Wed 8 Apr 2026"),  # Good Friday to Easter Monday
    ],
)
def test_an_extract_is_late_once_a_working_day_has_passed_since_the_last_one(send, sent, last, late):
    send(1, day(sent))
    assert troubles(day(last)) == []
    assert troubles(day(late)) == [("niche-45", "late", None, ("45",))]


@pytest.mark.parametrize(
    ("every", "in_time", "late"),
    [
        ("0wd", "Sun 15 Mar 2026 23:59", "Mon 16 Mar 2026 06:00"),
        ("0wd", "Mon 16 Mar 2026 05:59", "Mon 16 Mar 2026 06:00"),
        ("0d", "Sat 14 Mar 2026 05:59", "Sat 14 Mar 2026 06:00"),
    ],
)
def test_a_source_that_sends_by_the_round_of_the_same_day_is_late_when_that_begins(send, policy, every, in_time, late):
    policy({"stale_after_hours": 36, "niche-45": {"every": every}})
    send(1, day("Fri 13 Mar 2026"))
    assert troubles_at(in_time) == []
    assert troubles_at(late) == [("niche-45", "late", None, ("45",))]


def test_other_content_under_the_id_of_a_loaded_extract_is_trouble_until_a_newer_one_is_loaded(send):
    assert send(1, TUESDAY) == "loaded"
    assert send(1, TUESDAY, cases=2) == "refused"
    assert troubles(TUESDAY) == [("niche-45", "refused", "niche-45-1", ("45",))]
    assert send(2, day("Wed 18 Mar 2026")) == "loaded"
    assert troubles(day("Wed 18 Mar 2026")) == []


def test_a_refused_extract_is_trouble_until_a_newer_one_is_loaded(send):
    assert send(1, day("Mon 16 Mar 2026"), cases=40) == "loaded"
    assert send(2, TUESDAY, cases=2) == "refused"
    assert troubles(TUESDAY) == [("niche-45", "refused", "niche-45-2", ("45",))]
    assert send(3, day("Wed 18 Mar 2026"), cases=40) == "loaded"
    assert troubles(day("Wed 18 Mar 2026")) == []


def test_an_extract_that_comes_after_a_newer_one_is_of_no_account(send):
    assert send(2, TUESDAY) == "loaded"
    assert send(1, day("Mon 16 Mar 2026")) == "refused"
    assert troubles(TUESDAY) == []


def test_an_extract_that_claims_a_day_to_come_is_trouble_until_the_next_one_is_loaded(send, database):
    assert send(1, day("Mon 16 Mar 2026")) == "loaded"
    with transaction() as connection:
        connection.exec_driver_sql(
            """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts, refusal)
               values ('niche-45-9', 'x', 'niche-45', 'refused', '2099-01-01Z', '2026-03-17Z', '{}', 'To come.')"""
        )
    assert troubles(TUESDAY) == [("niche-45", "refused", "niche-45-9", ("45",))]
    assert send(2, TUESDAY) == "loaded"
    assert troubles(TUESDAY) == []


def test_the_first_extract_of_a_source_counts_too(send):
    assert send(1, TUESDAY, files={"cases.csv": 9}) == "refused"
    assert troubles(TUESDAY) == [("niche-45", "refused", "niche-45-1", ())]


def test_an_expected_source_that_never_came_is_trouble_from_the_first_day_until_it_is_loaded(send, policy):
    policy({"stale_after_hours": 36, "expected": {"45": ["niche-45"], "South East": ["cms-se"], "48": ["niche-48"]}})
    south_east = ("45", "46", "47")
    missed = [("cms-se", "never", None, south_east), ("niche-48", "never", None, ("48",))]
    assert troubles(TUESDAY) == [missed[0], ("niche-45", "never", None, ("45",)), missed[1]]
    send(1, TUESDAY)
    assert troubles(TUESDAY) == missed
    send(1, TUESDAY, source="cms-se", agency="cps", files={"cases.csv": 9})
    assert troubles(TUESDAY)[0] == ("cms-se", "refused", "cms-se-1", ()), "it came, and was refused"
    with transaction() as connection:
        states = feed_states(configured(), connection, at_london(TUESDAY))
    assert [(one.source, one.trouble and one.trouble.sentence) for one in states][2] == (
        "niche-48", "source niche-48 is expected for City of London (48), and never came",
    )  # fmt: skip


def test_a_source_that_covers_no_expected_force_is_of_no_account(send, monkeypatch):
    send(1, day("Mon 2 Mar 2026"))
    monkeypatch.setenv("CASEBEAT_FORCES", "46")
    assert troubles(TUESDAY) == []


def test_a_sentence_names_the_source_the_extract_and_the_fault(send):
    send(1, day("Fri 6 Mar 2026"), cases=40)
    with transaction() as connection:
        (late,) = late_feeds(configured(), connection, at_london(TUESDAY))
    assert late.sentence == (
        "source niche-45 is late: its last extract is of Fri 6 Mar 2026, more than 1 working day ago"
    )
    send(2, TUESDAY, cases=2)
    with transaction() as connection:
        (refused,) = late_feeds(configured(), connection, at_london(TUESDAY))
    assert refused.sentence.startswith("extract niche-45-2 of source niche-45 was refused: cases.csv looks truncated")
    assert not refused.sentence.endswith(".")
