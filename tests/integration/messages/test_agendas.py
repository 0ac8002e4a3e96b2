"""Agendas on a real book: their days, their readers, the marks for new lines, and restricted cases."""

import csv
import html
import io
import re
from datetime import date, time
from email import message_from_bytes, policy
from itertools import groupby

import pytest
from sqlalchemy import text

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from flows.refresh import refresh
from flows.round_steps import whole_round
from models.errors import Refuse
from models.queries import driver
from models.queries.outbox import outbox
from models.rules.obligations.rulebook import RULES
from tasks.messages.agenda import send_agendas
from tasks.messages.agenda.composing import gather, own_cases
from tasks.outbox.delivery import deliver
from tasks.platform.templates import names
from tests.support.verdicts import faults
from tests.worlds import agendas as agenda_world
from tests.worlds.agendas import AgendaWorld
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase, away, contact, left
from tests.worlds.panels import TUESDAYS, PanelWorld
from tests.worlds.sittings import HELD, convene, record, sits, sitting

pytestmark = pytest.mark.usefixtures("each_by_itself")

TUESDAY = "Tue 24 Mar 2026"
BEFORE = "Thu 19 Mar 2026"  # three working days ahead
REF = "45-south-east-2026-03-24"


@pytest.fixture
def book(database, run_cli) -> OneCase:
    made = OneCase(database, run_cli)
    made.round("Mon 16 Mar 2026")
    sitting(made, TUESDAY)
    convene(made, REF)
    return made


def send(on=BEFORE, clock=time(8), *, book=None):
    """Do a round's part: evaluate the book, where it is given, then decide and deliver agendas."""
    at = at_london(day(on), clock)
    if book:
        book.changed()
        refresh(configured(), day(on), at)
    sent = send_agendas.send(configured(), day(on), at)
    deliver(configured(), at)
    assert sent.failed == ()
    return sent.refs


def test_an_agenda_names_who_comes_as_their_calendars_have_it(book):
    send(book=book)
    (chair, *_) = texts(book)
    assert "\nComing: Robin Example (chair), Robin Example (SPOC), Robin Example (officer).\n" in chair


def written(book):
    return book.ask("select contact_ref, state from messages where kind = 'agenda' order by key")


def mails(book, occasion="before"):
    folder = settings().home / "mail" / "new"
    found = {}
    for path in sorted(folder.glob("agenda*")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if f"{occasion}" in path.name:
            found[mail["To"].addresses[0].addr_spec, path.name] = mail
    return list(found.values())


def texts(book, occasion="before"):
    return [mail.get_body(("plain",)).get_content().replace("\r\n", "\n") for mail in mails(book, occasion)]


@pytest.mark.parametrize(
    ("on", "sent"),
    [
        row("four working days ahead", "Wed 18 Mar 2026", ()),
        row("three working days ahead", BEFORE, (REF,)),
        row("two, the day before having been missed", "Fri 20 Mar 2026", (REF,)),
        row("on a Saturday", "Sat 21 Mar 2026", ()),
        row("on the morning, when nobody has had one", TUESDAY, (REF,)),
        row("the day after", "Wed 25 Mar 2026", ()),
    ],
)
def test_an_agenda_is_sent_from_three_working_days_ahead_on(book, on, sent):
    assert send_agendas.send(configured(), on, at_london(on)).refs == sent


def test_it_goes_to_the_chair_and_both_spocs_once_however_often_it_is_called(book):
    assert send(book=book) == (REF,)
    assert written(book) == [("CS1", "shown"), ("SP1", "shown")]  # SP1 is the chair, and the police's SPOC
    assert send("Fri 20 Mar 2026", book=book) == ()
    assert send("Mon 23 Mar 2026", book=book) == ()
    assert len(written(book)) == 2


def test_it_is_said_from_eight_and_on_the_morning_at_once_where_the_sitting_begins_soon(book):
    book.say("update sittings set starts_at = '2026-03-24T08:30Z'")
    send_agendas.send(configured(), day(BEFORE), at_london(day(BEFORE), time(6)))
    assert book.ask("select distinct due_at from messages where kind = 'agenda'") == [at_london(day(BEFORE))]
    at = at_london(day(TUESDAY), time(6))
    book.say("update sittings set place = 'Room 3'")
    send_agendas.send(configured(), day(TUESDAY), at)
    assert book.ask("select distinct due_at from messages where key like '%morning%'") == [at]


def test_nobody_gets_an_agenda_of_a_sitting_that_has_begun(book):
    assert send(TUESDAY, time(10)) == ()


@pytest.mark.parametrize(
    "change",
    [
        row("an incident is reported", "incident"),
        row("an action's day is another", "day"),
        row("the place is another", "place"),
        row("a case comes", "case"),
        row("a case goes", "gone"),
        row("an action is done", "done"),
        row("a case becomes restricted", "restricted"),
    ],
)
def test_what_changed_is_sent_again_on_the_morning(book, change):
    def comes():
        book.case("45/8888")
        convene(book, REF, "45/8888")

    book.case("45/9999")
    convene(book, REF, "45/9999")
    send(book=book)
    done = {
        "incident": lambda: book.belongs(
            "incidents", incident_ref="I9", occurred_on="2026-03-20", reported_on="2026-03-20", breach=False
        ),
        "day": lambda: book.say("update obligations set due_on = '2026-03-22' where rule = 'action'"),
        "place": lambda: book.say("update sittings set place = 'Room 3'"),
        "case": comes,
        "gone": lambda: book.say("""update convenings set ended_on = '2026-03-20', "end" = 'moved' where slot = 1"""),
        "done": lambda: book.say("update actions set status = 'done', closed_on = '2026-03-20'"),
        "restricted": lambda: book.say("update cases set restricted = true"),
    }
    done[change]()
    assert send(TUESDAY) == (REF,)
    assert len(written(book)) == 4
    assert send(TUESDAY) == ()


def test_a_change_of_a_case_that_somebody_is_barred_from_sends_them_nothing_on_the_morning(book):
    book.say("update contacts set email = contact_ref || '@surrey.police.uk'")
    book.case("45/9999")
    convene(book, REF, "45/9999")
    book.say("update cases set barred_refs = '{CS1}' where case_ref = '45/9999'")
    send(book=book)
    (hers,) = [mail for mail in mails(book) if mail["To"].addresses[0].username == "CS1"]
    assert "9999" not in hers.as_string()
    book.belongs("incidents", "45/9999", incident_ref="I9", occurred_on="2026-03-20", reported_on="2026-03-20",
                 breach=False)  # fmt: skip
    assert send(TUESDAY) == (REF,)
    assert book.ask("select contact_ref from messages where key like 'agenda:%:morning:%'") == ["SP1"]


def test_days_that_pass_are_no_change_also_where_something_falls_overdue(book):
    book.say("update obligations set due_on = '2026-03-20', escalate_on = '2026-03-23' where rule = 'action'")
    send()
    assert send(TUESDAY) == ()


def test_on_the_morning_who_came_since_gets_what_they_have_not_had(book):
    send()
    contact(book, "CS2", "spoc", agency="cps")
    assert send(TUESDAY) == (REF,)
    assert [ref for ref, _ in written(book)] == ["CS1", "CS2", "SP1"]


def test_a_sitting_that_moves_has_an_agenda_for_its_new_day(book):
    send()
    book.say("update sittings set day = '2026-04-21', starts_at = '2026-04-21T09:00Z'")
    assert send("Thu 16 Apr 2026") == (REF,)
    assert len(written(book)) == 4


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        row("cancelled", "update sittings set cancelled_on = '2026-03-18'", "the sitting was cancelled"),
        row("empty", "update convenings set ended_on = '2026-03-18', \"end\" = 'not_owed'", "no case is convened"),
    ],
)
def test_a_sitting_that_is_cancelled_or_empty_sends_none_and_says_why_where_one_was_waiting(book, statement, why):
    at = at_london(day(BEFORE), time(6))
    send_agendas.send(configured(), day(BEFORE), at)
    book.say(statement)
    deliver(configured(), at_london(day(BEFORE)))
    assert {state for _, state in written(book)} == {"silent"}
    assert why in book.ask("select reason from messages where kind = 'agenda'")[0]
    book.say("delete from messages")
    book.say("delete from agendas")
    assert send() == ()
    assert written(book) == []


def test_one_that_is_late_is_not_said_after_its_sitting(book):
    send_agendas.send(configured(), day(BEFORE), at_london(day(BEFORE), time(6)))
    deliver(configured(), at_london(day("Wed 25 Mar 2026")))
    assert book.ask("select distinct state, reason from messages where kind = 'agenda'") == [
        ("silent", "the sitting has been")
    ]


def test_who_has_left_meanwhile_is_not_written_to(book):
    send_agendas.send(configured(), day(BEFORE), at_london(day(BEFORE), time(6)))
    left(book, "CS1", on="2026-03-18")
    deliver(configured(), at_london(day(BEFORE)))
    assert written(book) == [("CS1", "silent"), ("SP1", "shown")]


def test_whoever_is_absent_is_replaced_and_the_deputy_reads_why(book):
    contact(book, "L9", "lead")
    book.say("update contacts set deputy_ref = 'L9' where contact_ref = 'SP1'")
    away(book, "SP1", "2026-03-24", "2026-03-24")  # the sitting's day
    away(book, "CS1", "2026-03-19", "2026-03-19")  # the day on which the agenda is sent
    send()
    assert [ref for ref, _ in written(book)] == ["CS1", "L9"]
    assert any("You get this standing in for the chair, who is away." in text for text in texts(book))


def test_where_a_side_has_no_spoc_its_lead_gets_it_and_reads_why(book):
    left(book, "CS1", on="2026-03-16")
    contact(book, "CL1", "lead", agency="cps")
    send()
    assert [ref for ref, _ in written(book)] == ["CL1", "SP1"]
    assert any("You get this in place of a SPOC: no CPS SPOC is recorded." in text for text in texts(book))


def test_where_nobody_is_left_operations_get_it(book):
    for ref in ("CS1", "SP1", "L1"):
        left(book, ref, on="2026-03-16")
    send()
    assert {ref for ref, _ in written(book)} == {None}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        row("all", ("--enquiries", "all_pursued"), "enquiries: all are pursued"),
        row("some", ("--enquiries", "gaps_found"), "enquiries: gaps were found"),
        row("none", ("--enquiries", "not_looked_at"), "enquiries: they were not looked at"),
        row("not said", (), "nobody recorded whether every line of enquiry was looked at"),
    ],
)
def test_the_next_agenda_shows_whether_the_lines_of_enquiry_were_looked_at(book, said, shown):
    book.say("delete from convenings")
    before = sits(book, "Tue 10 Mar 2026")
    assert record(book, before, *HELD, *said, as_of="Mon 16 Mar 2026").code == 0
    convene(book, REF)
    send(book=book)
    assert all(f"continue; {shown}." in text for text in texts(book))


def test_a_chair_of_neither_list_is_written_to_and_one_who_is_not_known_has_nobody_in_their_place(book):
    book.say("update sittings set chair_ref = 'M1'")
    send()
    assert [ref for ref, _ in written(book)] == ["CS1", "M1", "SP1"]
    book.say("delete from messages")
    book.say("delete from agendas")
    for path in (settings().home / "mail" / "new").iterdir():
        path.unlink()
    book.say("update sittings set chair_ref = 'NOBODY'")
    send()
    assert [ref for ref, _ in written(book)] == ["CS1", "SP1"]
    assert all("Chair: nobody who is known is recorded as chair" in text for text in texts(book))


def test_a_restricted_case_keeps_its_place_and_minutes_for_who_may_not_read_of_it(book):
    book.case("45/9999", restricted=True, risk="high", opened_on="2025-09-01")
    convene(book, REF, "45/9999")
    book.say("update contacts set restricted_access = true where contact_ref = 'SP1'")
    send(book=book)
    by_reader = {mail["To"].addresses[0].addr_spec: mail for mail in mails(book)}
    assert len(by_reader) == 1  # both have the same invented address: their texts differ
    read = texts(book)
    hidden, shown = sorted(read, key=lambda text: "45/9999" in text)
    assert "2. 10:10: 1 restricted case: ask a SPOC of your CPS Area who may read it" in hidden
    assert "45/9999" not in hidden
    assert "2. 45/45/9999, 10:10 to 10:20" in shown
    for mail in mails(book):
        open_to = "45/9999" in mail.get_body(("plain",)).get_content()
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                assert ("45/9999" in part.get_content()) is open_to


def test_the_attached_list_has_a_row_for_each_thing_owed(book):
    send(book=book)
    (attached,) = list(mails(book)[0].iter_attachments())
    assert attached.get_filename() == f"casebeat-{REF}.csv"
    listed = list(csv.DictReader(io.StringIO(attached.get_content())))
    owed = book.ask(
        "select rule from obligations where ended_on is null and case_id is not null and rule <> 'outcome-unrecorded'"
    )
    assert sorted(one["What is owed"] for one in listed) == sorted(RULES[rule].title for rule in owed)
    assert {(one["Case"], one["Time"]) for one in listed} == {("45/45/1234", "10:00")}


def test_a_cases_first_agenda_marks_the_case_and_not_its_lines(book):
    send(book=book)
    (text, _) = texts(book)
    assert "First time on an agenda." in text
    assert "New: " not in text


def test_only_what_changed_since_the_last_agenda_is_marked_as_new(book):
    send(book=book)
    book.belongs("incidents", incident_ref="I9", occurred_on="2026-03-20", reported_on="2026-03-20", breach=True)
    book.action("A2", raised_on="2026-03-20", owner_agency="police")
    book.say("update actions set status = 'done', closed_on = '2026-03-20' where action_ref = 'A1'")
    send(TUESDAY, book=book)
    (text, _) = texts(book, "morning")
    assert text.startswith("JOINT REVIEW")
    assert "First time" not in text
    assert "New: 1 incident recorded, 1 of them a breach" in text
    assert "New: Not due yet: Outstanding action, witness statement (A2), police: do by " in text
    assert "New: last progress Fri 20 Mar, 4 days ago (last action done)" in text
    assert "Ended since its last agenda: Outstanding action (A1)" in text
    assert "Changed: since Thu 19 Mar: 1 case with something new." in text
    assert "New: high risk" not in text.lower()


def test_a_case_that_joined_since_is_marked_and_lines_of_another_sittings_agenda_are_not_new(book):
    send(book=book)
    book.case("45/9999")
    convene(book, REF, "45/9999")
    send(TUESDAY, book=book)
    (text, _) = texts(book, "morning")
    assert text.count("First time on an agenda; came since Thu 19 Mar.") == 1
    came = "Changed: since Thu 19 Mar: 1 case came (45/45/9999: its joint review falls due); nothing else is new."
    assert came in text
    sitting(book, "Tue 31 Mar 2026")
    book.say("""update convenings set ended_on = '2026-03-25', "end" = 'moved' where slot = 0""")
    convene(book, "45-south-east-2026-03-31")
    refresh(configured(), day(TUESDAY), at_london(day(TUESDAY)))
    with book.engine.begin() as connection:
        found = gather(configured(), connection, "45-south-east-2026-03-31", day(TUESDAY), day("Wed 25 Mar 2026"))
    ((_, case),) = found.cases
    assert (case.first, case.came, case.news) == (False, False, frozenset())


def test_a_case_that_left_since_is_told_with_why(book):
    book.case("45/9999")
    convene(book, REF, "45/9999")
    send(book=book)
    book.say("""update convenings set ended_on = '2026-03-20', "end" = 'more_room' where slot = 1""")
    send(TUESDAY, book=book)
    (text, _) = texts(book, "morning")
    assert "1 case left (45/45/9999: there is room for it sooner)" in text
    assert "45/9999" not in text.split("To decide")[1]


def test_a_meeting_that_moved_since_says_from_which_day(book):
    send(book=book)
    book.say("update sittings set day = '2026-03-25', starts_at = '2026-03-25T10:00Z'")
    send("Fri 20 Mar 2026", book=book)
    assert any("Changed: since Thu 19 Mar: moved from Tue 24 Mar; " in text for text in texts(book))


def test_an_officer_has_a_page_of_their_own_cases_alone(book):
    book.case("45/9999")
    convene(book, REF, "45/9999")
    (own,) = book.ask("select id from cases where case_ref = '45/1234'")
    with book.engine.begin() as connection:
        gathered = gather(configured(), connection, REF, day(BEFORE))
    assert [case.reference for case in own_cases(gathered, None, [own])] == ["45/45/1234"]


def test_one_case_that_cannot_be_read_stops_no_other_and_keeps_its_minutes(book):
    book.case("45/9999")
    convene(book, REF, "45/9999")
    book.say("update cases set suspect_status = 'a later word' where case_ref = '45/9999'")
    send()
    (text, _) = texts(book)
    assert "45/45/1234, 10:00 to 10:10" in text
    assert "2. 10:10: 45/45/9999 cannot be told: a row of it holds a word" in text


def test_an_agenda_that_cannot_be_made_stops_no_other_and_is_named(book):
    book.case("45/9999")
    bad = sits(book, "Mon 23 Mar 2026", case_ref="45/9999")
    book.say("update convenings set because = 'a later word' where sitting_id = (select max(id) from sittings)")
    assert send_agendas.send(configured(), day(BEFORE), at_london(day(BEFORE))) == ((REF,), (bad,))


def test_an_agenda_costs_as_many_statements_for_twelve_cases_as_for_one(book):
    def counted():
        statements = []
        with book.engine.begin() as connection, pytest.MonkeyPatch.context() as patched:
            cursor = driver.driver_cursor
            patched.setattr(driver, "driver_cursor", lambda each: (statements.append(each), cursor(each))[1])
            gather(configured(), connection, REF, day(BEFORE))
        return len(statements)

    alone = counted()
    for number in range(11):
        book.case(f"45/{number}")
        convene(book, REF, f"45/{number}")
    assert counted() == alone <= 27


def test_the_command_prints_it_writes_it_to_files_and_lists_the_sittings_to_come(book, tmp_path):
    book.belongs("incidents", incident_ref="I9", occurred_on="2026-03-18", reported_on="2026-03-18", breach=False)
    ran = book.cli("agenda", REF, "--as-of", "2026-03-19", "--html", f"{tmp_path}/a.html", "--csv", f"{tmp_path}/a.csv")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Tue 24 Mar, 10:00: agenda, 1 case, CPS South East\n")
    assert "<svg" in (tmp_path / "a.html").read_text("utf-8")
    assert "45/45/1234" in (tmp_path / "a.csv").read_text("utf-8")
    assert book.cli("agenda", "--as-of", "2026-03-19").out == f"{REF}: Tue 24 Mar 2026 at 10:00 GMT, 1 case\n"
    assert book.cli("agenda", "--as-of", "2026-03-25").out == "No sitting is to come.\n"
    asked = book.ask("select ref from audit where about = 'agenda' and verb = 'consultation' order by id")
    assert asked == [REF, "all sittings", "all sittings"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        row("no such sitting", ("45-south-east-2026-03-25",), "2026-03-25. Did you mean 45-south-east-2026-03-24?"),
        row("a file without a sitting", ("--html", "a.html"), "Name the sitting whose agenda is to be written"),
        row("a folder that is not there", (REF, "--html", "/nowhere/a.html"), "/nowhere/a.html cannot be written"),
    ],
)
def test_what_the_command_cannot_do_it_says_in_a_sentence(book, arguments, said):
    ran = book.cli("agenda", *arguments, "--as-of", "2026-03-19")
    assert ran.code == 2
    assert said in ran.err


def test_the_page_for_operations_shows_no_restricted_case(book):
    assert "45/45/1234" in send_agendas.page(configured(), REF, day(BEFORE))
    book.say("update cases set restricted = true")
    assert "45/45/1234" not in send_agendas.page(configured(), REF, day(BEFORE))
    with pytest.raises(Refuse, match="There is no sitting nowhere"):
        send_agendas.page(configured(), "nowhere", day(BEFORE))


def test_the_round_sends_the_agenda_of_what_it_convened(database, run_cli, tmp_path, monkeypatch):
    world = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    world.panels(TUESDAYS)
    sent = []
    for on in ("Wed 4 Mar 2026", "Thu 5 Mar 2026", "Thu 5 Mar 2026", "Mon 9 Mar 2026"):
        made = whole_round(configured(), day(on), at_london(day(on)))
        assert not faults(made)
        assert made.agendas == (("45-south-east-2026-03-10",) if made.day == day("Thu 5 Mar 2026") and not sent else ())
        sent = written(world)
    assert sent == [("CS1", "shown"), ("SP1", "shown")]


def test_an_agenda_of_twelve_cases_tells_of_every_kind_of_thing(database, run_cli, tmp_path, monkeypatch):
    AgendaWorld(database, run_cli, tmp_path, monkeypatch)
    made = whole_round(configured(), day(agenda_world.BEFORE), at_london(day(agenda_world.BEFORE)))
    assert (faults(made), made.agendas) == ([], (agenda_world.REF,))
    printed = send_agendas.to_print(configured(), agenda_world.REF, day(agenda_world.BEFORE))
    text = printed.text
    for said in (
        "12 cases, 10 minutes each",
        "limit (STL) for a summary offence, police and CPS: 3 days left, to Sun 29 Mar, before the meeting",
        "; a breach was reported, which moved its review forward.",
        "; someone moved it to this meeting.",
        "1 restricted case: ask a SPOC of its force",
        "Unknown risk, treated as high",
        "missing: C03, C14",
        "Withdrawal of a Police Information Notice, police: ",
        "missing: the reason recorded, the SPOC's review",
        "(days: police 11, CPS 10, nobody 122)",
        "; gaps shortening",
        "Interim stalking protection order (O-2071), EXPIRING, 12 days left (Tue 7 Apr)",
        ": submit to CPS, further actions; pattern: stalking; nobody recorded whether every line of enquiry",
        "NOT SUBMITTED YET",
        "police: not done, due Wed 25 Mar.",
        "\u00d7, last Mon 23 Mar.",
        "; awaiting charge; ",
        "; charged; ",
    ):
        assert said in text
    assert "45/2003" not in text
    assert "Outcome of a joint review meeting" not in text
    listed = list(csv.DictReader(io.StringIO(printed.csv or "")))
    assert [one["Case"] for one in listed].count("1 restricted case: ask SPOC") == 1
    assert [int(number) for number, _ in groupby(one["No."] for one in listed)] == list(range(1, 13))
    assert words_a_case(printed.html) <= 120


def words_a_case(page: str) -> float:
    """The words of the cases on a page, on average; numbers, days, references and drawings are figures."""
    blocks = re.sub(r"<svg.*?</svg>", " ", page, flags=re.DOTALL).split('<div class="case ')[1:]
    told = [re.sub(r"<[^>]+>", " ", html.unescape(block.split('<p class="foot">')[0])) for block in blocks]
    days = {*names()["months"], *(f"{day:%a}" for day in (date(2026, 3, number) for number in range(2, 9)))}
    words = [
        word for text in told for word in re.findall(r"(?<![\w-])[A-Za-z][a-z']*(?![\w-])", text) if word not in days
    ]
    return len(words) / len(blocks)


@pytest.mark.parametrize(
    "change",
    [
        row("a case becomes restricted", "update cases set restricted = true"),
        row("a case goes", "update convenings set ended_on = '2026-03-19', \"end\" = 'moved'"),
        row("the sitting goes", "update sittings set cancelled_on = '2026-03-19'"),
    ],
)
def test_a_change_after_an_agenda_was_composed_has_it_composed_again(book, change):
    send_agendas.send(configured(), day(BEFORE), at_london(day(BEFORE)))
    ids = book.ask("select id from messages where kind = 'agenda'")
    with book.engine.begin() as connection:
        before = outbox.fingerprints(connection, ids)
    assert None not in before.values()
    book.say(change)
    with book.engine.begin() as connection:
        after = outbox.fingerprints(connection, ids)
    assert all(before[one] != after[one] for one in ids)


def test_no_agenda_is_composed_again_because_the_database_reads_its_cases_in_another_order(
    database, run_cli, tmp_path, monkeypatch
):
    world = AgendaWorld(database, run_cli, tmp_path, monkeypatch)
    send_agendas.send(configured(), day(agenda_world.BEFORE), at_london(day(agenda_world.BEFORE)))
    ids = world.ask("select id from messages where kind = 'agenda'")
    assert ids
    with world.engine.begin() as connection:
        by_index = outbox.fingerprints(connection, ids)
        for table in ("convenings", "cases"):  # rewritten rows go to the end of their table
            connection.execute(text(f"update {table} set id = id where id < (select max(id) from {table})"))
        for way in ("indexscan", "bitmapscan", "sort", "nestloop", "mergejoin"):
            connection.execute(text(f"set local enable_{way} = off"))
        assert outbox.fingerprints(connection, ids) == by_index
