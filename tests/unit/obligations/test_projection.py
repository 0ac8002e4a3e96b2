"""One force's projection: what it works on, what it counts, and what it leaves for the next round."""

from contextlib import nullcontext
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from models.queries.obligations.worklist import SecondWorkList, WorkList
from models.rules.obligations.lifecycle import Begin, End
from tasks.obligations import projection
from tasks.obligations.projection import ChunkResult, ProjectionAccount, project, project_again, stale

TODAY = date(2026, 3, 17)
AT = datetime(2026, 3, 17, 6, tzinfo=UTC)
NAME = "tasks.obligations.projection"


@pytest.fixture
def book(monkeypatch):
    """A book of cases to project, and what is asked of it."""
    made = SimpleNamespace(work=[], before="digest", asked=[], changed=False)
    monkeypatch.setattr(projection, "transaction", nullcontext)
    monkeypatch.setattr(f"{NAME}.configuration.numbers_in_force", lambda: "digest")
    monkeypatch.setattr(f"{NAME}.worklist.projected_with", lambda *_: made.before)
    monkeypatch.setattr(f"{NAME}.worklist.renumber", lambda *_: made.asked.append("renumber"))
    monkeypatch.setattr(f"{NAME}.worklist.any_changed", lambda *_: made.changed)
    monkeypatch.setattr(f"{NAME}.rounds.set_switch", lambda _, *given: made.asked.append(given[:2]))

    def listed(_, __, *, everything):
        made.asked.append(everything)
        return WorkList(9, 8, 2, made.work)

    monkeypatch.setattr(f"{NAME}.worklist.book", listed)
    monkeypatch.setattr(projection, "CHUNK", 2)
    monkeypatch.setattr(projection, "_project_isolated", lambda _, ids, *__: ChunkResult(len(ids), sum(ids), 7))
    return made


def test_the_chunks_of_a_projection_are_counted_together(book):
    book.work = [1, 2, 3, 4, 5]
    assert project("45", TODAY, AT) == ProjectionAccount("45", 9, 8, 5, 2, 15, 21)
    assert book.asked == [False]
    book.work = []
    assert project("45", TODAY, AT) == ProjectionAccount("45", 9, 8, 0, 2, 0, 0)


@pytest.mark.parametrize(
    ("before", "everything", "asked"),
    [
        ("digest", False, [False]),
        ("digest", True, [True, ("projected:45", "digest")]),
        ("other", False, ["renumber", True, ("projected:45", "digest")]),
        ("other", True, ["renumber", True, ("projected:45", "digest")]),
    ],
)
def test_after_a_change_of_policy_every_case_is_projected_and_its_ladder_numbered_anew(book, before, everything, asked):
    book.before = before
    project("45", TODAY, AT, everything=everything)
    assert book.asked == asked


@pytest.mark.parametrize(
    ("before", "changed", "is_stale"),
    [("digest", False, False), ("digest", True, True), ("other", False, True), ("other", True, True)],
)
def test_a_force_is_stale_where_its_facts_or_the_policy_changed(book, before, changed, is_stale):
    book.before, book.changed = before, changed
    assert stale("45") is is_stale


@pytest.mark.parametrize(("unchanged", "everything"), [(0, True), (3, False)])
def test_a_second_projection_is_accounted_for_with_the_first(book, monkeypatch, unchanged, everything):
    asked = []

    def before_second(*_, everything):
        asked.append(everything)
        return SecondWorkList(waiting=4, unchanged=1)

    monkeypatch.setattr(f"{NAME}.worklist.before_second", before_second)
    book.work = [1, 0]
    first = ProjectionAccount("45", 9, 8, evaluated=5, unchanged=unchanged, failed=3, changes=2)
    assert project_again("45", TODAY, AT, first) == ProjectionAccount("45", 9, 8, 5 + 4 + 3 - 1, 1, 1, 9)
    assert asked == [everything]


@pytest.fixture
def chunk(monkeypatch):
    """A chunk of cases whose facts and stored obligations a test gives; what is asked of the statements."""
    made = SimpleNamespace(facts=[], stored={}, waited=[], asked={}, decided={}, audited=[])
    monkeypatch.setattr(projection, "transaction", nullcontext)
    monkeypatch.setattr(f"{NAME}.worklist.take", lambda *_: made.waited)
    monkeypatch.setattr(f"{NAME}.worklist.fail", lambda _, bad, __: len(bad))
    monkeypatch.setattr(f"{NAME}.projection.stored", lambda *_: made.stored)
    monkeypatch.setattr(f"{NAME}.case_facts.case_facts", lambda *_: made.facts)
    monkeypatch.setattr(f"{NAME}.audit.record", lambda _, entry: made.audited.append(entry.detail))
    monkeypatch.setattr(f"{NAME}.corrections.correct", lambda *_: None)
    for name in ("end", "amend", "resolve", "look_again"):
        monkeypatch.setattr(
            f"{NAME}.projection.{name}", lambda _, some, *__, name=name: made.asked.update({name: list(some)})
        )
    monkeypatch.setattr(f"{NAME}.projection.begin", lambda _, some, *__: made.asked.update(begin=list(some)))

    def decide(one, *_):
        found = made.decided.get(one.case.case_id, [])
        if isinstance(found, Exception):
            raise found
        return iter(found)

    monkeypatch.setattr(projection, "_decide", decide)
    return made


def facts(case_id, *, open_=True, kept=False):
    return SimpleNamespace(case=SimpleNamespace(case_id=case_id, force_code="45"), open=open_, kept=kept)


def test_a_case_that_is_over_is_counted_only_where_it_is_kept_and_a_bad_one_fails_by_itself(chunk):
    chunk.facts = [facts(1), facts(2, open_=False, kept=True), facts(3, open_=False), facts(4)]
    chunk.stored = {number: {} for number in (1, 2, 3, 4)}
    chunk.decided = {4: ValueError("x")}
    assert projection._chunk("45", [1, 2, 3, 4], TODAY, AT) == ChunkResult(2, 1, 0)
    assert chunk.audited == [], "nothing was combined"


def test_changes_are_written_by_their_kind_and_audited(chunk):
    chunk.facts, chunk.stored = [facts(1)], {1: {}}
    end, begun = (kind.__new__(kind, *range(len(kind._fields))) for kind in (End, Begin))
    chunk.decided = {1: [end, begun, "amended"]}
    assert projection._chunk("45", [1], TODAY, AT) == ChunkResult(1, 0, 3)
    assert (chunk.asked["end"], chunk.asked["resolve"]) == ([end], [end])
    assert (chunk.asked["begin"], chunk.asked["amend"]) == ([(1, begun)], [])
    assert chunk.audited == [{"evaluated": 1, "changes": 3}]


def test_the_climb_looks_again_at_cases_that_waited_and_have_taken_a_step(chunk):
    taken, none = SimpleNamespace(last_step=2), SimpleNamespace(last_step=0)
    chunk.stored = {1: {"a": none, "b": taken}, 2: {"a": none}, 3: {}, 4: {"a": taken}}
    chunk.waited = [1, 2, 3]
    projection._chunk("45", [1, 2, 3, 4], TODAY, AT)
    assert chunk.asked["look_again"] == [1]


def test_a_case_whose_rows_cannot_be_read_fails_alone(monkeypatch, chunk):
    def work(_, ids, *__):
        if 3 in ids:
            raise ValueError
        return ChunkResult(len(ids), 0, 1)

    monkeypatch.setattr(projection, "_chunk", work)
    monkeypatch.setattr(projection, "gc_paused", nullcontext)
    assert projection._project_isolated("45", [1, 2, 3, 4], TODAY, AT) == ChunkResult(3, 1, 2)
