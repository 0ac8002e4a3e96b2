"""Of linked cases, if one is restricted, all are: what readers without access may not learn through a link."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from tasks.messages.agenda import send_agendas
from tasks.outbox import digests
from tasks.outbox.delivery import deliver
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.sittings import sits

URN = "45AB0001234"
TODAY, SITS = "Thu 19 Nov 2026", "Tue 24 Nov 2026"
REF = "45-south-east-2026-11-24"
HIDDEN = "1 restricted case: ask"


class Linked(OneCase):
    """`45/1234` has one incident and shares its URN with the restricted `45/9999`, which has seven breaches."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.say("update contacts set email = lower(contact_ref) || case agency when 'cps' then '@cps.gov.uk' "
                 "else '@surrey.police.uk' end")  # fmt: skip
        self.say("update cases set opened_on = '2026-11-02'")
        self.case("45/9999", opened_on="2026-11-03", oic_ref="S1", restricted=True)
        self.say("insert into case_keys (urn_root) values (:urn)", urn=URN)
        self.say("update cases set urn_key_id = (select id from case_keys where urn_root = :urn)", urn=URN)
        self.acts("45/1234", "2026-10-30", breach=False)
        for number in range(10, 17):
            self.acts("45/9999", f"2026-11-{number}", breach=True)

    def acts(self, case_ref: str, on: str, *, breach: bool) -> None:
        ref = f"I-{case_ref}-{on}"
        self.belongs("incidents", case_ref, incident_ref=ref, occurred_on=on, reported_on=on, breach=breach)

    def open(self) -> None:
        self.say("update cases set restricted = false")

    def may_read(self, *refs: str) -> None:
        self.say("update contacts set restricted_access = true where contact_ref = any(:refs)", refs=list(refs))

    def sends(self, on: str) -> dict[str, list[str]]:
        """Deliver a day's messages; return everything that each person's mails say, in every part of them."""
        made = deliver(configured(), at_london(day(on)))
        assert not made.dead, made.dead
        found: dict[str, list[str]] = {}
        for path in sorted((settings().home / "mail" / "new").glob("*")):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            found.setdefault(mail["To"].addresses[0].username, []).append(everything(mail))
        return found

    def agenda(self) -> dict[str, list[str]]:
        self.round(TODAY)
        sits(self, SITS)
        assert send_agendas.send(configured(), day(TODAY), at_london(day(TODAY))).refs == (REF,)
        return self.sends(TODAY)

    def digested(self, on: str = TODAY) -> dict[str, list[str]]:
        self.round(on)
        digests.group(configured(), day(on), at_london(day(on)))
        return self.sends(on)


def everything(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return "\n".join([str(mail["Subject"]), *(part if isinstance(part, str) else part.decode() for part in parts)])


@pytest.fixture
def book(database: Any, run_cli: Any, monkeypatch: pytest.MonkeyPatch) -> Linked:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return Linked(database, run_cli)


@pytest.mark.usefixtures("each_by_itself")
def test_an_agenda_tells_a_reader_without_access_nothing_of_a_case_that_is_linked_with_a_restricted_one(book):
    book.may_read("CS1")
    said = book.agenda()
    (hidden,), (shown,) = said["sp1"], said["cs1"]
    assert "10:00: 1 restricted case: ask a SPOC of your force who may read it" in hidden
    for word in ("/1234", "8 incidents", "breaches", "16 Nov", "2 Nov", URN):
        assert word not in hidden, word
    assert "8 incidents recorded, 7 of them breaches" in shown


def test_a_printed_agenda_counts_a_case_that_is_linked_with_a_restricted_one(book):
    sits(book, SITS)
    ran = book.cli("agenda", REF, "--as-of", day(TODAY).isoformat())
    assert ran.code == 0, ran.err
    assert HIDDEN in ran.out
    for word in ("/1234", "incidents", "breaches", "16 Nov"):
        assert word not in ran.out, word
    page = send_agendas.page(configured(), REF, day(TODAY))
    assert HIDDEN in page
    assert "/1234" not in page


def test_the_explanation_of_a_case_says_that_it_is_restricted_through_its_link(book):
    found = book.explain(TODAY).out
    assert "This case is restricted, because one that is linked with it is." in found
    book.open()
    assert "restricted" not in book.explain(TODAY).out


def test_the_explanation_of_a_case_that_is_marked_itself_says_so_alone(book):
    found = book.cli("explain", "45/45/9999", "--as-of", day(TODAY).isoformat()).out
    assert "This case is restricted.\n" in found


def test_an_action_that_was_given_by_the_shared_urn_does_not_reach_a_prosecutor_without_access(book):
    book.say(
        """insert into actions (key_id, source_id, action_ref, kind, source, owner_agency, status, raised_on, due_on,
                                owner_ref)
           select k.id, s.id, 'A-LEAK', 'DISCLOSURE_REVIEW', 'joint_review', 'cps', 'pending', '2026-11-04',
                  '2026-11-20', 'C1' from case_keys k, sources s where k.urn_root = :urn and s.agency is not null""",
        urn=URN,
    )
    book.changed()
    (said,) = book.digested()["c1"]
    assert HIDDEN in said
    for word in ("A-LEAK", "/1234", "20 Nov", "DISCLOSURE"):
        assert word not in said, word
    assert book.ask("select count(*) from notifications n join obligations o on o.id = n.obligation_id "
                    "where o.subject = 'action:A-LEAK' and n.contact_ref = 'C1'") == [1]  # fmt: skip


def test_with_access_the_action_of_the_linked_case_is_read_as_ever(book):
    book.may_read("P1")
    (said,) = book.digested()["p1"]
    assert "45/1234" in said
    assert HIDDEN not in said


def test_what_was_queued_before_the_linked_case_became_restricted_leaves_without_its_reference(book):
    book.open()
    book.round(TODAY)
    digests.group(configured(), day(TODAY), at_london(day(TODAY)))
    book.say("update cases set restricted = true where case_ref = '45/9999'")
    said = book.sends(TODAY)
    assert len(said) > 2
    for ref, (mail,) in said.items():
        assert re.search("[12] restricted cases?: ask", mail), ref
        assert "/1234" not in mail, ref


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("finalised_on = '2026-11-17', finalised_reason = 'nfa_police'", id="finalised"),
        pytest.param("withdrawn_on = '2026-11-17'", id="withdrawn"),
    ],
)
def test_a_restricted_case_that_is_over_protects_those_that_are_linked_with_it(book, statement):
    book.say(f"update cases set {statement} where case_ref = '45/9999'")
    book.changed()
    (said,) = book.digested()["p1"]
    assert HIDDEN in said
    assert "/1234" not in said


def test_a_case_that_is_linked_with_none_or_with_open_ones_alone_is_not_hidden(book):
    book.say("update cases set urn_key_id = null where case_ref = '45/9999'")
    book.changed()
    (said,) = book.digested()["p1"]
    assert "45/1234" in said
    assert HIDDEN not in said
