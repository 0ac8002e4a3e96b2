"""What each source lets see of each rule: seen, partly, or not at all, and whose file it is to send a column."""

import pytest

from config.terms import Agency, Authority
from models.rules.catalogue.rule import About, Rule, Seeing
from models.rules.obligations.coverage import Seen, SourceSight, coverage, needed
from models.rules.obligations.rulebook import RULES
from models.rules.sight import SentColumn

POLICE, CPS = Agency.POLICE, Agency.CPS
CASE, FIRST, SECOND = (SentColumn("cases.csv", name) for name in ("case_ref", "first_on", "second_on"))
CHARGED = SentColumn("cps_cases.csv", "charged_on")
TRAINED = SentColumn("training.csv", "completed_on")
ORDERED = SentColumn("orders.csv", "made_on")


def a_rule(**declared):
    return Rule(
        "a-rule", lambda *_: iter(()), "", "", "", duty=Authority.LOCAL, number=Authority.LOCAL, side="", **declared
    )


def source(name, agency, *sent, covers=("45",)):
    return SourceSight(name, agency, frozenset(covers), frozenset(sent))


def row(name, *values):
    return pytest.param(*values, id=name)


@pytest.mark.parametrize(
    ("declared", "sent", "seen", "lacking"),
    [
        row("every column", {"needs": (FIRST, SECOND)}, (FIRST, SECOND), Seen.SEEN, ()),
        row("one of every", {"needs": (FIRST, SECOND)}, (FIRST,), Seen.BLIND, (SECOND,)),
        row("one part", {"needs": (FIRST, SECOND), "seeing": Seeing.PARTS}, (FIRST,), Seen.PARTLY, (SECOND,)),
        row("no part", {"needs": (FIRST, SECOND), "seeing": Seeing.PARTS}, (), Seen.BLIND, (FIRST, SECOND)),
        row("either", {"needs": (FIRST, SECOND), "seeing": Seeing.EITHER}, (FIRST,), Seen.SEEN, (SECOND,)),
        row("neither", {"needs": (FIRST, SECOND), "seeing": Seeing.EITHER}, (), Seen.BLIND, (FIRST, SECOND)),
        row("never begins", {"needs": (FIRST,), "begins": (SECOND,)}, (FIRST,), Seen.BLIND, (SECOND,)),
        row("begins with one of two", {"begins": (FIRST, SECOND)}, (FIRST,), Seen.BLIND, (SECOND,)),
        row("begins with either", {"begins": (FIRST, SECOND), "seeing": Seeing.EITHER}, (FIRST,), Seen.SEEN, (SECOND,)),
        row("what else would change it", {"needs": (FIRST,), "also": (SECOND,)}, (FIRST,), Seen.PARTLY, (SECOND,)),
        row("what else would change it, of either",
            {"needs": (FIRST,), "also": (SECOND,), "seeing": Seeing.EITHER}, (FIRST,), Seen.PARTLY, (SECOND,)),
        row("it looks at nothing", {}, (), Seen.SEEN, ()),
    ],
)  # fmt: skip
def test_how_much_is_seen(declared, sent, seen, lacking):
    (found,) = coverage([source("niche", POLICE, CASE, *sent)], [a_rule(**declared)])
    assert (found.source, found.rule, found.seen, found.lacking) == ("niche", "a-rule", seen, lacking)


@pytest.mark.parametrize(
    ("column", "sources", "lacking_at"),
    [
        row("a file that its keeper sends without the column", CHARGED,
            [source("niche", POLICE, CASE), source("cms", CPS, SentColumn("cps_cases.csv", "urn"))], ["cms"]),
        row("a file that nobody sends is its keeper's", CHARGED,
            [source("niche", POLICE, CASE), source("cms", CPS)], ["cms"]),
        row("a file whose keeper sends nothing at all is lacking at whoever covers the force", CHARGED,
            [source("niche", POLICE, CASE)], ["niche"]),
        row("a keeper of another force does not cover this one", CHARGED,
            [source("niche", POLICE, CASE), source("cms", CPS, covers=["46"])], ["niche", "cms"]),
        row("a file that either may send", ORDERED,
            [source("niche", POLICE, CASE), source("cms", CPS)], ["niche", "cms"]),
        row("one of them is enough", ORDERED,
            [source("niche", POLICE, CASE, SentColumn("orders.csv", "order_ref"), ORDERED), source("cms", CPS)], []),
        row("a force that no police source covers has no cases", ORDERED,
            [source("niche", POLICE, CASE, ORDERED), source("cms", CPS, covers=["45", "46"])], []),
    ],
)  # fmt: skip
def test_whose_column_it_is(column, sources, lacking_at):
    found = coverage(sources, [a_rule(needs=(column,))])
    assert [one.source for one in found if one.lacking] == lacking_at


@pytest.mark.parametrize(
    ("rule", "sources", "lacking_at"),
    [
        row("prosecutors are people of CPS", "prosecutor-training",
            [source("niche", POLICE, CASE, TRAINED), source("cms", CPS)], ["cms"]),
        row("SPOCs are each agency's own", "spoc-role",
            [source("niche", POLICE, CASE, TRAINED), source("cms", CPS)], ["cms"]),
        row("one source of the agency is enough", "spoc-role",
            [source("niche", POLICE, CASE), source("hr", POLICE, TRAINED), source("cms", CPS, TRAINED)], []),
    ],
)  # fmt: skip
def test_training_is_told_by_the_agency_whose_people_it_is_of(rule, sources, lacking_at):
    assert [one.source for one in coverage(sources, [RULES[rule]]) if one.lacking] == lacking_at


def test_a_rule_that_looks_at_nothing_of_a_source_is_not_listed_for_it():
    sources = [source("niche", POLICE, CASE, FIRST), source("cms", CPS, CHARGED)]
    found = coverage(sources, [a_rule(needs=(FIRST,)), a_rule(), a_rule(about=About.FEED)])
    assert [one.source for one in found] == ["niche", "niche"]


@pytest.mark.parametrize(
    ("rule", "lacks", "asked_for"),
    [
        ("breach-unanswered", ["breach_decided_on"], ["breach_decided_on"]),
        ("breach-unanswered", ["breach"], []),
        ("time-limit-unknown", ["last_act_on"], []),
    ],
)
def test_what_is_needed_of_what_is_lacking(rule, lacks, asked_for):
    declared = RULES[rule]
    looked_at = (*declared.needs, *declared.begins, *declared.also)
    sent = [column for column in looked_at if column.name not in lacks]
    (found,) = coverage([source("niche", POLICE, CASE, *sent)], [declared])
    assert [column.name for column in needed(found, RULES)] == asked_for


STATUS, OF_SUSPECTS = SentColumn("cases.csv", "suspect_status"), SentColumn("suspects.csv", "suspect_status")
BY_CPS, BY_POLICE = SentColumn("cps_cases.csv", "charged_on"), SentColumn("cases.csv", "charged_on")


def test_a_column_of_a_row_in_the_place_of_the_cases_own_tells_the_same():
    (found,) = coverage([source("niche", POLICE, CASE, OF_SUSPECTS)], [a_rule(needs=(STATUS,))])
    assert (found.seen, found.lacking) == (Seen.SEEN, ())


@pytest.mark.parametrize(
    ("sent", "lacking_at"),
    [
        row("by police", ([BY_POLICE], []), []),
        row("by CPS", ([], [BY_CPS]), []),
        row("by neither", ([], []), ["niche", "cms"]),
        row("by police of suspects alone", ([SentColumn("suspects.csv", "charged_on")], []), ["niche", "cms"]),
    ],
)
def test_what_either_agency_may_tell_is_lacking_where_neither_does(sent, lacking_at):
    police, cps = sent
    sources = [source("niche", POLICE, CASE, *police), source("cms", CPS, SentColumn("cps_cases.csv", "urn"), *cps)]
    found = coverage(sources, [a_rule(needs=(BY_CPS, BY_POLICE), seeing=Seeing.EITHER)])
    assert [one.source for one in found if one.seen is not Seen.SEEN] == lacking_at


def test_a_joint_review_is_always_seen():
    (found,) = coverage([source("niche", POLICE, CASE)], [RULES["joint-review"]])
    assert found.seen is Seen.SEEN
