"""How often a source sends: every working day, or as the policy says of it by name."""

import pytest
import yaml

from config.policy import SHIPPED, load_policy
from config.strict_yaml import Faults


@pytest.fixture
def load(tmp_path):
    def loaded(**sources):
        policy = yaml.safe_load(SHIPPED.read_text("utf-8"))
        policy["feeds"] |= sources
        file = tmp_path / "policy.yaml"
        file.write_text(yaml.safe_dump(policy))
        return load_policy(file).feeds

    return loaded


def test_a_source_that_is_not_named_sends_every_working_day():
    assert str(load_policy().feeds.every("niche-45")) == "1wd"


def test_a_source_may_send_more_seldom(load):
    feeds = load(**{"cms.se": {"every": "7d"}})
    assert [str(feeds.every(name)) for name in ("cms.se", "niche-45")] == ["7d", "1wd"]
    assert str(feeds.stale_after) == "2d"


def test_the_policy_may_name_the_files_that_are_due_of_a_source_and_the_sources_that_are_expected(load):
    expected = {"45": ["niche-45"], "46": ["niche-45", "athena"], "cps south & east": ["cms-se"]}
    with pytest.raises(Faults, match="is no force's code and no CPS Area"):
        load(expected=expected)
    feeds = load(
        expected={"45": ["niche-45"], "46": ["niche-45", "athena"], "south east": ["cms-se"]},
        **{"cms-se": {"files": ["cps_cases.csv", "pleas.csv"]}},
    )
    assert feeds.places == {"athena": ("46",), "cms-se": ("South East",), "niche-45": ("45", "46")}
    assert (str(feeds.every("cms-se")), feeds.files("niche-45")) == ("1wd", None)
    due = [feeds.is_due(*file) for file in (("cms-se", "pleas.csv"), ("cms-se", "orders.csv"), ("athena", "x.csv"))]
    assert due == [True, False, True]


@pytest.mark.parametrize(
    ("source", "values", "fault"),
    [
        ("cms-se", {"every": "0m"}, "0m is no interval. Write 1wd."),
        ("cms-se", {"every": "-1wd"}, "-1wd is no interval"),
        ("cms-se", {"every": "daily"}, '"daily" is not a duration'),
        ("cms-se", {"each": "1d"}, "feeds.cms-se.each   is not a key that this file knows."),
        ("cms-se", {}, "feeds.cms-se   says nothing. Write every, as 1wd, or files."),
        ("cms-se", {"files": []}, "feeds.cms-se.files"),
        ("cms-se", {"files": ["../cases.csv"]}, "feeds.cms-se.files[1]"),
        ("expected", {"45": []}, "feeds.expected.45"),
        ("expected", {"45": "niche-45"}, "feeds.expected.45"),
        ("stale_after_hour", 36, "feeds.stale_after_hour"),
        ("cms se", {"every": "1d"}, "feeds"),
    ],
)
def test_a_wrong_interval_or_name_is_refused_with_its_path(load, source, values, fault):
    with pytest.raises(Faults) as refused:
        load(**{source: values})
    assert fault in str(refused.value)
