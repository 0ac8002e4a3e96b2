"""Which files an extract leaves out, and since when: what came before in a snapshot, what the policy names in any."""

from datetime import timedelta

import pytest

from config.feeds import FeedPolicy
from models.queries.intake.source_files import KnownFile
from tasks.intake.manifest import Mode
from tasks.intake.sent_files import SentFiles
from tests.worlds.extracts import MANIFEST

AT, DAY = MANIFEST.extracted_at, timedelta(days=1)
BEFORE = (KnownFile("cases.csv", AT - DAY, None), KnownFile("orders.csv", AT - DAY, None))
SHIPPED = FeedPolicy(stale_after_hours=36)
NAMED = FeedPolicy.model_validate({"stale_after_hours": 36, "niche-45": {"files": ["cases.csv", "pleas.csv"]}})


def sent(*files, feeds=SHIPPED, before=BEFORE, mode=Mode.SNAPSHOT, at=AT):
    manifest = MANIFEST._replace(mode=mode, extracted_at=at, files=dict.fromkeys(files, 1))
    return SentFiles(manifest, feeds, {file.file: file for file in before})


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (sent("cases.csv", "notes.csv"), [("cases.csv", AT, None), ("orders.csv", AT - DAY, AT)]),
        (sent("cases.csv", mode=Mode.DELTA), [("cases.csv", AT, None)]),
        (sent("orders.csv", feeds=NAMED, mode=Mode.DELTA),
         [("orders.csv", AT, None), ("cases.csv", AT - DAY, AT), ("pleas.csv", None, AT)]),
        (sent("orders.csv", before=()), [("orders.csv", AT, None)]),
    ],
    ids=["a snapshot", "a delta", "by the policy", "the first"],
)  # fmt: skip
def test_a_file_that_is_due_and_is_not_there_is_left_out(given, known):
    assert [tuple(file) for file in given.known()] == known


def test_it_stays_left_out_since_the_first_extract_without_it_and_comes_again_with_the_first_that_has_it():
    out = (KnownFile("cases.csv", AT - 3 * DAY, AT - 2 * DAY),)
    assert sent("contacts.csv", before=out).known()[-1] == out[0]
    assert sent("cases.csv", before=out).known() == [KnownFile("cases.csv", AT, None)]


def test_an_older_extract_changes_nothing_that_a_later_one_told():
    out = (KnownFile("cases.csv", AT - 3 * DAY, AT - DAY),)
    assert sent("cases.csv", before=out, at=AT - 2 * DAY).known() == [KnownFile("cases.csv", AT - 2 * DAY, AT - DAY)]
    assert sent("contacts.csv", at=AT - 2 * DAY).known() == [KnownFile("contacts.csv", AT - 2 * DAY, None)]


@pytest.mark.parametrize(("hours", "stays"), [(35, frozenset()), (36, frozenset({"cases.csv"}))])
def test_a_file_stays_out_once_it_is_left_out_for_the_hours_of_the_policy(hours, stays):
    out = (KnownFile("cases.csv", AT - 3 * DAY, AT - timedelta(hours=hours)),)
    assert sent("contacts.csv", before=out).stay_out() == stays
