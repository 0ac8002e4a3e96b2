"""Every night of a small book is as it was approved: `make approve` writes the nights again, to be read in the diff."""

from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from tasks.servers import postgres
from tests.approved.nights import reach
from tests.approved.nights.files import difference, read
from tests.approved.nights.nights import lived
from tests.approved.nights.tables import TABLES

pytestmark = pytest.mark.timeout(900)  # on a busy machine
UNREACHED = {  # functions of models/queries that no night calls, each with its reason
    "access.*": "an extract for a subject has its own tests",
    "audit_log.*": "the export and the check of the audit log have their own tests",
    "rehearsal.*": "a rehearsal has its own tests",
    "report.kept_figures.kept_months": "a purge has its own tests",
    "report.kept_figures.record_purge": "a purge has its own tests",
    "retention.*": "a purge has its own tests",
    "intake.erased_cases.find": "a purge has its own tests",
    "intake.erased_cases.leave_out_*": "a purge has its own tests",
    "intake.extracts.loaded_until": "a purge has its own tests",
    "intake.guards.unmark_erased": "a purge has its own tests",
    "intake.erased_cases.digests": "a purge has its own tests",
    "obligations.worklist.waiting": "a rehearsal has its own tests",
    "report.places.places_of_cases": "the month's report has its own tests, and a recount",
    "reviews.recorded_outcomes.sitting_cases": "a chair's reply has its own tests",
    "obligations.changed_ladders.move": "a ladder whose steps have changed has its own tests",
    "driver.copy_out": "a rehearsal has its own tests",
    "outbox.naming.*": "an inspector's export and a purge have their own tests",
    "schema.*": "backups and restores have no night",
    "driver.as_text": "a restore holds the outbox",
    "outbox.digests.first_standings": "a force whose first day has come",
    "outbox.outbox_list.hold_text": "a restore holds the outbox",
    "intake.filled.*": "a check of an extract has its own tests",
    "obligations.confirmations.*": "a confirmed grade has its own tests",
    "obligations.stalled_obligations.of_ids": "limits that a place lost have their own tests",
    "secrets.of_one_secret": "sources that share a secret have their own tests",
    "intake.clocks.latest_extract": "clocks are compared where the clock is real",
    "intake.extracts.decidable": "an extract that is held has its own tests",
    "intake.extracts.held_notices": "an extract that is held has its own tests",
    "intake.extracts.refuse_held": "an extract that is held has its own tests",
    "intake.extracts.store_marks": "an extract that was copied again has its own tests",
    "intake.extracts.tell": "an extract that is held has its own tests",
    "intake.comparing.supplied": "a snapshot that shrinks by its own leave",
    "intake.offence_codes.of_open": "the book's clerks use no code that no list knows",
    "obligations.inherited.*": "a force whose first day has come",
    "audit.record_as_owner": "a backup before an upgrade",
    "outbox.outbox_list.ever_sent": "the first start of serve",
    "outbox.outbox_list.first_letters": "the first start of serve",
    "outbox.outbox_list.waits_for_first": "the first start of serve",
    "outbox.outbox_list.dead_since": "what died of a code is queued again by hand",
    "outbox.refusals.accepted_before": "a server that refuses several recipients alike",
    "outbox.refusals.waits": "a server that has refused everybody",
    "outbox.sent_log.*": "a restored book learns from a mail server's log",
    "outbox.standstill.blocked": "a carrier is asked for an hour without a letter from nine on",
    "rounds.backups.in_use_since": "a backup's age is judged where the clock is real",
    "rounds.backups.note_*": "backups and restores have no night",
    "obligations.ladders.without": "an obligation that cannot be climbed",
    "obligations.worklist.fail": "a case that cannot be evaluated",
    "outbox.workers.*_connection": "a mailbox lets few connections in only where a mail server is set",
    "outbox.unconfirmed.*": "a post without an answer waits by the database's clock",
    "people.contacts.address_of": "a form of whoever signed in at a proxy",
    "people.jurisdictions.forces_of_areas": "a force whose first day is to come",
    "people.acts.undoable": "an outcome or a move that somebody takes back",
    "replies.slack_clicks.record_listening": "a listener runs until it is stopped",
    "replies.slack_clicks.stop_listening": "a listener runs until it is stopped",
    "reviews.capacity.was_told": "places that lack for weeks",
    "reviews.move_case.record_choice": "a case that is moved to where it was convened",
    "rounds.assurance.alarmed": "an alarm of Prefect",
    "rounds.doctor.*": "the doctor looks at the machine",
    "rounds.figures.*": "what /metrics asks has its own tests",
    "rounds.rounds.begun_after": "forces that workers share",
    "rounds.rounds.open_cases": "forces that workers share",
    "rounds.undoing.last_day_until": "an undoing without a round",
}

UNCHANGED = {  # tables
    "rejected_marks": "the book's clerks err in no case that is restricted or bars somebody",
    "suspects": "the book is too small for a case of several suspects",
    "defendants": "the book is too small for a case of several defendants",
}


class Lived(NamedTuple):
    """What came of the nights: the first that differs and how, and the functions and tables that were reached."""

    differs: str
    called: set[str]
    tables: set[str]


@pytest.fixture(scope="module")
def nights(server, copies, tmp_path_factory):
    approved, tables = read(), set()
    copies.give("nights")
    with reach.noted() as called:
        for night in lived(tmp_path_factory.mktemp("nights"), postgres.url(server, database="nights")):
            tables |= night.tables
            differs = difference(approved.pop(night.day.isoformat(), ""), night)
            if differs:
                return Lived(f"{night.day} is not as approved (see make approve):\n{differs}", called, tables)
    copies.take_back("nights")
    return Lived("".join(f"{day} is lived no more\n" for day in approved), called, tables)


def test_every_night_is_as_it_was_approved(nights):
    assert not nights.differs, nights.differs


def test_every_table_changes_in_some_night(nights):
    assert nights.differs or nights.tables == TABLES - UNCHANGED.keys()


def test_every_query_is_called_in_some_night_or_has_its_reason(nights):
    unreached = set(reach.public().values()) - nights.called
    assert nights.differs or [name for name in unreached if not _reason(name)] == []


def test_every_reason_is_still_needed(nights):
    unreached = set(reach.public().values()) - nights.called
    needed = {pattern for name in unreached for pattern in UNREACHED if fnmatch(name, pattern)}
    assert nights.differs or needed == set(UNREACHED)


def _reason(name):
    return next((reason for pattern, reason in UNREACHED.items() if fnmatch(name, pattern)), None)
