"""The pattern list in the week's letter: whose cases, which of them in full, and what is kept and audited of it."""

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select, update

from config.days.london import at_london
from config.routes import Channel
from config.settings import HERE
from config.terms import State
from flows.configured import configured
from models.audit import AuditRow
from models.outbox import Message
from models.pattern import ListedPattern
from models.queries import pattern
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from tasks.messages.composing import MessageBatch
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.letter.contexts import LetterContext, PatternList
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}
KEY = "c3" * 8


@pytest.fixture
def world(connection: Connection) -> ReviewRows:
    """SP1 and SP2 are SPOCs for Surrey, CS1 for CPS South East; no panel names anybody."""
    made = ReviewRows(connection)
    made.contact("SP1", roles=("spoc",))
    made.contact("SP2", roles=("spoc",), restricted_access=True)
    made.contact("CS1", roles=("spoc",), **CPS)
    return made


def harassment(world: ReviewRows, case_ref: str, acts: int = 2, force: str = "45", **given: object) -> int:
    """A harassment case led by SP1, with acts on the days up to Sunday 15 March."""
    ordinary = {"classification": "harassment", "offence_codes": ["PH97004"], "spoc_ref": "SP1"}
    case_id = world.case_of(case_ref, force, **ordinary | given)
    for number in range(acts):
        world.incident(f"{case_ref}-{number}", case_id, date(2026, 3, 15 - number), breach=False)
    return case_id


def lists(
    world: ReviewRows, *refs: str, channel: Channel = Channel.EMAIL, day: date = TUESDAY
) -> dict[str, PatternList | None]:
    """Compose the weekly letters of these readers, and keep and send what they list."""
    for ref in refs:
        world.message(ref, day=day, standing=True, channel=channel.value)
    batch = outbox.claim(world.connection, uuid4(), ClaimTerms(channel, AT_NINE), 50)
    known = MessageBatch(configured(), world.connection, batch, at_london(day))
    letters = LetterBatch(world.connection, batch, known)
    found: dict[str, PatternList | None] = {}
    for held in batch:
        made = letters.compose(held, known)
        assert isinstance(made.context, LetterContext), made.nothing
        pattern.keep(world.connection, held.id, made.listed or {})
        found[str(held.contact_ref)] = made.context.pattern
    ids = [held.id for held in batch]
    world.connection.execute(update(Message).where(Message.id.in_(ids)).values(state="sending"))
    outbox.settle(world.connection, ids, State.SENT, reason="", as_of=AT_NINE)
    return found


def references(found: PatternList | None) -> list[str]:
    return [one.reference for one in found.cases] if found else []


def test_who_leads_reads_it_on_either_side_and_nobody_else(world: ReviewRows) -> None:
    harassment(world, "1")
    harassment(world, "2", spoc_ref="SP2")
    harassment(world, "3", 1)
    harassment(world, "4", classification="stalking")
    harassment(world, "5", finalised_on=date(2026, 3, 1))
    found = lists(world, "SP1", "SP2", "CS1")
    assert {ref: references(one) for ref, one in found.items()} == {
        "SP1": ["45/1"], "SP2": ["45/2"], "CS1": ["45/1", "45/2"],
    }  # fmt: skip


def test_where_nobody_leads_every_spoc_reads_it(world: ReviewRows) -> None:
    harassment(world, "1", spoc_ref=None)
    found = lists(world, "SP1", "SP2")
    assert [references(one) for one in found.values()] == [["45/1"], ["45/1"]]


def test_a_case_is_absent_for_who_may_not_know_it_and_no_number_tells_of_it(world: ReviewRows) -> None:
    harassment(world, "1", restricted=True, spoc_ref=None)
    harassment(world, "2", barred_refs=["SP1", "CS1"], spoc_ref=None)
    found = lists(world, "SP1", "SP2", "CS1")
    assert (found["SP1"], found["CS1"], references(found["SP2"])) == (None, None, ["45/1", "45/2"])


def test_a_related_case_that_is_kept_apart_lists_nothing_even_for_who_may_read_it(world: ReviewRows) -> None:
    harassment(world, "1", 1, suspect_key=KEY, spoc_ref="SP2")
    harassment(world, "2", 0, suspect_key=KEY, restricted=True, classification="stalking")
    assert lists(world, "SP2") == {"SP2": None}


def test_a_case_is_listed_again_only_when_it_has_something_new(world: ReviewRows) -> None:
    case_id = harassment(world, "1")
    week = timedelta(days=7)
    first = lists(world, "SP1")["SP1"]
    second = lists(world, "SP1", day=TUESDAY + week)["SP1"]
    world.incident("late", case_id, date(2026, 3, 1), breach=False)
    third = lists(world, "SP1", day=TUESDAY + 2 * week)["SP1"]
    assert first
    assert second
    assert third
    assert [(one.fresh, one.unchanged, references(one)) for one in (first, second, third)] == [
        (1, 0, ["45/1"]), (0, 1, []), (1, 0, ["45/1"]),
    ]  # fmt: skip
    assert [one.again for one in (*first.cases, *third.cases)] == [False, True]


def test_a_case_whose_reason_was_recorded_since_its_latest_fact_is_counted(world: ReviewRows) -> None:
    harassment(world, "1", why_not_stalking_on=date(2026, 3, 15))
    harassment(world, "2", why_not_stalking_on=date(2026, 3, 14))
    found = lists(world, "SP1")["SP1"]
    assert found
    assert (found.answered, references(found), found.cases[0].recorded_on) == (1, ["45/2"], date(2026, 3, 14))


def test_a_letter_shows_the_three_most_urgent_and_attaches_all(world: ReviewRows) -> None:
    for number in range(8):
        harassment(world, str(number), risk="standard" if number < 5 else "medium")
    harassment(world, "8", why_not_stalking_on=date(2026, 3, 1), risk="high")
    found = lists(world, "SP1")["SP1"]
    assert found
    assert (found.fresh, references(found)) == (9, ["45/8", "45/5", "45/6"])
    assert [(case.reference, case.state) for case in found.listed[:8:7]] == [("45/8", "fresh"), ("45/3", "fresh")]
    harassment(world, "9")
    after = lists(world, "SP1", day=TUESDAY + timedelta(days=7))["SP1"]
    assert after
    assert (after.fresh, after.unchanged, references(after)) == (1, 9, ["45/9"])
    assert [case.state for case in after.listed] == ["fresh"] + ["unchanged"] * 9


def test_a_case_of_a_force_whose_first_day_is_to_come_is_on_no_list(
    world: ReviewRows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (HERE / "policy.yaml").read_text("utf-8").replace("\nstarts: {}", '\nstarts: {"46": 2026-04-01}')
    (tmp_path / "policy.yaml").write_text(text, "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    harassment(world, "1", spoc_ref=None)
    harassment(world, "2", force="46", spoc_ref=None)
    assert references(lists(world, "CS1")["CS1"]) == ["45/1"]


def test_no_other_channel_than_mail_has_a_list(world: ReviewRows) -> None:
    harassment(world, "1")
    assert lists(world, "SP1", channel=Channel.SLACK) == {"SP1": None}


def test_what_was_combined_is_audited_once_it_is_sent_without_a_key(world: ReviewRows) -> None:
    harassment(world, "1", suspect_key=KEY, victim_key=KEY)
    harassment(world, "2", 0, "46", suspect_key=KEY, classification="stalking")
    harassment(world, "3", 0, victim_key=KEY, classification="stalking")
    harassment(world, "4")
    lists(world, "SP1")
    rows = world.connection.execute(select(AuditRow).where(AuditRow.verb == "combination").order_by(AuditRow.reason))
    told = [(row.by, row.about, row.ref, row.to_ref, row.reason, row.detail["cases"]) for row in rows]
    assert told == [
        ("casebeat", "case", "45/1", "SP1", "same_suspect", ["46/2"]),
        ("casebeat", "case", "45/1", "SP1", "same_victim", ["45/3"]),
    ]
    assert KEY not in str(
        [*world.connection.execute(select(AuditRow)), *world.connection.execute(select(ListedPattern.keys))]
    )
