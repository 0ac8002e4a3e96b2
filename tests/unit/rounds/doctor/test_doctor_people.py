"""The doctor's sentences about people, and about the panels that name them."""

from datetime import date
from types import SimpleNamespace

import pytest

from config.terms import Agency
from models.queries.people.cover_gaps import VacantPost
from models.queries.rounds.doctor import AbsentLeader
from tasks.rounds.cover_gaps import UnfitSpoc
from tasks.rounds.doctor import people

TODAY = date(2026, 3, 17)
SURREY, KENT = ("45", "South East"), ("46", "South East")
OF_SURREY = "Surrey (45) and CPS South East"


def test_places_and_forces_without_their_people_are_named(found):
    assert found(people, "spocs", cover_gaps__vacant=[]) == []
    vacant = [VacantPost(Agency.POLICE, "45", 1), VacantPost(Agency.CPS, "Wales", 2)]
    ((mark, sentence),) = found(people, "spocs", cover_gaps__vacant=vacant)
    assert (mark, sentence.partition(",")[0]) == ("warn", "No SPOC is recorded for CPS Wales")
    assert "CPS Wales, Surrey (45), with open cases" in sentence
    expected = {"expected__expected_forces": ["45"]}
    assert found(people, "leads", doctor__forces_without_lead=[], **expected) == []
    ((mark, sentence),) = found(people, "leads", doctor__forces_without_lead=["45"], **expected)
    assert (mark, sentence.partition(":")[0]) == ("warn", "No lead is recorded for force 45")


@pytest.mark.parametrize(
    ("away", "covered", "alone"),
    [([], ["SP1"], None), (["SP1"], ["SP1"], None), (["SP1", "L1"], ["SP1"], "L1"), (["SP1", "L1"], [], "L1, SP1")],
)
def test_whoever_is_away_without_a_deputy_who_is_there_is_named(found, away, covered, alone):
    absent = [AbsentLeader(ref, Agency.POLICE, TODAY) for ref in away]
    told = found(
        people, "deputies", doctor__absent_leaders=absent, contacts__on_duty=[],
        stand_ins=dict.fromkeys(covered, "D1"),
    )  # fmt: skip
    assert [mark for mark, _ in told] == ["warn"] * (alone is not None)
    assert all(f"who is there: {alone}." in sentence for _, sentence in told)


def test_contacts_of_domains_that_are_not_allowed_are_counted(found, put):
    put(MAIL__ALLOWED_DOMAINS="police.uk")
    domains = {"surrey.police.uk": 7, "a.example": 2, "b.example": 3}
    ((mark, sentence),) = found(people, "mail-domains", doctor__mail_domains=domains)
    assert (mark, "is theirs: 5 (a.example, b.example)." in sentence) == ("warn", True)
    assert found(people, "mail-domains", doctor__mail_domains={"surrey.police.uk": 7}) == []


def test_pairs_without_a_panel_are_named_three_of_them(found):
    assert found(people, "panels", without_panel=[]) == []
    ((mark, sentence),) = found(people, "panels", without_panel=[SURREY])
    assert (mark, f"the cases of {OF_SURREY}: add one" in sentence) == ("warn", True)
    many = [(code, "South East") for code in ("44", "45", "46", "47", "48")]
    ((_, sentence),) = found(people, "panels", without_panel=many)
    assert " and 2 more: add one" in sentence


@pytest.fixture
def of_people(found):
    files = SimpleNamespace(panels=[SimpleNamespace(chair="C1")], spocs={(*SURREY, Agency.POLICE): "SP1"})

    def told(unknown, unfit):
        asked = []
        made = found(
            people, "panel-people", configuration__panels=files,
            doctor__inactive=lambda _, refs, __: asked.extend(refs) or list(unknown),
            cannot_lead=[UnfitSpoc(ref, Agency.POLICE, SURREY) for ref in unfit],
        )  # fmt: skip
        assert asked == ["C1", "SP1"]
        return [sentence.partition(" names ")[2].partition(":")[0] for _, sentence in made]

    return told


def test_those_whom_panels_name_are_active_and_may_lead_there(of_people):
    assert of_people([], []) == []
    assert of_people(["C1"], []) == ["C1, no active contact"]
    assert of_people([], ["SP1"]) == [f"SP1 for {OF_SURREY}, no SPOC of that agency there"]
    assert of_people(["SP1"], ["SP1"]) == ["SP1, no active contact"], "once is enough"


def test_reviews_without_a_place_in_time_are_counted_pair_by_pair(found):
    assert found(people, "places", capacity__late_by_pair={}) == []
    told = found(people, "places", capacity__late_by_pair={SURREY: 2, KENT: 1})
    assert [(mark, sentence.partition(". ")[0]) for mark, sentence in told] == [
        ("warn", f"Joint reviews of {OF_SURREY} without a place in time: 2"),
        ("warn", "Joint reviews of Kent (46) and CPS South East without a place in time: 1"),
    ]
