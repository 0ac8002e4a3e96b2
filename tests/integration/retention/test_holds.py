"""`casebeat hold`: who may hold a case, what is kept of it, and its release."""

import json

import pytest

from models.queries.retention import holds
from models.retention import LegalHold
from tests.integration.retention.over_book import OverBook
from tests.worlds.days import day
from tests.worlds.one_case import CASE
from tests.worlds.rows import AT_NINE

ON = "Tue 17 Mar 2026"


@pytest.fixture
def book(database, run_cli, monkeypatch):
    return OverBook(database, run_cli, monkeypatch)


def hold(book, *more, by="SP1"):
    return book.cli("hold", CASE, "--by", by, *more, "--as-of", day(ON).isoformat())


def test_a_case_is_held_once_for_one_reason_and_the_act_is_kept(book):
    done = hold(book, "--reason", "complaint", "--reference", "IOPC-2026/12")
    assert done.out == "45/45/1234 is held, and with it the cases of its URN: no purge erases them.\n"
    again = hold(book, "--reason", "complaint", "--reference", "IOPC-2026/12")
    assert again.out == "45/45/1234 is held for this already. Nothing was changed.\n"
    assert json.loads(hold(book, "--reason", "inquest", "--json").out)["changed"] == 1
    assert book.ask("select reason, reference, by_ref, door from holds order by id") == [
        ("complaint", "IOPC-2026/12", "SP1", "command"), ("inquest", None, "SP1", "command"),
    ]  # fmt: skip
    asked = "select by, ref, reason, detail->>'for', detail->>'door' from audit where reason = 'held' order by id"
    assert book.ask(asked) == [
        ("SP1", "45/45/1234", "held", "complaint", "command"), ("SP1", "45/45/1234", "held", "inquest", "command"),
    ]  # fmt: skip
    assert book.cli("hold").out.splitlines() == [
        "45/45/1234  complaint IOPC-2026/12, since Tue 17 Mar 2026, by SP1",
        "45/45/1234  inquest, since Tue 17 Mar 2026, by SP1",
    ]
    assert [json.loads(line)["reason"] for line in book.cli("hold", "--json").out.splitlines()] == [
        "complaint", "inquest",
    ]  # fmt: skip


def test_a_release_is_of_one_reason_or_of_all(book):
    for reason in ("complaint", "inquest", "appeal"):
        hold(book, "--reason", reason)
    assert json.loads(hold(book, "--release", "--reason", "inquest", "--json", by="L1").out)["changed"] == 1
    assert json.loads(hold(book, "--release", "--json", by="L1").out)["changed"] == 2
    none = hold(book, "--release")
    assert none.code == 2
    assert "No such hold is on 45/45/1234" in none.err
    assert book.ask("select distinct released_by, released_at is null from holds") == [("L1", False)]
    assert book.cli("hold").out == "No case is held.\n"
    assert hold(book, "--reason", "appeal").code == 0


def test_a_release_for_one_file_leaves_the_holds_for_others(book):
    for more in (("--reference", "IOPC-1"), ("--reference", "IOPC-2"), ()):
        hold(book, "--reason", "complaint", *more)
    either = hold(book, "--release", "--reason", "complaint")
    assert either.code == 2
    assert "for complaint by 3 files (IOPC-1, IOPC-2, one without a reference): name one with --reference" in either.err
    one = hold(book, "--release", "--reason", "complaint", "--reference", "IOPC-1")
    assert one.out == (
        "That hold on 45/45/1234 is released. It is still kept by 2 holds: complaint on 45/45/1234, complaint on "
        "45/45/1234.\n"
    )
    assert book.ask("select reference from holds where released_at is null order by id") == ["IOPC-2", None]
    assert book.ask("select detail->>'reference' from audit where reason = 'released'") == ["IOPC-1"]
    assert json.loads(hold(book, "--release", "--json").out)["changed"] == 2


def test_a_release_does_not_say_free_while_a_linked_case_is_held(book):
    book.case("45/LINKED")
    book.link("45/LINKED")
    hold(book, "--reason", "complaint")
    book.cli("hold", "45/45/LINKED", "--by", "SP1", "--reason", "inquest", "--as-of", day(ON).isoformat())
    assert hold(book, "--release").out == (
        "That hold on 45/45/1234 is released. It is still kept by 1 hold: inquest on 45/45/LINKED.\n"
    )


def test_the_holds_that_keep_a_case_are_its_own_and_those_of_its_urn_by_case_and_the_oldest_first(rows):
    root = rows.urn("45AA0000001")
    own, last, first = (rows.case_of(ref, urn_key_id=root) for ref in ("2", "3", "1"))
    for case_id, reason in (
        (own, "inquest"), (last, "appeal"), (own, "appeal"), (first, "appeal"), (rows.case_of("4"), "appeal"),
    ):  # fmt: skip
        through = {"by_ref": "sp1", "door": "command", "through_ref": "root"}
        rows.add(LegalHold, case_id=case_id, reason=reason, held_at=AT_NINE, **through)
    found = [(one.case_ref, one.reason) for one in holds.keeping(rows.connection, own)]
    assert found == [("1", "appeal"), ("2", "inquest"), ("2", "appeal"), ("3", "appeal")]


@pytest.mark.parametrize(
    ("arguments", "by", "sentence"),
    [
        (("--reason", "appeal"), "P1", "P1 is not one of those who may hold it: a SPOC or a lead of its force"),
        (("--reason", "appeal"), "M1", "M1 is not one of those who may hold it"),
        (("--reason", "appeal"), "X9", "X9 is not a known contact who is active on Tue 17 Mar 2026."),
        ((), "SP1", "Give --by, and --reason or --release."),
        (("--reason", "appeal", "--reference", "two words"), "SP1", "--reference is of letters"),
        (("--release", "--reference", "two words"), "SP1", "--reference is of letters"),
        (("--release", "--reference", "A1"), "SP1", "No such hold is on 45/45/1234"),
    ],
)
def test_who_may_not_hold_and_what_is_no_hold_is_refused(book, arguments, by, sentence):
    refused = hold(book, *arguments, by=by)
    assert refused.code == 2
    assert sentence in refused.err
    assert book.ask("select count(*) from holds") == [0]


def test_a_case_that_is_not_there_and_one_from_which_the_person_is_barred_read_the_same(book):
    book.say("update cases set barred_refs = '{SP1}'")
    barred = hold(book, "--reason", "appeal")
    unknown = book.cli("hold", "45/NO", "--by", "SP1", "--reason", "appeal", "--as-of", day(ON).isoformat())
    assert (barred.code, unknown.code) == (2, 2)
    assert barred.err.replace("45/45/1234", "45/NO") == unknown.err


def told(book):
    """Whom the next letter tells of a hold, and whether of its release."""
    return book.ask(
        """select m.contact_ref, a.undoes from messages m join acts a on a.id = m.about::bigint
           where m.kind = 'act' and a.hold_id is not null order by m.id"""
    )


def test_whoever_placed_a_hold_is_told_of_it_and_of_its_release(book):
    hold(book, "--reason", "complaint")
    assert told(book) == [("SP1", False)]
    hold(book, "--reason", "complaint")
    hold(book, "--release", by="L1")
    assert told(book) == [("SP1", False), ("L1", True), ("SP1", True)], "and who released it, in whose name anyone may"
