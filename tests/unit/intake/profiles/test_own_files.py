"""Which of a folder's files a profile means, and of which moment they are."""

import os
import re
import time
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.days.duration import duration
from models.errors import Refuse
from tasks.intake.profiles.file_names import file_name
from tasks.intake.profiles.own_files import extract_id, listing, newest, own_files

AT = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def found(folder, *reads, **every):
    handle = os.open(folder, os.O_RDONLY)
    try:
        return own_files(handle, profile_of(*reads, **every))
    finally:
        os.close(handle)


def profile_of(*reads, every=()):
    often = dict(every)
    files = [SimpleNamespace(read=read, every=duration(often[read]) if read in often else None) for read in reads]
    return SimpleNamespace(files=files)


def put(folder, *names, at=AT):
    for name in names:
        (folder / name).write_text("x")
        os.utime(folder / name, (at.timestamp(), at.timestamp()))


def test_a_name_is_found_in_any_case_and_a_star_stands_for_letters(tmp_path):
    put(tmp_path, "Crimes north.CSV", "other.txt")
    (one,) = found(tmp_path, "crimes*.csv").values()
    assert (one.name, one.at) == ("Crimes north.CSV", AT)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("20261124", AT),
        ("20261125", datetime(2026, 11, 25, tzinfo=UTC)),
        ("20260725", datetime(2026, 7, 24, 23, tzinfo=UTC)),
    ],
)
def test_a_file_is_of_the_day_in_its_name_at_the_hour_of_its_change_if_that_is_on_this_day(tmp_path, written, at):
    put(tmp_path, f"c_{written}.csv")
    assert found(tmp_path, "c_{YYYYMMDD}.csv")["c_{YYYYMMDD}.csv"].at == at


def test_the_newest_day_is_meant(tmp_path):
    put(tmp_path, "c 09-11-2026.csv", "c 10-10-2026.csv", "c 31-10-2025.csv")
    assert found(tmp_path, "c {DD-MM-YYYY}.csv")["c {DD-MM-YYYY}.csv"].name == "c 09-11-2026.csv"


@pytest.mark.parametrize(
    ("read", "name", "day"),
    [
        ("c_{DDMMYY}.csv", "c_231126.csv", date(2026, 11, 23)),
        ("c {DD-MM-YYYY}.csv", "c 23-11-2026.csv", date(2026, 11, 23)),
        ("c {YYYY-MM-DD} v*.csv", "C 2026-11-23 v2.CSV", date(2026, 11, 23)),
        ("{DDMMYYYY}_c.csv", "23112026_c.csv", date(2026, 11, 23)),
        ("c {D MMM YY}.csv", "c 3 Nov 26.csv", date(2026, 11, 3)),
        ("c {D MMM YYYY}.csv", "c 23 november 2026.csv", date(2026, 11, 23)),
        ("c {YY.MM.DD}.csv", "c 26.11.23.csv", date(2026, 11, 23)),
    ],
)
def test_a_day_in_a_name_is_written_in_many_ways(tmp_path, read, name, day):
    put(tmp_path, name)
    assert found(tmp_path, read)[read].at == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "reads", "why"),
    [
        (["a.csv"], ["b.csv"], 'There is no file "b.csv" in it'),
        (["a1.csv", "a2.csv"], ["a*.csv"], "is the name of 2 of its files"),
        (["a20261341.csv"], ["a{YYYYMMDD}.csv"], "has a day that is none of the calendar"),
        (["a20261120.csv", "b20261121.csv"], ["a{YYYYMMDD}.csv", "b{YYYYMMDD}.csv"], "as every: 7d"),
        (["a 31 Nob 26.csv"], ["a {D MMM YY}.csv"], "has a day that is none of the calendar"),
        (["a.csv"], ["a{YYYYMM}.csv"], "has no day like"),
        (["a.csv"], ["a{YYYYYYMM}.csv"], "has no day like"),
        (["a.csv"], ["a{}.csv"], "has no day like"),
        (["a.csv"], ["a{YYYYMMDD}{YYYY}.csv"], "has no day like"),
    ],
)
def test_a_file_that_is_not_there_or_not_one_is_refused(tmp_path, names, reads, why):
    put(tmp_path, *names)
    with pytest.raises(Refuse, match=why):
        found(tmp_path, *reads)


def test_links_folders_and_hidden_files_are_not_meant(tmp_path):
    put(tmp_path, ".a.csv", "x")
    (tmp_path / "a.csv").symlink_to(tmp_path / "x")
    (tmp_path / "aa.csv").mkdir()
    with pytest.raises(Refuse, match="There is no file"):
        found(tmp_path, "*.csv")


A, B = "a{YYYYMMDD}.csv", "b{YYYYMMDD}.csv"


@pytest.mark.parametrize("day", ["20261117", "20261123", "20261125"])
def test_a_weekly_file_is_of_another_day_and_the_export_of_the_day_of_the_others(tmp_path, day):
    put(tmp_path, "a20261124.csv", f"b{day}.csv")
    weekly = {"every": [(B, "7d")]}
    files = found(tmp_path, A, B, **weekly)
    assert files[B].name == f"b{day}.csv"
    assert newest(profile_of(A, B, **weekly), files).name == "a20261124.csv"


def test_a_weekly_file_that_did_not_come_again_is_refused(tmp_path):
    put(tmp_path, "a20261124.csv", "b20261116.csv")
    with pytest.raises(Refuse, match=r"b20261116.csv is 8 days older than the others, and comes every 7 days"):
        found(tmp_path, A, B, every=[(B, "7d")])


def test_another_moment_and_other_content_make_another_extract(tmp_path):
    put(tmp_path, "a.csv")
    files = list(found(tmp_path, "a.csv").values())
    assert listing(files) == b"\na.csv 2026-11-24T05:30:00+00:00"
    ids = {extract_id("s", content, at) for content in (b"1", b"2") for at in (AT, AT.replace(second=1))}
    assert len(ids) == 4


@pytest.mark.parametrize("read", ["*_*_*_*_*.csv", "*" * 50 + ".csv", "*_" * 50 + ".csv", "*_{YYYYMMDD}*_*_*.csv"])
def test_a_name_with_many_stars_is_compared_in_no_time(tmp_path, read):
    put(tmp_path, "_" * 250)
    begun = time.process_time()
    with pytest.raises(Refuse, match="There is no file"):
        found(tmp_path, read)
    assert time.process_time() - begun < 1


@given(st.text("ab*", min_size=1, max_size=8), st.text("abA", min_size=1, max_size=10))
def test_a_name_fits_where_its_parts_stand_between_any_letters(written, name):
    plain = re.compile("".join(".*" if sign == "*" else sign for sign in written), re.IGNORECASE)
    assert (file_name(written).read(name) is not None) is (plain.fullmatch(name) is not None)


def test_of_two_days_between_stars_the_last_is_meant():
    assert file_name("*{YYYYMMDD}*.csv").read("From 20261101 to 20261130.CSV") == {
        "year": "2026", "month": "11", "day": "30",
    }  # fmt: skip
    assert file_name("a{.csv").read("a{.csv") == {}
    assert file_name("a.csv").read("axcsv") is None
