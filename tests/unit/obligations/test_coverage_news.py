"""What can be seen of the sources: in one order, by force, and what is news since operations were notified last."""

import pytest

from config.terms import Agency
from models.rules.obligations.coverage import Coverage, Seen
from tasks.obligations.coverage import CoverageNews, by_source

SEEN, PARTLY, BLIND = Seen


def of(source, rule, seen, *covers):
    return Coverage(source, Agency.POLICE, frozenset(covers), rule, seen, ())


def test_of_each_source_what_cannot_be_seen_comes_first_then_what_can_partly():
    given = [of("a", "1", SEEN), of("a", "2", BLIND), of("a", "3", PARTLY), of("a", "4", BLIND), of("b", "5", SEEN)]
    assert [(source, [one.rule for one in rules]) for source, rules in by_source(given)] == [
        ("a", ["2", "4", "3", "1"]), ("b", ["5"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("news", "any_"),
    [(((), (), ""), False), (((of("a", "1", BLIND),), (), ""), True), (((), (("a", "1"),), ""), True)],
)
def test_there_is_news_where_something_is_seen_less_or_again(news, any_):
    assert bool(CoverageNews(*news)) is any_
