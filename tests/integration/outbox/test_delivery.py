"""Delivery from PostgreSQL into a Maildir: messages sent, their readers, and deliberate silences."""

import email
import re
import threading
from datetime import UTC, date, datetime, timedelta
from email import policy
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, text

from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import settings
from config.terms import EndReason, Happening, State
from flows.configured import configured
from models.errors import Refuse
from models.queries.outbox import outbox, workers
from models.queries.outbox.outbox import ClaimTerms, Fence
from models.rules.outbox.message_states import MOST_TRIES
from tasks.carriers.mail.carrier import Carrier as Mail
from tasks.obligations import lists
from tasks.outbox import handling as box
from tasks.outbox.delivery import deliver
from tasks.outbox.reconciling import free, reconcile
from tasks.outbox.sending import DeliveryCounts, Worker
from tasks.platform import tokens
from tasks.platform.configuration import Configuration
from tests.worlds.rows import AT_NINE, TUESDAY, World

MONDAY = date(2026, 3, 16)
MAIL = ClaimTerms(Channel.EMAIL, AT_NINE)


@pytest.fixture
def home(database: Engine, tmp_path: Path) -> Path:
    return tmp_path / "home"


def rows(database: Engine, statement: str) -> list[tuple]:
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def mails(home: Path) -> list[email.message.EmailMessage]:
    found = sorted((home / "mail" / "new").iterdir()) if (home / "mail" / "new").exists() else []
    return [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]


def body(mail: email.message.EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


def test_a_digest_says_what_is_owed_since_when_and_how_it_ends(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        spoc = world.contact("P45spoc1", roles=("spoc",))
        obligation = world.critical(world.case("SAMPLE-1", urn="45ZZ0000001"))
        world.notification(obligation, world.message(spoc), spoc)
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SHOWN: 1}
    assert (delivered.mailed, delivered.sentence) == (False, "1 shown.")
    (mail,) = mails(home)
    said = body(mail)
    assert mail["Subject"] == "Tue 17 Mar: 1 stalled"
    assert mail["To"] == "NAME-OF-P45spoc1 <p45spoc1@surrey.police.uk>"
    assert said.startswith("1 stalled case (45/SAMPLE-1).\nFor the SPOC of Surrey (45).\n")
    for words in (
        "* High risk: 45/SAMPLE-1 (URN 45ZZ0000001)\n",
        "critically overdue and stalls the case, was due Thu 5 Mar, 8 working days late. ",
        "Owed by NAME-OF-P45spoc1 (officer in the case); no prosecutor is recorded.",
        "Tried: reminder Sun 1 Mar, overdue notice Mon 2 Mar, ",
        "Ends with a review that both attend.",
    ):
        assert words in said
    assert "casebeat " not in said, "commands are for operations"
    assert rows(database, "select state, reason from notifications") == [
        ("shown", "no mail.host: written to the Maildir")
    ]
    assert rows(database, "select verb, about, to_ref from audit") == [("disclosure", "message", "P45spoc1")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("update obligations set ended_on = '2026-03-17', end_reason = 'met'", "ended: met"),
        ("update obligations set ended_on = '2026-03-17', end_reason = 'moved'", "its day moved"),
        ("update obligations set last_step = 4", "overtaken by a later notice"),
        (
            """insert into promises (obligation_id, by_ref, made_at, made_on, until_on, reason)
               select id, 'P45of1', now(), '2026-03-17', '2026-03-19', 'x' from obligations""",
            "acknowledged until Thu 19 Mar 2026",
        ),
    ],
)
def test_notifications_overtaken_since_their_decision_are_not_sent(
    database: Engine, home: Path, change: str, reason: str
) -> None:
    with database.begin() as connection:
        World(connection).said()
        connection.execute(text(change))
    assert deliver(configured(), AT_NINE).counts == {State.SILENT: 1}
    assert rows(database, "select state, reason from messages") == [("silent", reason)]
    assert rows(database, "select state, reason from notifications") == [("silent", reason)]
    assert mails(home) == []


def test_a_hard_clock_is_said_even_though_someone_acknowledged_it(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        clock = world.critical(
            world.case("SAMPLE-1"), rule="bail-end", hard=True, due_on=date(2026, 3, 20), escalate_on=date(2026, 3, 21)
        )
        world.promise(clock, until_on=date(2026, 3, 20), by_ref=officer)
        world.notification(clock, world.message(officer, kind=MessageKind.AT_ONCE, hard=True), officer)
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}
    said = body(mails(home)[0])
    assert "do by Fri 20 Mar, 3 working days left" in said
    assert "An officer has taken this on until Fri 20 Mar" in said
    assert "the case lawyer" not in said, "the day of bail is used as it was sent"
    assert "FREE-TEXT" not in said


def test_a_resolved_stall_is_told_in_its_own_words(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        done = world.critical(world.case("SAMPLE-1"), ended_on=MONDAY, end_reason=EndReason.WITHDRAWN)
        world.notification(
            done,
            world.message(officer),
            officer,
            happening=Happening.RESOLVED,
            step_name="resolved",
            occasion="resolved",
        )
    deliver(configured(), AT_NINE)
    assert (
        "* 45/SAMPLE-1: Joint review by police and CPS: what it was about is no longer asked for (since Mon 16 Mar).\n"
    ) in body(mails(home)[0])


def test_of_a_restricted_case_a_reader_without_access_reads_only_whom_to_ask(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1")
        world.contact("P45of2", restricted_access=True)
        secret = world.critical(world.case("SECRET-1", restricted=True))
        for ref in ("P45of1", "P45of2"):
            world.notification(secret, world.message(ref), ref)
            world.notification(
                secret, world.message(ref, kind=MessageKind.AT_ONCE), ref, occasion="at once", manner="at_once"
            )
    deliver(configured(), AT_NINE)
    raw = {mail["To"].addresses[0].username: [] for mail in mails(home)}
    for mail in mails(home):
        raw[mail["To"].addresses[0].username].append(mail.as_string())
    assert [("SECRET-1" in each) for each in raw["p45of1"]] == [False, False]
    assert ["1 restricted case: ask a SPOC of your force" in each for each in raw["p45of1"]] == [True, True]
    assert [("SECRET-1" in each) for each in raw["p45of2"]] == [True, True]


def test_the_weeks_first_digest_holds_the_standing_of_the_force(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        spoc = world.contact("P45spoc1", roles=("spoc",))
        cps = world.contact("CSEspoc1", roles=("spoc",), agency="cps", force_codes=[], cps_areas=["South East"],
                            email="c@cps.gov.uk")  # fmt: skip
        officer = world.contact("P45of1")
        idle = world.contact("P45of2")
        case = world.case("SAMPLE-1")
        critical = world.critical(case)
        old = world.message(officer, day=date(2026, 3, 9), state=State.SENT)
        world.notification(critical, old, officer, state=State.SENT, day=date(2026, 3, 9))
        world.obligation(
            case, rule="action", subject="action:A1", due_on=MONDAY, escalate_on=MONDAY, last_step=1,
            ended_on=date(2026, 3, 12), end_reason=EndReason.MET,
        )  # fmt: skip
        world.obligation(case, rule="no-progress", due_on=MONDAY, escalate_on=MONDAY, last_step=0,
                         ended_on=date(2026, 3, 12), end_reason=EndReason.MET)  # fmt: skip
        for ref in (spoc, cps, officer, idle):
            world.message(ref, standing=True)
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 3, State.SILENT: 1}
    said = {mail["To"].addresses[0].username: body(mail) for mail in mails(home)}
    spocs = said["p45spoc1"].partition("HOW THINGS STAND")[2]
    assert "Stalled cases, high risk first. This is the first standing that you are sent." in spocs
    assert (
        "* High risk: 45/SAMPLE-1\n  Stalled since Mon 9 Mar, 8 days. Joint review by police and CPS: owed by " in spocs
    )
    assert "For the SPOC of CPS South East." in said["c"]
    assert "STILL OPEN\n" in said["p45of1"]
    assert "* High risk: 45/SAMPLE-1\n" in said["p45of1"]
    assert "HOW THINGS STAND" not in said["p45of1"]
    assert rows(database, "select reason from messages where contact_ref = 'P45of2'") == [("nothing to say",)]


def test_more_than_the_longest_digest_is_attached_whole(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        message = world.message(officer)
        for number in range(57):
            world.notification(world.critical(world.case(f"SAMPLE-{number:02}")), message, officer)
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert body(mail).startswith("57 critically overdue (45/SAMPLE-00 first).\n")
    assert body(mail).count("\n* High risk: 45/SAMPLE-") == 7
    assert "THE REST, COUNTED\n50 critically overdue. The attached list has every matter of this letter.\n" in body(
        mail
    )
    (attached,) = mail.iter_attachments()
    lines = attached.get_content().splitlines()
    assert len(lines) == 58
    assert lines[1].startswith('"High risk","45/SAMPLE-00","","Joint review by police and CPS"')


def test_a_digest_of_any_day_begins_with_the_situation_of_the_whole_force(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        spoc = world.contact("P45spoc1", roles=("spoc",))
        world.critical(world.case("SAMPLE-0"))
        world.critical(world.case("SECRET-0", restricted=True))
        clock = {"rule": "bail-end", "hard": True, "escalate_on": date(2026, 3, 25), "last_step": 0}
        world.obligation(world.case("SAMPLE-1"), due_on=date(2026, 3, 24), **clock)
        world.notification(world.critical(world.case("SAMPLE-2")), world.message(spoc), spoc)
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert body(mail).startswith(
        "1 time limit or order within 7 days (45/SAMPLE-1), 2 stalled cases, 1 restricted case: "
        "ask a SPOC of your force who may read it.\n"
    )
    limits = body(mail).partition("RAN OUT, OR WITHIN 7 DAYS")[2].partition("YOURS TO DO OR DECIDE")[0]
    assert "45/SAMPLE-1" in limits, "whoever was told of it before"
    assert "THE REST, COUNTED\n1 stalled case. " in body(mail)
    assert len(lists.stalled(TUESDAY, "45")) == 3  # the restricted one too


def test_an_officers_digest_begins_with_all_that_is_still_owed_of_what_they_were_told(
    database: Engine, home: Path
) -> None:
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        before = world.message(officer, day=MONDAY, state=State.SENT)
        world.notification(world.critical(world.case("SAMPLE-1")), before, officer, state=State.SENT, day=MONDAY)
        soon = world.obligation(world.case("SAMPLE-2"), due_on=date(2026, 3, 19), escalate_on=date(2026, 3, 25),
                                last_step=1)  # fmt: skip
        world.notification(soon, world.message(officer), officer, step=1, step_name="reminder")
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert body(mail).startswith("1 critically overdue (45/SAMPLE-1), 1 due soon.\n")
    listed = body(mail).partition("YOURS TO DO OR DECIDE\n")[2]
    assert re.findall(r"^\* High risk: (.*)$", listed, re.MULTILINE) == ["45/SAMPLE-1", "45/SAMPLE-2"]


@pytest.mark.parametrize(
    ("due_on", "until"),
    [
        (date(2026, 3, 21), "Fri 20 Mar 2026"),  # a Saturday: the last working day before
        (date(2026, 3, 16), "Tue 24 Mar 2026"),  # the longest promise allowed, now over
        (date(2026, 4, 17), "Tue 24 Mar 2026"),
    ],
)
def test_a_promise_is_offered_for_no_longer_than_the_clock_still_runs(
    database: Engine, home: Path, monkeypatch: pytest.MonkeyPatch, due_on: date, until: str
) -> None:
    mailbox = {"HOST": "localhost", "USER": "u", "PASSWORD": "p", "ADDRESS": "replies@surrey.police.uk"}
    for setting, value in mailbox.items():
        monkeypatch.setenv(f"CASEBEAT_REPLIES__{setting}", value)
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        clock = world.obligation(world.case("SAMPLE-1"), rule="bail-end", hard=True, due_on=due_on,
                                 escalate_on=due_on + timedelta(days=1), last_step=4)  # fmt: skip
        world.notification(clock, world.message(officer), officer, step=4, step_name="one-week")
    deliver(configured(), AT_NINE)
    assert f"body=until%20{until.replace(' ', '%20')}\n" in body(mails(home)[0])


def test_operations_too_are_told_what_ended(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        silent = world.obligation(
            None, rule="feed-stale", subject="source:cms-se", force_code=None, owed_by="operations", due_on=MONDAY,
            escalate_on=MONDAY, last_step=1, stalls=False, ended_on=TUESDAY, end_reason=EndReason.MET,
        )  # fmt: skip
        before = world.message(None, day=MONDAY, state=State.SENT)
        world.notification(silent, before, None, step=1, step_name="late", state=State.SENT, day=MONDAY)
        world.notification(silent, world.message(None), None, happening="resolved", step=1, step_name="resolved",
                           occasion="resolved")  # fmt: skip
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert "ENDED, NOTHING MORE IS ASKED OF YOU\n* source cms-se: Source has stopped sending: " in body(mail)
    assert mail["Subject"] == "Tue 17 Mar: 1 matter ended"


def test_news_of_a_stalled_case_is_given_once_and_listed_once(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        spoc = world.contact("P45spoc1", roles=("spoc",))
        message = world.message(spoc, standing=True)
        for number in range(50):
            world.notification(world.critical(world.case(f"SAMPLE-{number:02}")), message, spoc)
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    told = re.findall(r"^\* High risk: (45/SAMPLE-\d\d)$", body(mail), re.MULTILINE)
    assert 7 < len(told) == len(set(told))
    assert f"THE REST, COUNTED\n{50 - len(told)} stalled cases. " in body(mail)
    (attached,) = mail.iter_attachments()
    assert len(attached.get_content().splitlines()) == 51


def test_a_standing_has_its_own_lines_beside_those_of_the_steps(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        spoc = world.contact("P45spoc1", roles=("spoc",))
        world.contact("P45of1")
        message = world.message(spoc, standing=True)
        for number in range(30):
            case = world.case(f"SAMPLE-{number:02}")
            world.notification(world.critical(case, rule="supervisor-review", stalls=False), message, spoc)
            world.critical(world.case(f"OTHER-{number:02}"))
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert body(mail).startswith("30 stalled cases (45/OTHER-00 first), 30 more critically overdue.\n")
    assert body(mail).count("\n* High risk: 45/OTHER-") == 7
    assert body(mail).count("\n* High risk: 45/SAMPLE-") == 7
    assert "THE REST, COUNTED\n23 stalled cases, 23 more critically overdue. " in body(mail)
    (attached,) = mail.iter_attachments()
    assert len(attached.get_content().splitlines()) == 61


@pytest.mark.parametrize("email", ["p45of1@evilpolice.uk", "p45of1%evil.test@police.uk", "evil.test!p45of1@police.uk"])
def test_an_address_outside_the_allowed_domains_is_never_written_to(database: Engine, home: Path, email: str) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1", email=email)
        world.notification(world.critical(world.case("SAMPLE-1")), world.message("P45of1"), "P45of1")
        world.message("GONE", standing=True)
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.DEAD: 1, State.SILENT: 1}
    assert mails(home) == []
    assert deliver(configured(), AT_NINE + timedelta(minutes=5)).counts == {State.SHOWN: 1}
    assert "1 message could not be delivered" in body(mails(home)[0])
    assert "no address in an allowed domain" in body(mails(home)[0])


def test_without_a_readable_secret_mails_wait_and_none_is_given_up(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).message(None, kind=MessageKind.OPERATIONS, text="412 of 412 evaluated")
    home.mkdir(exist_ok=True)
    kept = home / tokens.FILE
    kept.write_text("s" * 48)
    kept.chmod(0o644)
    delivered = deliver(configured(), AT_NINE)
    assert "signing-secret may be read by others: run chmod 600 on it" in str(delivered.down)
    assert (mails(home), State.DEAD in delivered.counts) == ([], False)
    kept.chmod(0o600)
    assert deliver(configured(), AT_NINE + timedelta(hours=1)).counts[State.SHOWN] >= 1
    assert "412 of 412 evaluated" in {mail["Subject"].partition(": ")[2] for mail in mails(home)}


def test_operations_words_are_said_as_they_were_written(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).message(None, kind=MessageKind.OPERATIONS, text="412 of 412 evaluated\nforce 45: 9 <new>")
    deliver(configured(), AT_NINE)
    (mail,) = mails(home)
    assert mail["Subject"] == "Casebeat: 412 of 412 evaluated"
    html = mail.get_body(("html",))
    assert html is not None
    assert "force 45: 9 &lt;new&gt;" in html.get_content()


def test_saying_it_twice_changes_nothing(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}
    assert deliver(configured(), AT_NINE).counts == {}
    assert len(mails(home)) == 1


def test_what_is_not_due_yet_waits(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    assert deliver(configured(), datetime(2026, 3, 17, 7, 59, tzinfo=UTC)).counts == {}


def test_a_hold_outlives_restarts_and_held_messages_are_composed_again(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    box.hold("root", AT_NINE)
    box.hold("root", AT_NINE)
    held = deliver(configured(), AT_NINE)
    assert (held.held, held.waiting, held.counts) == (True, 1, {})
    assert "the outbox is held: 1 message waits" in held.sentence
    with database.begin() as connection:
        connection.execute(text("update obligations set ended_on = '2026-03-17', end_reason = 'met'"))
    assert box.release("root")
    assert not box.release("root")
    assert deliver(configured(), AT_NINE).counts == {State.SILENT: 1}


def test_a_claim_dies_with_its_holder_and_not_before(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    token = uuid4()
    holder = database.connect().execution_options(isolation_level="AUTOCOMMIT")
    workers.register(holder, token)
    with database.begin() as connection:
        assert len(outbox.claim(connection, token, MAIL, 10)) == 1
    assert deliver(configured(), AT_NINE).counts == {}
    holder.invalidate()
    holder.close()
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}


def test_a_hanging_holder_loses_its_claim_when_the_lease_ends(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    token = uuid4()
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
        workers.register(holder, token)
        with database.begin() as connection:
            (held,) = outbox.claim(connection, token, MAIL, 10)
            connection.execute(text("update messages set lease_until = now() - interval '1 second'"))
        assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}
        with database.begin() as connection:
            assert outbox.fence(connection, token, Fence(held.id, b"late", AT_NINE)) == outbox.Fenced(won=False)
            assert outbox.settle(connection, [held.id], State.SENT, reason="", as_of=AT_NINE, token=token) == 0
        workers.unregister(holder, token)


def test_only_the_worker_that_claimed_a_message_marks_and_settles_it_while_its_lease_runs(
    database: Engine, home: Path
) -> None:
    with database.begin() as connection:
        World(connection).said()
        mine, others = uuid4(), uuid4()
        (held,) = outbox.claim(connection, mine, MAIL, 10)
        wanted = Fence(held.id, b"", AT_NINE, outbox.fingerprints(connection, [held.id])[held.id])
        assert not outbox.fence(connection, others, wanted).won
        assert outbox.settle(connection, [held.id], State.QUEUED, reason="", as_of=AT_NINE, token=others) == 0
        connection.execute(text("update messages set lease_until = now() - interval '1 second'"))
        assert not outbox.fence(connection, mine, wanted).won
        connection.execute(text("update messages set lease_until = now() + interval '1 minute'"))
        assert outbox.fence(connection, mine, wanted).won
        assert outbox.settle(connection, [held.id], State.SENT, reason="", as_of=AT_NINE, token=mine) == 1


def test_a_crash_while_sending_is_said_once_more_and_marked_for_as_long_as_any(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
    for attempt in range(MOST_TRIES + 1):
        token, worker = uuid4(), _worker(database)
        free(worker)
        reconcile(worker, Mail(settings(), AT_NINE, database))
        with database.begin() as connection:
            held = outbox.claim(connection, token, MAIL, 10)
            if attempt < MOST_TRIES:
                _fenced(connection, token, held[0].id)
            else:
                assert held == []
    assert rows(database, "select state, reason from messages where kind = 'letter'") == [
        ("dead", "said again, and no answer to that either")
    ]


def _worker(database: Engine) -> Worker:
    return Worker(AT_NINE, configured(), database, uuid4(), DeliveryCounts())


def _fenced(connection: Connection, token: UUID, message_id: int) -> None:
    stood = outbox.fingerprints(connection, [message_id])[message_id]
    assert outbox.fence(connection, token, Fence(message_id, b"Subject: S\r\n\r\nx\r\n", AT_NINE, stood)).won


def test_a_repeat_is_marked_for_its_reader(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said()
        assert len(outbox.claim(connection, uuid4(), MAIL, 10)) == 1
        connection.execute(text("update messages set state = 'sending', body = 'Subject: Old words'"))
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 1}
    assert mails(home)[0]["Subject"] == "[May be a repeat] Old words"


def test_nobody_gets_more_than_the_cap_a_day_but_hard_clocks_go_out(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        for number in range(46):  # 23 of each, where 20 is the cap
            obligation = world.critical(world.case(f"SAMPLE-{number:02}"), hard=number % 2 == 1)
            message = world.message(officer, kind=MessageKind.AT_ONCE, hard=number % 2 == 1)
            world.notification(obligation, message, officer)
    delivered = deliver(configured(), AT_NINE, batch=30)
    assert delivered.counts == {State.SHOWN: 43}
    assert delivered.capped == 3
    assert deliver(configured(), datetime(2026, 3, 18, 8, tzinfo=UTC)).counts[State.SHOWN] >= 3


def test_a_run_ends_at_its_cap_and_reports_it(database: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = configured().policy.model_copy(
        update={"delivery": configured().policy.delivery.model_copy(update={"most_per_run": 2})}
    )
    monkeypatch.setattr(Configuration, "policy", small)
    with database.begin() as connection:
        world = World(connection)
        for number in range(4):
            ref = world.contact(f"P45of{number}")
            world.notification(
                world.critical(world.case(f"S-{number}"), hard=number == 3), world.message(ref, hard=number == 3), ref
            )
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SHOWN: 3}
    assert delivered.capped == 1


def test_two_workers_share_one_outbox_and_say_each_thing_once(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        for number in range(40):
            ref = world.contact(f"P45of{number}")
            world.notification(world.critical(world.case(f"S-{number}")), world.message(ref), ref)
    counted = []
    threads = [
        threading.Thread(target=lambda: counted.append(deliver(configured(), AT_NINE, batch=3))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.counts.get(State.SHOWN, 0) for each in counted) == 40
    assert rows(database, "select count(*), max(attempts) from messages") == [(40, 1)]
    assert rows(database, "select count(*) from audit where verb = 'disclosure'") == [(40,)]


def test_one_message_that_cannot_be_composed_does_not_stop_the_rest(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.said()
        broken = world.contact("P45of9")
        world.notification(world.critical(world.case("S-9"), rule="no-such-rule"), world.message(broken), broken)
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SHOWN: 1, State.DEAD: 1}
    assert delivered.dead[0][1].startswith("could not be composed (")


def broken(database: Engine, statement: str) -> None:
    """Add a separate reader, whose message concerns a row without a valid value."""
    with database.begin() as connection:
        world = World(connection)
        world.said()
        ref = world.contact("P45of9")
        world.notification(world.critical(world.case("S-9")), world.message(ref), ref)
        world.said("P45of8", "S-8")
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "update obligations o set due_on = '12000-01-01' from cases c where c.id = o.case_id and c.case_ref = 'S-9'",
        "update obligations o set owed_by = 'courts' from cases c where c.id = o.case_id and c.case_ref = 'S-9'",
        "update notifications set addressee = 'courts' where contact_ref = 'P45of9'",
    ],
)
def test_one_message_whose_row_cannot_be_read_is_dead_and_the_rest_leave(
    database: Engine, home: Path, statement: str
) -> None:
    broken(database, statement)
    delivered = deliver(configured(), AT_NINE)
    assert delivered.counts == {State.SHOWN: 2, State.DEAD: 1}
    ((_, why),) = delivered.dead
    assert why.startswith("could not be composed (ValueError, fault ")
    assert "P45of9" in delivered.dead[0][0]


def test_a_risk_of_a_later_version_is_read_as_unknown(database: Engine, home: Path) -> None:
    broken(database, "update cases set risk = 'extreme' where case_ref = 'S-9'")
    assert deliver(configured(), AT_NINE).counts == {State.SHOWN: 3}


def test_only_a_dead_message_can_be_revived(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1", email="p45of1@evilpolice.uk")
        world.notification(world.critical(world.case("S-1")), world.message("P45of1"), "P45of1")
    deliver(configured(), AT_NINE)
    (key,) = rows(database, "select key from messages where state = 'dead'")[0]
    with pytest.raises(Refuse, match="no dead message"):
        box.requeue("no-such-key", AT_NINE)
    with database.begin() as connection:
        connection.execute(text("update contacts set email = 'p45of1@surrey.police.uk'"))
    box.requeue(key, AT_NINE)
    assert deliver(configured(), AT_NINE + timedelta(minutes=1)).counts[State.SHOWN] == 2
    assert list((home / "mail" / "tmp").iterdir()) == []


def test_the_day_of_a_message_is_london_s(database: Engine, home: Path) -> None:
    with database.begin() as connection:
        World(connection).said(due_at=datetime(2026, 6, 1, tzinfo=UTC), kind=MessageKind.AT_ONCE)
    deliver(configured(), datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert "written Wed 1 Jul 2026" in body(mails(home)[0])
    assert [TUESDAY.isoformat() in path.name for path in (home / "mail" / "new").iterdir()] == [True]


@pytest.mark.parametrize("at", [datetime(2026, 3, 18, 7, 59, tzinfo=UTC), datetime(2026, 3, 21, 12, tzinfo=UTC)])
def test_a_digest_that_waited_leaves_on_a_working_day_from_eight(database: Engine, home: Path, at: datetime) -> None:
    with database.begin() as connection:
        World(connection).said()
    assert deliver(configured(), at).counts == {}
    assert deliver(configured(), at + timedelta(days=2, minutes=1)).counts == {State.SHOWN: 1}
