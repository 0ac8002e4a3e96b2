"""A letter is composed of all that its reader is responsible for, or was notified of, as of now."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import Addressee, Happening, Risk
from flows.configured import configured
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from models.rules.people.readdressing import LEFT
from tasks.messages.act import KIND as ACT
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import EnclosedMessage, FactsAsOf, ObligationItem
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.letter.contexts import ChangedCases, LetterContext
from tasks.messages.transfer import KIND as TRANSFER
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY


@pytest.fixture
def world(connection: Connection) -> ReviewRows:
    """SP1 is SPOC for Surrey, OF1 an officer there."""
    made = ReviewRows(connection)
    made.contact("SP1", roles=("spoc",))
    made.contact("OF1")
    return made


def composed(
    world: ReviewRows, enclosed: Mapping[int, Sequence[EnclosedMessage]] | None = None
) -> dict[str, ComposedMessage]:
    """Each waiting letter, by its reader; nobody for one to operations."""
    batch = outbox.claim(world.connection, uuid4(), ClaimTerms(Channel.EMAIL, AT_NINE), 50)
    known = MessageBatch(configured(), world.connection, batch, AT_NINE)
    known.enclosed = {id_: list(those) for id_, those in (enclosed or {}).items()}
    letters = [held for held in batch if held.kind is MessageKind.LETTER]
    composing = LetterBatch(world.connection, letters, known)
    return {held.contact_ref or "": composing.compose(held, known) for held in letters}


def letter(world: ReviewRows, ref: str = "SP1", **given: object) -> LetterContext:
    made = composed(world, **given)[ref]
    assert isinstance(made.context, LetterContext), made.nothing
    return made.context


def counts(found: LetterContext) -> dict[str, int]:
    return {one.what: one.number for one in found.counts}


def owes(world: ReviewRows, case_ref: str, days: int, force: str = "45", **given: object) -> int:
    """A matter of a new case that falls due so many days after today."""
    of_case = {name: given.pop(name) for name in ("restricted", "spoc_ref", "risk") if name in given}
    case_id = world.case_of(case_ref, force, **of_case)
    return world.owes(case_id, TUESDAY + timedelta(days=days), force, **given)


def limit(world: ReviewRows, case_ref: str, days: int, force: str = "45", **given: object) -> int:
    return owes(world, case_ref, days, force, rule="bail-end", hard=True, stalls=False, **given)


def told(world: ReviewRows, obligation_id: int, message_id: int, ref: str | None = "SP1", **given: object) -> None:
    world.notification(obligation_id, message_id, ref, **{"step": 1, "step_name": "reminder"} | given)


def test_limits_are_counted_by_their_days_and_those_that_ran_out_long_ago_by_number(world: ReviewRows) -> None:
    for days in (-40, -29, -28, -1, 0, 7, 8):
        limit(world, f"L{-days}", days)
    told(world, limit(world, "NEWS", -30), world.message("SP1"))
    found = letter(world)
    assert [one.days for one in found.limits] == [28, 1, 0, -7]
    assert counts(found) == {"passed": 2, "within_7_days": 2, "old": 3}
    assert {one.what: one.number for one in found.rest} == {"old": 2}


def test_a_limit_of_another_place_is_read_by_who_was_notified_of_it_and_may_know_it(world: ReviewRows) -> None:
    earlier = world.message("SP1", state="sent", day=date(2026, 3, 16))
    for ref, days, given in (("T1", 3, {}), ("T2", 9, {}), ("T3", 3, {"restricted": True})):
        told(world, limit(world, ref, days, "46", **given), earlier, state="sent")
    told(world, owes(world, "1", -1), world.message("SP1", standing=True))
    found = letter(world)
    assert [one.reference for one in found.limits] == ["46/T1"]
    assert "later" not in counts(found)
    assert found.restricted == 1


@pytest.mark.parametrize("standing", [True, False])
def test_who_answers_for_a_place_has_a_letter_a_week_whatever_there_is(world: ReviewRows, standing: bool) -> None:
    world.message("SP1", standing=standing)
    made = composed(world)["SP1"]
    assert (made.context is not None, made.nothing) == ((True, "") if standing else (False, "nothing to say"))


@pytest.mark.parametrize(("days", "standing", "written"), [(-1, True, True), (0, True, False), (-1, False, False)])
def test_who_answers_for_none_has_one_while_something_of_theirs_is_overdue(
    world: ReviewRows, days: int, standing: bool, written: bool
) -> None:
    told(world, owes(world, "1", days), world.message("OF1", state="sent", day=date(2026, 3, 16)), "OF1", state="sent")
    world.message("OF1", standing=standing)
    made = composed(world)["OF1"]
    assert (made.context is not None) is written
    if isinstance(made.context, LetterContext):
        assert made.context.standing is not None
        assert [one.reference for one in made.context.standing.still_open] == ["45/1"]
        assert (made.context.leads, counts(made.context)) == (False, {"critical": 1})


def test_a_letter_to_nobody_who_is_known_says_nothing_of_a_standing(world: ReviewRows) -> None:
    told(world, owes(world, "1", -1), world.message("GONE", standing=True), "GONE")
    found = letter(world, "GONE")
    assert (found.standing, found.reader, found.leads) == (None, "operations", False)


def test_a_standing_lists_what_no_block_does(world: ReviewRows) -> None:
    for ref in ("1", "2"):
        owes(world, ref, -9, escalate_on=TUESDAY - timedelta(days=5))
    message = world.message("SP1", standing=True)
    told(world, owes(world, "3", -9, escalate_on=TUESDAY - timedelta(days=5), version=1), message, step=3)
    found = letter(world)
    assert found.standing is not None
    assert [case.reference for case in found.standing.stalled] == ["45/1", "45/2"]
    assert [one.reference for one in found.yours] == ["45/3"]
    assert counts(found) == {"stalled": 3}
    assert (found.rest, found.places) == ((), ("Surrey (45)",))
    assert {one.reference for one in found.listed} == {"45/1", "45/2", "45/3"}


def test_a_spoc_who_newly_leads_reads_how_these_cases_stand_and_no_others(world: ReviewRows) -> None:
    since = {"escalate_on": TUESDAY - timedelta(days=5)}
    owes(world, "OTHER", -9, spoc_ref="SP9", **since)
    mine = owes(world, "MINE", -9, spoc_ref="SP1", **since)
    owes(world, "MINE-TOO", -9, spoc_ref="SP1", **since)
    world.contact("SP9", roles=("spoc",))
    handed = {"happening": Happening.HANDED_OVER, "addressee": Addressee.SPOC, "step": 3, "step_name": "critical"}
    told(world, mine, world.message("SP1"), **handed)
    told(world, owes(world, "SOON", 1, spoc_ref="SP9"), world.message("SP9"), "SP9")
    made = composed(world)
    standings = {ref: one.context.standing for ref, one in made.items() if isinstance(one.context, LetterContext)}
    assert standings["SP9"] is None
    assert standings["SP1"] is not None
    assert standings["SP1"].leads_anew
    assert [case.reference for case in standings["SP1"].stalled] == ["45/MINE-TOO"]


def test_what_travels_in_a_letter_is_in_it_one_kind_after_the_other(world: ReviewRows) -> None:
    message = world.message("SP1")
    act = EnclosedMessage(MessageKind.ACT, next(iter(ACT.sampled().values())))
    transfers = [EnclosedMessage(MessageKind.TRANSFER, one) for one in TRANSFER.sampled().values()]
    found = letter(world, enclosed={message: (transfers[1], act, transfers[0])})
    assert found.enclosed == (transfers[1], transfers[0], act)


def test_a_letter_tells_of_meetings_of_the_next_three_working_days(world: ReviewRows) -> None:
    for number, days in enumerate((0, 1, 3, 6)):
        sitting = world.sitting(f"s{number}", TUESDAY + timedelta(days=days), chair_ref="SP1")
        world.convening(world.case_of(f"C{number}"), sitting)
    told(world, owes(world, "1", -1), world.message("SP1"))
    refs = [one.ref for one in letter(world).sittings]
    assert refs[-1] == "s2"
    assert "s3" not in refs


def test_what_cannot_wait_makes_nobody_lead_anew_in_their_letter(world: ReviewRows) -> None:
    handed = {"happening": Happening.HANDED_OVER, "addressee": Addressee.SPOC}
    told(world, owes(world, "1", -1), world.message("SP1", kind=MessageKind.AT_ONCE), **handed)
    told(world, owes(world, "2", -1), world.message("SP1", kind=MessageKind.LETTER))
    assert letter(world).standing is None


def test_a_standing_tells_when_the_last_one_was_sent(world: ReviewRows) -> None:
    world.message("SP1", standing=True, state="sent", day=date(2026, 3, 9))
    world.message("SP1", standing=True)
    found = letter(world)
    assert found.standing is not None
    assert found.standing.since == date(2026, 3, 9)


def test_who_has_left_gets_nothing_of_what_ended_whatever_travels_with_it(world: ReviewRows) -> None:
    act = EnclosedMessage(MessageKind.ACT, next(iter(ACT.sampled().values())))
    ended = owes(world, "1", -1, ended_on=TUESDAY, end_reason="met")
    message = world.message("GONE")
    told(world, ended, message, "GONE", happening=Happening.RESOLVED)
    assert composed(world, {message: (act,)})["GONE"].nothing == LEFT
    world.message("GONE")
    assert composed(world)["GONE"].nothing == LEFT


def test_a_restricted_case_is_counted_and_not_listed(world: ReviewRows) -> None:
    earlier = world.message("OF1", state="sent", day=date(2026, 3, 16))
    told(world, owes(world, "1", -2, restricted=True), earlier, "OF1", state="sent")
    told(world, owes(world, "2", -2, risk=Risk.MEDIUM), earlier, "OF1", state="sent")
    told(world, owes(world, "3", -1), earlier, "OF1", state="sent")
    message = world.message("OF1", standing=True)
    told(world, owes(world, "4", -1, restricted=True), message, "OF1")
    found = letter(world, "OF1")
    assert [one.reference for one in found.listed] == ["45/3", "45/2"]
    assert (counts(found), found.restricted) == ({"critical": 2}, 2)
    assert found.standing is not None
    assert [one.reference for one in found.standing.still_open] == ["45/3", "45/2"]


def test_a_deputy_reads_in_whose_place_they_answer_and_what_cannot_be_seen_there(world: ReviewRows) -> None:
    world.contact("D1")
    world.contact("SP3", roles=("spoc",), force_codes=["46"], deputy_ref="D1")
    world.absence("SP3", TUESDAY, TUESDAY)
    world.connection.exec_driver_sql("update sources set covers = '{46}'")
    world.connection.exec_driver_sql("delete from source_columns")
    world.message("D1", standing=True)
    world.message("SP1", standing=True)
    made = {ref: one.context for ref, one in composed(world).items()}
    assert isinstance(made["D1"], LetterContext)
    assert isinstance(made["SP1"], LetterContext)
    assert made["D1"].instead_of == ("spoc",)
    standings = made["D1"].standing, made["SP1"].standing
    assert [len(one.unseen) if one else None for one in standings] == [1, 0]


@pytest.mark.parametrize(("covers", "places"), [("45,46", ("Surrey (45)",)), ("01", ())])
def test_a_letter_says_of_which_day_the_facts_are_of_files_that_a_source_of_its_cases_leaves_out(
    world: ReviewRows, covers: str, places: tuple[str, ...]
) -> None:
    told(world, owes(world, "1", -1), world.message("SP1"))
    world.connection.exec_driver_sql(f"update sources set covers = '{{{covers}}}'")
    world.connection.exec_driver_sql(
        """insert into source_files (source_id, file, sent_at, left_out_at)
           select id, file, '2026-03-13 05:00Z', '2026-03-16 05:00Z' from sources cross join
           unnest(array['actions.csv', 'orders.csv', 'contacts.csv']) file"""
    )
    old = FactsAsOf(day=date(2026, 3, 13), places=places, files=("actions.csv", "orders.csv"))
    assert letter(world).as_of == ((old,) if places else ())


def stalled(world: ReviewRows, case_ref: str, since: int, **given: object) -> int:
    """A case that is stalled since so many days after today, known of since February."""
    return owes(world, case_ref, since - 1, **{"escalate_on": TUESDAY + timedelta(days=since)} | given)


def last_letter(world: ReviewRows, ref: str = "SP1", days: int = 1) -> date:
    """A letter that was sent so many days before today."""
    day = TUESDAY - timedelta(days=days)
    world.message(ref, state="sent", day=day, sending_at=AT_NINE - timedelta(days=days))
    return day


def named(found: ChangedCases) -> list[str]:
    return [case.reference for case in found.cases] + [f"{found.more} more"] * bool(found.more)


def test_what_changed_is_told_by_the_days_of_what_is_owed_and_of_what_ended_since_the_last_letter(
    world: ReviewRows,
) -> None:
    since, met = last_letter(world), {"ended_on": TUESDAY, "end_reason": "met"}
    last_letter(world, days=6)
    world.message("SP1", state="queued", day=since)
    stalled(world, "NEW", 0, risk=Risk.MEDIUM)
    stalled(world, "LATE-KNOWN", -9, began_on=TUESDAY, spoc_ref="SP1")
    stalled(world, "KNOWN-AFTER", -8, began_on=since, begun_after_letters=True, spoc_ref="SP1")
    stalled(world, "CLEARED", -9, **met)
    stalled(world, "CLEARED-BEFORE", -9, ended_on=since, end_reason="met")
    stalled(world, "CLEARED-AFTER", -8, ended_on=since, end_reason="met", after_letters=True)
    stalled(world, "VOID", -9, ended_on=TUESDAY, end_reason="void")
    stalled(world, "SOON", 1)
    stalled(world, "SECRET", 0, restricted=True)
    stalled(world, "ELSEWHERE", 0, force="46")
    limit(world, "LOST", -1, **met | {"lost": True})
    limit(world, "LOST-BEFORE", -1, ended_on=since, end_reason="met", lost=True)
    moved, still = world.case_of("MOVED"), world.case_of("STILL")
    world.owes(moved, TUESDAY - timedelta(days=9), ended_on=TUESDAY, end_reason="moved")
    world.owes(moved, TUESDAY - timedelta(days=5), version=2, chain_from=1, began_on=TUESDAY)
    for rule, days in (("joint-review", 9), ("no-progress", 0)):
        world.owes(still, TUESDAY - timedelta(days=days + 1), rule=rule, escalate_on=TUESDAY - timedelta(days=days))
    told(world, owes(world, "1", 1, stalls=False), world.message("SP1"))
    changed = letter(world).changed
    assert changed is not None
    assert changed.since == since
    assert named(changed.stalled) == ["45/LATE-KNOWN", "45/KNOWN-AFTER", "45/NEW"]
    assert [(case.reference, case.title) for case in changed.lost.cases] == [("45/LOST", "End of pre-charge bail")]
    assert named(changed.cleared) == ["45/CLEARED", "45/CLEARED-AFTER"]
    assert named(changed.still) == ["45/STILL", "45/MOVED"]


def test_what_was_lost_since_the_last_letter_is_counted_and_listed_as_it_is_named_though_nobody_was_told_of_it(
    world: ReviewRows,
) -> None:
    last_letter(world)
    lost = {"ended_on": TUESDAY, "end_reason": "met", "lost": True}
    message_id = world.message("SP1")
    told(world, limit(world, "TOLD", -1, **lost), message_id, happening=Happening.RESOLVED, step=0, step_name="")
    limit(world, "UNTOLD", -1, **lost)
    limit(world, "SECRET", -1, restricted=True, **lost)
    found = letter(world)
    assert found.changed is not None
    assert sorted(entry.reference for entry in found.lost) == ["45/TOLD", "45/UNTOLD"]
    assert counts(found)["lost"] == found.changed.lost.number == 2


def test_the_five_most_pressing_are_named_and_the_rest_is_counted(world: ReviewRows) -> None:
    last_letter(world)
    for number, risk in enumerate((Risk.STANDARD, *[Risk.HIGH] * 6)):
        stalled(world, f"C{number}", 0, risk=risk)
    told(world, owes(world, "1", 1, stalls=False), world.message("SP1"))
    found = letter(world)
    assert found.changed is not None
    assert named(found.changed.stalled) == ["45/C1", "45/C2", "45/C3", "45/C4", "45/C5", "2 more"]
    assert counts(found)["stalled"] == found.changed.stalled.number


def test_only_the_first_letter_that_somebody_ever_gets_says_what_it_is(world: ReviewRows) -> None:
    last_letter(world)
    for ref in ("SP1", "OF1"):
        told(world, owes(world, ref, 1, stalls=False), world.message(ref), ref)
    contexts = {ref: one.context for ref, one in composed(world).items()}
    assert {ref: one.first for ref, one in contexts.items() if isinstance(one, LetterContext)} == {
        "SP1": False, "OF1": True,
    }  # fmt: skip


def test_nothing_is_new_in_a_first_letter_and_an_officers_says_nothing_of_a_place(world: ReviewRows) -> None:
    stalled(world, "OLD", -9)
    for ref in ("SP1", "OF1"):
        told(world, owes(world, ref, 1, stalls=False), world.message(ref), ref)
    contexts = {ref: one.context for ref, one in composed(world).items()}
    changes = {ref: one.changed for ref, one in contexts.items() if isinstance(one, LetterContext)}
    found = changes["SP1"]
    assert found is not None
    assert (found.since, named(found.stalled), named(found.still)) == (None, [], ["45/OLD"])
    assert changes["OF1"] is None


@pytest.mark.parametrize(("days", "unchanged"), [(1, True), (5, False)])
def test_a_letter_in_which_nothing_changed_and_nothing_is_due_says_so(
    world: ReviewRows, days: int, unchanged: bool
) -> None:
    since = last_letter(world, days=days)
    stalled(world, "OLD", -1)
    world.message("SP1", standing=True)
    assert letter(world).unchanged_since == (since if unchanged else None)


def test_a_letter_that_tells_of_a_restricted_case_alone_does_not_say_that_nothing_changed(world: ReviewRows) -> None:
    last_letter(world)
    told(world, owes(world, "SECRET", -1, restricted=True), world.message("SP1"))
    found = letter(world)
    assert found.changed is not None
    assert (found.restricted, found.unchanged_since, found.changed.unread) == (1, None, True)


def links(item: ObligationItem) -> list[str]:
    """The answers that are offered about a matter."""
    return [name for name in ("have_it", "done", "not_mine", "show") if getattr(item.reply, name, "")]


def test_a_link_is_offered_only_to_whom_its_answer_would_be_done(
    world: ReviewRows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("MAILDIR", str(tmp_path)), ("ADDRESS", "replies@surrey.police.uk")):
        monkeypatch.setenv(f"CASEBEAT_REPLIES__{name}", value)
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    for ref, role in (("CL1", "lead"), ("CS1", "spoc")):
        world.contact(ref, roles=(role,), agency="cps", force_codes=[], cps_areas=["South East"])
    known, _ = (limit(world, ref, 5, owed_by="police", last_step=1) for ref in ("KNOWN", "UNKNOWN"))
    renewed = limit(world, "RENEWED", 6, owed_by="police")
    world.promise(renewed, until_on=TUESDAY, by_ref="SP1", renewals=2)
    told(world, known, world.message("SP1"))
    world.message("CL1", standing=True)
    contexts = {ref: made.context for ref, made in composed(world).items()}
    offered = {
        ref: {one.reference: links(one) for one in context.limits}
        for ref, context in contexts.items()
        if isinstance(context, LetterContext)
    }
    assert offered["SP1"] == {
        "45/KNOWN": ["have_it", "not_mine", "show"],
        "45/UNKNOWN": ["have_it", "show"],
        "45/RENEWED": ["show"],
    }
    assert not any(offered["CL1"].values()), "police owe them, and CPS's lead was told of none"


def test_operations_have_no_standing_and_people_are_read_beside_them(world: ReviewRows) -> None:
    told(world, owes(world, "1", -1), world.message(None), None)
    told(world, owes(world, "2", -1), world.message("SP1"))
    made = composed(world)
    assert set(made) == {"", "SP1"}
    assert isinstance(made[""].context, LetterContext)
    assert (made[""].context.reader, made[""].context.leads) == ("operations", False)
