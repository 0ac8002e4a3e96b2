"""What runs: rounds, outbox, auditor and machines."""

import json
from datetime import timedelta

from config.days.london import london_day
from flows.clock import moment
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.outbox import handling
from tasks.platform import secret_file, tokens
from tests.worlds.rows import World

DAY = timedelta(days=1)


def rounds_ended(book, failure, *codes):
    """End a round of these forces today and yesterday: before seven o'clock that of yesterday is the last."""
    for back in (0, 1):
        for code in codes:
            book.say(
                """insert into rounds (force_code, day, began_at, ended_at, failure, account)
                   values (:code, :day, :at, :at, :failure, '{}')""",
                code=code, day=london_day(moment()) - back * DAY, at=moment(), failure=failure,
            )  # fmt: skip


def test_a_round_that_never_ran_or_did_not_end_well_is_found(at, book):
    at.finds("round", "warn", "No round has ever ended", "casebeat run")
    rounds_ended(book, None, "--", "46")
    at.finds("round", "fail", "has not ended well for force 45", "then run casebeat run")
    rounds_ended(book, None, "45")
    at.is_well("round")
    rounds_ended(book, "the connection to the database was lost", "45")
    at.finds("round", "fail", "has not ended well for force 45", "the last that ended was on")
    at.set(CLOCK="virtual")
    at.is_well("round")


def test_an_outbox_that_is_held_is_found(at):
    handling.hold("me", moment())
    at.finds("outbox", "warn", "The outbox is held", "casebeat outbox --release")
    handling.release("me")
    at.is_well("outbox")


def test_a_carrier_that_rests_is_found(at, book):
    paused = {"why": "it cannot be reached", "since": moment().isoformat(), "until": moment().isoformat(), "tries": 3}
    book.say("insert into switches (name, value, set_at, set_by) values ('paused:email', :value, :at, 'casebeat')",
             value=json.dumps(paused), at=moment())  # fmt: skip
    at.finds("outbox", "warn", "Messages by email rest until", "it cannot be reached")
    handling.release("me")
    at.is_well("outbox")


def test_messages_that_wait_for_more_than_a_day_or_were_refused_are_found(at, database):
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1")
        world.message("P45of1", state="queued", due_at=moment() - 2 * DAY)
        world.message("P45of1", state="dead", due_at=moment() - 2 * DAY)
        world.message("P45of1", state="queued", due_at=moment() - DAY / 2)
    at.finds(
        "outbox",
        "warn",
        "Messages by email that wait for more than a day: 1, the oldest since",
        "whether the deployment delivery runs",
    )
    at.finds("outbox", "warn", "Messages that were refused for good: 1.", "casebeat outbox --requeue KEY")
    with database.begin() as connection:
        connection.exec_driver_sql("update messages set state = 'sent'")
    at.is_well("outbox")


def audited(book, ago, *findings, beaten=timedelta(minutes=4)):
    at, beat = (moment() - ago).isoformat(), (moment() - beaten).isoformat()
    book.say("delete from switches where name = 'assurance'")
    book.say("insert into switches (name, value, set_at, set_by) values ('assurance', :value, :at, 'casebeat')",
             value=json.dumps({"at": at, "findings": findings, "heartbeat_at": beat}), at=moment())  # fmt: skip


def test_an_auditor_that_is_silent_or_found_something_and_a_heartbeat_that_is_not_set_are_found(at, book):
    at.finds("auditor", "warn", "No heartbeat is sent", "set CASEBEAT_HEARTBEAT__URL")
    at.set(HEARTBEAT__URL="https://health.example/secret-path")
    at.finds("auditor", "warn", "has never looked", "casebeat assure every five minutes")
    audited(book, timedelta(minutes=31))
    at.finds("auditor", "warn", "has not looked for half an hour")
    audited(book, timedelta(minutes=4), "3 open cases of force 45 owe nothing.")
    at.finds("auditor", "fail", "The auditor found: 3 open cases of force 45 owe nothing.")
    audited(book, timedelta(minutes=4), beaten=timedelta(minutes=40))
    at.finds("auditor", "warn", "No heartbeat has left for half an hour", "correct CASEBEAT_HEARTBEAT__URL")
    audited(book, timedelta(minutes=4))
    at.is_well("auditor")
    assert "secret-path" not in str(at.examined())


def seen(book, fingerprint):
    """See another machine, with this fingerprint of its secret."""
    book.say("insert into switches (name, value, set_at, set_by) values ('secret:stand-by', :value, :at, 'casebeat')",
             value=fingerprint, at=moment())  # fmt: skip


def test_machines_that_sign_with_different_secrets_are_found(at, book):
    secret = "one secret for both of the machines"
    at.set(SIGNING_SECRET=secret, MAIL__HOST="127.0.0.1", MAIL__OPERATIONS="ops@surrey.police.uk")
    (at.folder / "rejected").mkdir()
    (at.folder / "home").mkdir(exist_ok=True)
    (at.folder / "home" / "rejected").symlink_to(at.folder / "rejected")
    at.is_well("machines")
    seen(book, "0badc0de")
    at.finds("machines", "fail", "stand-by 0badc0de", tokens.fingerprint(), "the same on each")
    assert secret not in str(at.examined())
    book.say("update switches set value = :value where name = 'secret:stand-by'", value=tokens.fingerprint())
    at.is_well("machines")


def test_a_round_on_a_machine_that_signs_with_another_secret_says_so(at, book):
    at.set(SIGNING_SECRET="one secret for both of the machines")
    seen(book, "0badc0de")
    today = london_day(moment())
    made = whole_round(configured(), today, moment())
    assert "this one signs with another secret than stand-by" in made.passed_over["machines"]
    assert "machines: this one signs with another secret" in made.verdict.message
    book.say("update switches set value = :value where name = 'secret:stand-by'", value=tokens.fingerprint())
    assert "machines" not in whole_round(configured(), today, moment()).passed_over


def test_what_each_of_several_machines_keeps_to_itself_is_found(at, book):
    at.set(SIGNING_SECRET="one secret for both of the machines")
    at.examined()
    seen(book, tokens.fingerprint())
    at.finds("machines", "warn", "2 machines work on this database", "its own rejected and mail", "mount one folder")
    for folder in ("rejected", "mail"):
        (at.folder / folder).mkdir()
        (at.folder / "home").mkdir(exist_ok=True)
        (at.folder / "home" / folder).symlink_to(at.folder / folder)
    at.is_well("machines")
    book.say("update switches set set_at = set_at - interval '8 days' where name = 'secret:stand-by'")
    assert at.told("machines") == [("ok", "No other machine has worked on this database within a week.")]


def whole(at, book):
    """The secrets after a round, as the doctor finds them."""
    whole_round(configured(), london_day(moment()), moment())
    return at.alone("kept-secrets")


def test_a_secret_that_was_lost_or_replaced_is_found_until_it_is_back_or_taken_for_right(at, book):
    home = at.folder / "home"
    at.set(SOURCE_SECRET="the secret of the sources, as it was made", ERASURE_SECRET=None)
    whole(at, book)  # its letters make the secret that signs
    assert [mark for mark, _ in whole(at, book)] == ["ok"]
    prints = book.ask("select value from switches where starts_with(name, 'kept secret:')")
    assert all(len(one) == 8 for one in prints), "nothing of a secret is in the book"
    (home / "signing-secret").rename(home / "gone")
    at.set(SOURCE_SECRET="another one, after a move to a new machine")
    (signing, lost), (source, replaced) = whole(at, book)
    assert (signing, source) == ("fail", "fail")
    assert "signing secret of this book" in lost
    assert "source secret of this book was replaced: " in replaced
    (home / "gone").replace(home / "signing-secret")
    secret_file.held.cache_clear()
    ((_, still),) = at.alone("kept-secrets")
    assert "source secret" in still
    assert at.cli("doctor", "--accept-secrets").code in {0, 1}
    assert [mark for mark, _ in at.alone("kept-secrets")] == ["ok"]


def test_a_signing_secret_that_was_changed_by_the_guide_is_the_books(at, book):
    old, new = "the secret that signed until now, and is old", "the secret that signs from now on, and is new"
    at.set(SIGNING_SECRET=old)
    whole(at, book)
    at.set(SIGNING_SECRET=new, SIGNING_SECRET_BEFORE=old, SIGNING_SECRET_BEFORE_UNTIL="2999-12-31")
    assert [mark for mark, _ in whole(at, book)] == ["ok"]
    at.set(SIGNING_SECRET_BEFORE=None, SIGNING_SECRET_BEFORE_UNTIL=None)
    assert [mark for mark, _ in at.alone("kept-secrets")] == ["ok"], "a round has kept the new one"
