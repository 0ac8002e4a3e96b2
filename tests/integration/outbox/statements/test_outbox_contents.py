"""What a message's contents depend on, so that it is composed again; and its name outside."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import update

from models.cases import Case
from models.intake import Extract
from models.obligations import Obligation, Promise
from models.outbox import Notification
from models.queries.outbox import outbox
from models.queries.outbox.outbox import ClaimTerms
from models.sittings import Convening
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)


def extract(rows, extract_id: str, state: str = "loaded") -> None:
    rows.add(Extract, extract_id=extract_id, content="", state=state, judged_at=AT_NINE, counts={})


def changed(rows, message_id: int, does) -> bool:
    """Return whether something changes what a message depends on."""
    before = outbox.fingerprints(rows.connection, [message_id])
    does()
    after = outbox.fingerprints(rows.connection, [message_id])
    assert set(before) == set(after) == {message_id}
    return before != after


def test_a_letter_depends_on_what_it_tells_and_on_the_last_extract_alone(rows):
    letter, theirs = rows.message("of1"), rows.message("of2")
    cases = {name: rows.case_of(name) for name in ("promised", "plain", "other", "unrelated")}
    owed = {name: rows.critical(case_id) for name, case_id in cases.items()}
    owed["organisation"] = rows.critical(None, rule="panel-missing")
    held = [rows.notification(owed[name], letter, "of1") for name in ("promised", "plain", "organisation")]
    rows.notification(owed["other"], theirs, "of2")
    promised = rows.promise(owed["promised"], until_on=TUESDAY, by_ref="of1", ended_on=TUESDAY, end="renewed")

    def change(name: str, **given) -> None:
        rows.connection.execute(update(Obligation).where(Obligation.id == owed[name]).values(**given))

    for what, expected, does in (
        ("a step", True, lambda: change("plain", last_step=4)),
        ("another's step", False, lambda: change("other", last_step=4)),
        ("the organisation's step", True, lambda: change("organisation", last_step=4)),
        ("a promise", True, lambda: rows.promise(owed["promised"], until_on=TUESDAY + DAY, by_ref="of1")),
        ("its promises' order", False, lambda: rows.move_back(Promise, promised)),
        ("another's promise", False, lambda: rows.promise(owed["other"], until_on=TUESDAY + DAY, by_ref="of1")),
        ("a restriction", True, lambda: rows.say_of(cases["plain"], restricted=True)),
        ("another's restriction", False, lambda: rows.say_of(cases["unrelated"], restricted=True)),
        ("the rows' order", False, lambda: rows.move_back(Notification, held[0])),
        ("its obligations' order", False, lambda: rows.move_back(Obligation, owed["promised"])),
        ("an extract", True, lambda: extract(rows, "X-1")),
        ("the next extract", True, lambda: extract(rows, "X-2")),
        ("a refused one", False, lambda: extract(rows, "X-3", "refused")),
    ):  # fmt: skip
        assert changed(rows, letter, does) is expected, what


def test_an_agenda_and_the_letter_that_it_travels_in_depend_on_the_sittings_cases(rows):
    letter, empty = rows.message("of1"), rows.message("of2")
    sitting, other = rows.sitting("SITTING-1", TUESDAY + 7 * DAY), rows.sitting("SITTING-2", TUESDAY + 8 * DAY)
    agenda = rows.message("of1", kind="agenda", about="SITTING-1", letter_id=letter)
    rows.message("of2", kind="agenda", about="SITTING-2", letter_id=empty)
    cases = [rows.case_of(f"T{at}") for at in range(4)]
    convened = [rows.convening(cases[at], sitting, slot=at) for at in range(2)]
    for message, restricted in ((letter, True), (agenda, False)):
        for what, expected, does in (
            ("the rows' order", False, lambda: rows.move_back(Convening, convened[0])),
            ("its cases' order", False, lambda: rows.move_back(Case, cases[0])),
            ("another's restriction", False, partial(rows.say_of, cases[2], restricted=restricted)),
            ("a restriction", True, partial(rows.say_of, cases[0], restricted=restricted)),
        ):  # fmt: skip
            assert changed(rows, message, does) is expected, what
        assert not changed(rows, empty, partial(rows.say_of, cases[1], restricted=restricted))
    assert changed(rows, agenda, lambda: rows.convening(cases[2], sitting, slot=2))
    assert not changed(rows, agenda, lambda: rows.convening(cases[3], other))


def test_a_message_after_void_ones_of_its_key_has_a_name_of_its_own(rows):
    rows.contact("of1")
    for key in ("plain", "undone", "again"):
        rows.message("of1", key=key)
    first, second = rows.undoing(), rows.undoing()
    for undoing, key in ((first, "undone"), (first, "again"), (second, "again")):
        rows.message("of1", key=f"void:{undoing}:{key}", state="void")
    found = outbox.claim(rows.connection, UUID(int=1), ClaimTerms("email", AT_NINE), 9)
    signs = {one.key: one.sign for one in found}
    assert signs == {"plain": "plain", "undone": "undone#1", "again": "again#2"}
