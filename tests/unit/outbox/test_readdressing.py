"""Whose notifications go to another now, who has heard of the step otherwise, and what is written of it."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from config.terms import Addressee, OwedBy
from models.queries.outbox.readdressing import InformedContact, PendingStep
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.people.readdressing import AWAY, PendingNotification
from tasks.outbox import readdressing
from tasks.outbox.readdressing import _informed_otherwise, _readdressed, _step
from tasks.platform import configuration
from tests.unit.people.test_addressing import police

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
TODAY, SATURDAY = date(2026, 3, 17), date(2026, 3, 21)
MATTER = Parties(OwedBy.POLICE, ("45",), ("South East",), "P1", "S1", None)
LADDER = configuration.policy().ladder_of("action", "45")
HERE = [police("P1", "officer"), police("S1", "supervisor"), police("P2", "officer")]
DEPUTY = [police("P1", "officer", absent=True, deputy="P2"), *HERE[1:]]


def pending(*waiting, step=1, rule="action", obligation_id=7, addressed=()):
    return PendingStep(obligation_id, step, rule, addressed, list(waiting))


def to(id_, ref, *, lapsed=False):
    return PendingNotification(id_, ref, "", lapsed)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"step": 1}, 1), ({"step": len(LADDER)}, len(LADDER)), ({"step": len(LADDER) + 1}, None),
        ({"rule": "of a later version"}, None),
    ],
)  # fmt: skip
def test_a_step_is_the_one_that_its_ladder_still_has(given, at):
    assert _step(pending(**given), MATTER, TODAY) == (LADDER[at - 1] if at else None)


def test_before_a_first_day_a_step_of_a_limit_goes_only_to_those_who_hear_then(monkeypatch):
    starting = configuration.policy().model_copy(update={"starts": {"45": TODAY + timedelta(days=1)}})
    monkeypatch.setattr(configuration, "policy", lambda: starting)
    limit, step = pending(rule="bail-end", step=3), starting.ladder_of("bail-end", "45")[2]
    assert _step(limit, MATTER, TODAY).to == (Addressee.SPOC, Addressee.COUNTERPART)
    assert _step(limit, MATTER, TODAY + timedelta(days=1)) == step
    assert _step(limit, MATTER._replace(force_codes=("46",)), TODAY) == step
    assert _step(pending(), MATTER, TODAY) == LADDER[0]  # what was said before the day was set stays said


def test_a_lapsed_promise_is_news_also_to_who_was_informed_of_the_step_before():
    heard = {7: [InformedContact(id_, f"P{id_}") for id_ in (0, 3, 4, 5, 6, 9)]}
    assert _informed_otherwise(pending(to(4, "P4"), to(6, "P6")), heard) == {"P0", "P3", "P5", "P9"}
    assert _informed_otherwise(pending(to(4, "P4", lapsed=True), to(6, "P6")), heard) == {"P5", "P9"}
    assert _informed_otherwise(pending(to(1, "P1"), obligation_id=8), heard) == set()


def readdressed(monkeypatch, people, *steps, matters=None, heard=()):
    asked = []
    monkeypatch.setattr("tasks.outbox.readdressing.queries.informed", lambda _, ids: asked.append(ids) or dict(heard))
    known = {7: MATTER, 8: MATTER} if matters is None else matters
    found = _readdressed(None, list(steps), known, Directory(people), TODAY)
    return [(one.due.obligation_id, one.made.silent, [who.contact_ref for who in one.made.new]) for one in found], asked


def test_only_steps_with_a_wrong_reader_are_readdressed_and_only_of_these_is_asked_who_has_heard(monkeypatch):
    right, wrong = pending(to(1, "P1")), pending(to(2, "P9"), to(3, "P1"), obligation_id=8)
    assert readdressed(monkeypatch, HERE, right) == ([], [])
    found, asked = readdressed(monkeypatch, HERE, right, wrong)
    assert (found, asked) == ([(8, {2: "it is for someone else now"}, [])], [[8]])


def test_who_stands_in_for_a_reader_on_leave_is_written_to_instead(monkeypatch):
    found, _ = readdressed(monkeypatch, DEPUTY, pending(to(1, "P1")))
    assert found == [(7, {1: AWAY}, ["P2"])]
    assert readdressed(monkeypatch, DEPUTY, pending(to(1, "P1")), heard={7: [InformedContact(9, "P2")]})[0] == [
        (7, {1: AWAY}, [])
    ], "who stands in has heard of it"


def test_a_reader_on_leave_without_a_stand_in_is_still_written_to_and_so_is_the_next_in_line(monkeypatch):
    alone = [police("P1", "officer", absent=True), *HERE[1:]]
    found, asked = readdressed(monkeypatch, alone, pending(to(1, "P1")))
    assert (found, asked) == ([(7, {}, ["S1"])], [[7]])


def test_a_step_of_a_later_version_or_of_an_obligation_that_nobody_can_read_is_left(monkeypatch):
    gone = pending(to(1, "P9"), step=len(LADDER) + 1)
    assert readdressed(monkeypatch, HERE, gone, pending(to(2, "P9"), obligation_id=9)) == ([], [])


class Written:
    """What is written: silences won, notes, substitutes, and whom each obligation leads to."""

    def __init__(self, monkeypatch, *, lost=()):
        self.lost, self.addressed, self.instead, self.grouped, self.notes = set(lost), [], [], [], {}
        for name in ("silence", "write_notes", "substitute", "record_addressed"):
            monkeypatch.setattr(f"tasks.outbox.readdressing.queries.{name}", getattr(self, name))
        self.policy = configuration.policy()
        chosen = SimpleNamespace(routes_of=lambda _: [])
        monkeypatch.setattr(readdressing, "settings", lambda: chosen)
        monkeypatch.setattr(readdressing, "_group", lambda _, new, *__: self.grouped.append(new))

    def silence(self, _, reasons):
        return set(reasons) - self.lost

    def write_notes(self, _, notes):
        self.notes |= notes

    def substitute(self, _, instead, __):
        self.instead += [(one.obligation_id, one.instead_of, one.told.contact_ref) for one in instead]
        return [100 + number for number, _ in enumerate(instead)]

    def record_addressed(self, _, obligation_id, addressed, through):
        self.addressed.append((obligation_id, addressed, through))


def write(monkeypatch, written, people, *steps):
    monkeypatch.setattr("tasks.outbox.readdressing.queries.due", lambda *_: list(steps))
    monkeypatch.setattr("tasks.outbox.readdressing.queries.informed", lambda *_: {})
    monkeypatch.setattr(readdressing, "transaction", nullcontext)
    monkeypatch.setattr("tasks.outbox.readdressing.parties.parties", lambda _, ids: dict.fromkeys(ids, MATTER))
    monkeypatch.setattr(readdressing, "directory_on", lambda *_: Directory(people))
    return readdressing.readdress(AT, TODAY)


def test_a_substitute_replaces_the_first_that_fell_silent_and_the_obligation_leads_to_them(monkeypatch):
    written = Written(monkeypatch)
    step = pending(to(4, "P1"), to(2, "P8"), to(3, "P9"), addressed=("P9", "P1", "S1", ""))
    assert write(monkeypatch, written, DEPUTY, step) == 1
    assert written.instead == [(7, 2, "P2")]
    ((obligation_id, addressed, through),) = written.addressed
    assert (obligation_id, addressed) == (7, ["", "P2", "S1"])
    assert through == sorted(through)
    assert {"P1", "P2"} <= set(through)
    assert written.grouped == [[100]]


def test_who_is_still_right_stays_one_of_those_that_the_obligation_leads_to(monkeypatch):
    written = Written(monkeypatch)
    step = pending(to(1, "P1"), to(2, "S1"), step=2, addressed=("P1", "S1"))
    assert write(monkeypatch, written, DEPUTY, step) == 1
    assert written.addressed[0][1] == ["P2", "S1"]


def test_what_waited_for_operations_goes_to_the_person_who_is_there_now(monkeypatch):
    written = Written(monkeypatch)
    assert write(monkeypatch, written, HERE, pending(to(1, None), addressed=("",))) == 1
    assert (written.instead, written.addressed[0][1]) == ([(7, 1, "P1")], ["P1"])


def test_what_another_worker_is_sending_already_is_not_sent_to_another_besides(monkeypatch):
    written = Written(monkeypatch, lost={1})
    assert write(monkeypatch, written, DEPUTY, pending(to(1, "P1"))) == 0
    assert (written.instead, written.addressed, written.grouped) == ([], [], [[]])
    some = Written(monkeypatch, lost={1})
    write(monkeypatch, some, DEPUTY, pending(to(1, "P1"), to(5, "P9"), to(4, "P8")))
    assert some.instead == [(7, 4, "P2")], "the first that was won"


def test_nothing_is_read_or_written_where_every_reader_is_right(monkeypatch):
    written = Written(monkeypatch)
    assert write(monkeypatch, written, HERE, pending(to(1, "P1"))) == 0
    assert write(monkeypatch, written, HERE) == 0
    assert written.grouped == []


@pytest.mark.parametrize(
    ("new", "today", "calls"), [([], TODAY, []), ([5], TODAY, ["letters", "urgent"]), ([5], SATURDAY, ["urgent"])]
)
def test_new_notifications_are_in_the_days_letters_on_working_days_alone(monkeypatch, new, today, calls):
    found = []
    monkeypatch.setattr("tasks.outbox.readdressing.digests.letters", lambda *_, only: found.append(("letters", only)))
    monkeypatch.setattr(
        "tasks.outbox.readdressing.urgent.at_once", lambda *given, **_: found.append(("urgent", given[-1]))
    )
    readdressing._group(None, new, AT, today)
    assert [name for name, _ in found] == calls
    next_working = {TODAY: date(2026, 3, 18), SATURDAY: date(2026, 3, 23)}[today]
    assert [given for name, given in found if name == "urgent"] == [next_working] * bool(calls)
