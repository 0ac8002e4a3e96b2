"""The rules of no case: by whose numbers each subject is judged, and what is written where one of them fails."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from models.queries.people.parties import Jurisdictions
from models.rules.obligations.lifecycle import Begin, End
from tasks.obligations import organisation
from tasks.obligations.organisation import OrganisationResult, _facts, _parts, project

TODAY, AT = date(2026, 3, 17), datetime(2026, 3, 17, 6, tzinfo=UTC)
NAME = "tasks.obligations.organisation"


def blank(kind):
    return kind.__new__(kind, *range(len(kind._fields)))


@pytest.fixture
def book(monkeypatch):
    """The stored obligations and facts of the organisation, and what is asked of the statements."""
    made = SimpleNamespace(parts={}, switch="digest", asked={}, numbered=[])
    monkeypatch.setattr(organisation, "transaction", nullcontext)
    monkeypatch.setattr(f"{NAME}.configuration.numbers_in_force", lambda: "digest")
    monkeypatch.setattr(f"{NAME}.rounds.switch", lambda *_: made.switch)
    monkeypatch.setattr(f"{NAME}.rounds.set_switch", lambda *_: made.numbered.append("kept"))
    monkeypatch.setattr(f"{NAME}.rounds.last_finished_before", lambda *_: None)
    monkeypatch.setattr(f"{NAME}.worklist.renumber", lambda _, __, rules, ___: made.numbered.append(set(rules)))
    monkeypatch.setattr(f"{NAME}.contacts.changed", lambda *_: [])
    monkeypatch.setattr(f"{NAME}.contacts.look_again", lambda *_: None)
    monkeypatch.setattr(f"{NAME}.corrections.correct", lambda *_: None)
    for name in ("end", "begin", "amend", "resolve"):
        monkeypatch.setattr(
            f"{NAME}.projection.{name}", lambda _, some, *__, name=name: made.asked.update({name: list(some)})
        )
    return made


def test_changes_are_written_by_their_kind_and_subjects_that_fail_are_named_once_in_one_order(book, monkeypatch):
    end, begin = blank(End), blank(Begin)

    def decide(force, _, __, failed):
        failed.extend({None: ["d", "b"], "45": ["c", "b", "a"]}[force])
        return [end] if force is None else [begin]

    monkeypatch.setattr(organisation, "_parts", lambda *_: {None: None, "45": None})
    monkeypatch.setattr(organisation, "_decide", decide)
    assert project(TODAY, AT) == OrganisationResult(2, ("a", "b", "c", "d"))
    assert book.asked == {"end": [end], "begin": [(None, begin)], "amend": [], "resolve": [end]}


@pytest.mark.parametrize(("switch", "anew"), [("digest", False), ("other", True), (None, True)])
def test_after_a_change_of_policy_the_ladders_of_no_case_are_numbered_anew(book, switch, anew):
    book.switch = switch
    organisation._renumber(None, TODAY, AT)
    assert book.numbered == ([set(organisation.WITHOUT_CASE), "kept"] if anew else [])
    assert "spoc-vacancy" in organisation.WITHOUT_CASE
    assert "action" not in organisation.WITHOUT_CASE


def test_a_subject_of_one_force_is_judged_by_its_numbers_and_any_other_by_the_general_ones(monkeypatch):
    stored = {("spoc-role", "contact:P1"): "old", ("feed-stale", "source:niche"): "older"}
    facts = [("spoc-role", SimpleNamespace(subject="contact:P1")), ("spoc-role", SimpleNamespace(subject="contact:P9"))]
    monkeypatch.setattr(f"{NAME}.projection.stored_without_case", lambda *_: stored)
    monkeypatch.setattr(organisation, "_facts", lambda *_: iter(facts))
    asked = []
    places = {"contact:P1": Jurisdictions(("45",)), "source:niche": Jurisdictions(("45", "46"))}
    monkeypatch.setattr(organisation, "places", lambda _, subjects: asked.append(subjects) or places)
    parts = _parts(None, TODAY)
    assert asked == [{"contact:P1", "contact:P9", "source:niche"}]
    assert parts["45"].stored == {("spoc-role", "contact:P1"): "old"}
    assert [one.subject for _, one in parts["45"].facts] == ["contact:P1"]
    assert list(parts[None].stored) == [("feed-stale", "source:niche")]
    assert [one.subject for _, one in parts[None].facts] == ["contact:P9"]


@pytest.mark.parametrize(("who", "holders"), [("holders", True), ("all", False)])
def test_training_is_asked_of_whom_the_policy_says(monkeypatch, who, holders):
    policy = SimpleNamespace(
        rules=SimpleNamespace(prosecutor_training=SimpleNamespace(who=who)), feeds=SimpleNamespace(stale_after=None),
        harassment_in=(),
    )  # fmt: skip
    monkeypatch.setattr(f"{NAME}.configuration.policy", lambda: policy)
    monkeypatch.setattr(f"{NAME}.coverage.lacking", lambda _: ["columns"])
    asked = []
    for name in ("feeds", "spocs", "posts"):
        monkeypatch.setattr(f"{NAME}.organisation_facts.{name}", lambda *_, name=name: [name])
    monkeypatch.setattr(
        f"{NAME}.organisation_facts.prosecutors", lambda *_, holders: asked.append(holders) or ["prosecutors"]
    )
    assert list(_facts(None, TODAY)) == [
        ("feed-stale", "feeds"), ("column-missing", "columns"), ("prosecutor-training", "prosecutors"),
        ("spoc-role", "spocs"), ("spoc-vacancy", "posts"),
    ]  # fmt: skip
    assert asked == [holders]
