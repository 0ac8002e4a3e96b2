"""Reporting an action as done: the obligation ends at once, and the report holds until the source's own row changes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from config.days.london import at_london
from config.doors import Door
from flows.configured import configured
from models.errors import Refuse
from models.rules.obligations.completion import CompletionReport
from models.rules.people.act import Act
from models.rules.references import ActionReference, CaseReference
from tasks.intake.load import load_folders
from tasks.obligations.complete_action import complete_action
from tests.worlds.days import day, row
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.one_case import CASE, OneCase

TODAY = "Tue 17 Mar 2026"


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch, database):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return database


@pytest.fixture
def book(virtual, run_cli) -> OneCase:
    """The action A1's `overdue` notice was taken today."""
    one = OneCase(virtual, run_cli)
    one.round(TODAY)
    return one


def complete(book, *more, action="A1", by="P1", on=None, as_of=TODAY, case=CASE):
    said = [] if on is None else ["--on", day(on).isoformat()]
    return book.cli("complete-action", case, action, "--by", by, *said, "--as-of", day(as_of).isoformat(), *more)


def stored(book):
    return book.ask("select status, closed_on, as_sent from actions")[0]


def ended(book, rule="action"):
    return book.ask(f"select ended_on, end_reason from obligations where rule = '{rule}' order by id")


PENDING = {"status": "pending", "closed_on": None}


def test_what_is_reported_as_done_ends_at_once_and_is_said_to_have_ended(book):
    ran = complete(book, on="Mon 16 Mar 2026")
    assert ran.code == 0, ran.err
    assert ran.out == (
        f"A1 of {CASE} is recorded as done on Mon 16 Mar 2026. That stands until niche-45's own row of it changes: "
        "see that it is recorded there too.\n"
    )
    assert stored(book) == ("done", day("Mon 16 Mar 2026"), PENDING)
    assert ended(book) == [(day(TODAY), "met")]
    assert '"rule": "action"' not in book.cli("obligations", "--json", "--as-of", "2026-03-17").out
    book.rounds("Wed 18 Mar 2026", "Thu 26 Mar 2026")
    assert {told[1:] for told in book.told() if told[0] > day(TODAY)} == set()


def test_it_is_progress_on_the_case(book):
    before = book.ask("select due_on from obligations where rule = 'no-progress' and ended_on is null")
    complete(book, on=TODAY)
    after = book.ask("select due_on from obligations where rule = 'no-progress' and ended_on is null")
    assert after > before


def places(book):
    """What is owed, and how far up its ladder."""
    return book.ask(
        """select rule, subject, due_on, done_on, last_step, taken_on, next_step_on from obligations
           where ended_on is null order by 1, 2"""
    )


def test_what_is_taken_back_is_no_progress_either(virtual, run_cli):
    """Nothing of the report is left, neither on the ladder of the case without progress nor in a letter."""
    one = OneCase(virtual, run_cli, opened_on="2026-02-02")
    one.round(TODAY)
    before, told = places(one), one.told("no-progress")
    assert {"overdue", "critical"} & {name for _, _, name in told}
    complete(one)
    assert places(one) != before
    assert complete(one, "--undo").code == 0
    after = [tuple(place[:6]) for place in places(one)]
    assert after == [tuple(place[:6]) for place in before]
    one.round("Wed 18 Mar 2026")
    assert [place[:6] for place in places(one)] == after
    assert {day_ for day_, happening, _ in one.told("no-progress") if happening == "step"} == {day(TODAY)}
    assert one.ask("select version, end_reason from obligations where rule = 'no-progress' order by id") == [
        (1, "met"), (2, "void"), (2, None),
    ]  # fmt: skip


def test_a_promise_of_what_began_by_it_is_a_promise_of_what_is_owed_again(virtual, run_cli):
    one = OneCase(virtual, run_cli, opened_on="2026-02-02")
    one.round(TODAY)
    complete(one)
    assert one.acknowledge(TODAY, "Mon 23 Mar 2026", what="no-progress").code == 0
    assert complete(one, "--undo").code == 0
    assert one.ask(
        """select o.version, o.end_reason, p.ended_on from promises p join obligations o on o.id = p.obligation_id"""
    ) == [(2, None, None)]


def test_without_a_day_it_was_done_today(book):
    complete(book)
    assert stored(book) == ("done", day(TODAY), PENDING)


def test_the_same_word_again_changes_nothing(book):
    complete(book, on="Mon 16 Mar 2026")
    before = book.ask("select count(*) from audit where about = 'action'")
    for again in (None, "Mon 16 Mar 2026"):
        ran = complete(book, on=again, as_of="Wed 18 Mar 2026", by="S1")
        assert ran.code == 0
        assert ran.out == f"A1 of {CASE} is recorded as done on Mon 16 Mar 2026 already. Nothing was changed.\n"
    assert book.ask("select by_ref, done_on, made_on from completions") == [("P1", day("Mon 16 Mar 2026"), day(TODAY))]
    assert book.ask("select count(*) from audit where about = 'action'") == before == [1]


def test_a_wrong_day_is_corrected_and_the_sources_own_row_is_still_known(book):
    complete(book, on="Mon 16 Mar 2026")
    assert complete(book, on="Fri 13 Mar 2026", by="S1").code == 0
    assert stored(book) == ("done", day("Fri 13 Mar 2026"), PENDING)
    assert book.ask("select by_ref from completions order by id") == ["P1", "S1"]


@pytest.mark.parametrize("by", ["P1", "S1", "SP1", "L1"])
def test_whoever_answers_for_it_may_report_it(book, by):
    assert complete(book, by=by).code == 0
    assert book.ask("select verb, by, reason, detail - 'through' from audit where about = 'action'") == [
        ("alteration", by, "complete-action", {"done_on": "2026-03-17", "door": "command"})
    ]


def test_the_actions_own_owner_and_the_deputy_of_one_who_is_away_may_report_it(book):
    for ref in ("P2", "P3"):
        book.say(
            """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas,
                 first_seen_on) select :ref, id, 'police', 'Sam', 'sam@surrey.police.uk', '{officer}', '{45}', '{}',
                 '2026-03-02' from sources""",
            ref=ref,
        )
    book.say("update actions set owner_ref = 'P2'")
    book.say("update contacts set deputy_ref = 'P3' where contact_ref = 'P2'")
    assert complete(book, by="P3").code == 2
    book.say(
        """insert into absences (contact_ref, from_on, to_on, source_id)
           select 'P2', '2026-03-16', '2026-03-20', id from sources"""
    )
    assert complete(book, by="P3", on="Mon 16 Mar 2026").code == 0
    assert complete(book, by="P2", on="Fri 13 Mar 2026").code == 0


def test_an_action_that_cps_owes_is_for_cps_to_report(book):
    book.say("update actions set owner_agency = 'cps'")
    book.say(
        """insert into cps_cases (key_id, source_id, prosecutor_ref) select k.id, s.id, 'C1' from case_keys k, sources s
           where k.case_ref = '45/1234'"""
    )
    assert "P1 is not one of those who may say so" in complete(book).err
    assert complete(book, by="C1").code == 0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        row("a day to come", {"on": "Wed 18 Mar 2026"}, "18 Mar 2026 has not come yet."),
        row("before it was raised", {"on": "Sun 1 Mar 2026"}, "before the action was raised, Mon 2 Mar 2026."),
        row("the other agency", {"by": "CS1"}, "CS1 is not one of those who may say so"),
        row("a stranger", {"by": "P9"}, "P9 is not a known contact who is active on Tue 17 Mar 2026."),
        row("no such action", {"action": "A9"}, f"{CASE} has no action A9. What it has to do is A1. Only an action"),
        row("a rule", {"action": "joint-review"}, "ends once its source sends the fact that ends it"),
        row("no such case", {"case": "45/none"}, "There is no case 45/none in the book."),
        row("before the last round", {"as_of": "Mon 16 Mar 2026"}, "last round (Tue 17 Mar 2026)"),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_done(book, more, says):
    ran = complete(book, **more)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.strip().endswith("Nothing was done.") or "nothing was done" in ran.err
    assert stored(book) == ("pending", None, None)
    assert book.ask("select count(*) from completions") == [0]


def test_who_may_not_hears_of_nothing_else(book):
    err = complete(book, by="CS1", on="Wed 18 Mar 2026").err
    assert "CS1 is not one of those" in err
    assert "has not come yet" not in err


def test_two_who_report_at_once_record_it_once(book):
    def report(by: str) -> bool:
        return complete_action(
            configured(),
            ActionReference(CaseReference("45", "45/1234"), "A1"),
            CompletionReport(by, None),
            Act(by, Door.COMMAND, "someone"),
            day(TODAY),
            at_london(day(TODAY)),
        ).new

    with ThreadPoolExecutor(3) as at_once:
        assert sorted(at_once.map(report, ["P1", "S1", "SP1"])) == [False, False, True]
    assert book.ask("select count(*) from completions") == [1]


def test_what_an_extract_is_changing_meanwhile_is_waited_for_and_not_overruled(book):
    """The row is locked until the extract is loaded; then the extract's row counts."""
    with book.engine.connect() as loading, ThreadPoolExecutor(1) as meanwhile:
        loading.exec_driver_sql("update actions set status = 'cancelled', closed_on = '2026-03-16'")
        asked = (
            ActionReference(CaseReference("45", "45/1234"), "A1"),
            CompletionReport("P1", None),
            Act("P1", Door.COMMAND, "someone"),
            day(TODAY),
            at_london(day(TODAY)),
        )
        reporting = meanwhile.submit(complete_action, configured(), *asked)
        with pytest.raises(TimeoutError):
            reporting.result(0.5)
        loading.commit()
        with pytest.raises(Refuse, match="niche-45 itself records it as cancelled on Mon 16 Mar 2026"):
            reporting.result(10)
    assert stored(book) == ("cancelled", day("Mon 16 Mar 2026"), None)


def test_an_action_given_by_urn_is_the_principals(book):
    book.say("insert into case_keys (urn_root) values ('45AB1234567')")
    book.case("45/9", opened_on="2026-03-05", oic_ref="S1")
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root is not null)")
    book.say("update actions set key_id = (select id from case_keys where urn_root is not null)")
    book.changed()
    ran = complete(book, case="45/45/9")
    assert ran.code == 0, ran.err
    assert f"A1 of {CASE} is recorded as done" in ran.out
    assert ended(book) == [(day(TODAY), "met")]


def test_an_action_of_a_urn_is_owed_by_its_open_case_and_not_by_an_older_one_that_is_finalised(book):
    book.say("insert into case_keys (urn_root) values ('45AB1234567')")
    book.case("45/9", opened_on="2025-03-05", oic_ref="S1", finalised_on="2025-09-01")
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root is not null)")
    book.say("update actions set key_id = (select id from case_keys where urn_root is not null)")
    book.changed()
    ran = complete(book, case="45/45/9")
    assert ran.code == 0, ran.err
    assert f"A1 of {CASE} is recorded as done" in ran.out


def test_explain_shows_who_reported_it_and_whether_it_still_holds(book):
    complete(book, on="Mon 16 Mar 2026")
    told = book.explain(TODAY).out
    assert "REPORTED BY PEOPLE (1)" in told
    assert (
        "* Tue 17 Mar 2026: P1 said that action A1 was done on Mon 16 Mar 2026. It stands until niche-45's own row "
        "changes." in told
    )
    complete(book, on="Fri 13 Mar 2026", by="S1")
    told = book.explain(TODAY).out
    assert "P1 said that action A1 was done on Mon 16 Mar 2026. It gave way: a later word or" in told
    assert "S1 said that action A1 was done on Fri 13 Mar 2026. It stands until" in told


class Nights:
    """A source that sends the case every night, and the resulting book."""

    def __init__(self, tmp_path, run_cli, engine):
        self.folder, self.cli, self.engine, self.number = tmp_path, run_cli, engine, 0

    def send(self, *actions, **more):
        self.number += 1
        files = {
            "contacts.csv": [a_contact("P1")],
            "cases.csv": [a_case("C1", opened_on="2026-11-02", risk="high")],
            "actions.csv": list(actions),
        }
        folder = write(self.folder / str(self.number), files, number=self.number, **more)
        (loaded,) = load_folders(configured(), [folder], at_london(day("Thu 26 Nov 2026")))
        assert loaded.fate == "loaded", loaded

    def complete(self, on="2026-11-24", as_of="2026-11-25"):
        return self.cli("complete-action", "45/C1", "A1", "--by", "P1", "--on", on, "--as-of", as_of)

    def ask(self, statement):
        with self.engine.begin() as connection:
            return [tuple(found) for found in connection.exec_driver_sql(statement)]

    @property
    def action(self):
        ((status, closed_on, as_sent),) = self.ask("select status, closed_on, as_sent is not null from actions")
        return status, closed_on and closed_on.isoformat(), as_sent

    @property
    def changed(self):
        """Whether the case is marked as changed; it is then projected."""
        found = self.ask("select projection from cases") != [("evaluated",)]
        assert self.cli("obligations", "--json", "--as-of", "2026-11-26").code == 0
        return found


@pytest.fixture
def nights(virtual, run_cli, tmp_path):
    """One action, sent as pending, and reported as done on 24 November."""
    one = Nights(tmp_path, run_cli, virtual)
    one.send(an_action("A1"))
    assert one.cli("obligations", "--json", "--as-of", "2026-11-25").code == 0
    assert one.complete().code == 0
    assert one.action == ("done", "2026-11-24", True)
    assert not one.changed
    return one


def test_a_source_that_lags_behind_does_not_reopen_it(nights):
    for _ in range(3):
        nights.send(an_action("A1"))
    assert nights.action == ("done", "2026-11-24", True)
    assert not nights.changed


def test_a_source_that_comes_to_agree_takes_it_over_and_no_case_changes(nights):
    nights.send(an_action("A1", status="done", closed_on="2026-11-24"))
    assert nights.action == ("done", "2026-11-24", False)
    assert not nights.changed


def test_a_source_that_says_another_day_is_right(nights):
    nights.send(an_action("A1", status="done", closed_on="2026-11-20"))
    assert nights.action == ("done", "2026-11-20", False)
    assert nights.changed
    refused = nights.complete()
    assert refused.code == 2
    assert "niche-45 itself records it as done on Fri 20 Nov 2026. If that is wrong, have it corrected" in refused.err
    assert nights.complete(on="2026-11-20").code == 0


def test_a_source_that_contradicts_it_wins_and_explain_shows_it(nights):
    nights.send(an_action("A1", status="not_possible", closed_on="2026-11-23", closed_reason="none"))
    assert nights.action == ("not_possible", "2026-11-23", False)
    assert nights.changed
    told = nights.cli("explain", "45/C1", "--as-of", "2026-11-26").out
    assert "P1 said that action A1 was done on Tue 24 Nov 2026. It gave way: a later word or niche-45's own row" in told
    assert "niche-45 itself records it as not possible on Mon 23 Nov 2026" in nights.complete().err


def test_a_source_whose_own_row_moves_on_while_still_open_reopens_it(nights):
    nights.send(an_action("A1", status="waiting_third_party"))
    assert nights.action == ("waiting_third_party", None, False)
    assert nights.changed
    owed = nights.ask("select version, ended_on is null from obligations where rule = 'action' order by version")
    assert owed == [(1, False), (2, True)]
    assert nights.complete(as_of="2026-11-26").code == 0
    assert nights.action == ("done", "2026-11-24", True)


def test_a_source_that_agreed_and_then_reopens_it_is_right(nights):
    nights.send(an_action("A1", status="done", closed_on="2026-11-24"))
    nights.send(an_action("A1"))
    assert nights.action == ("pending", None, False)
    assert nights.changed


def test_a_source_that_no_longer_sends_it_withdraws_it(nights):
    nights.send(an_action("A2"))
    ran = nights.complete(on="2026-11-23")
    assert ran.code == 2
    assert "niche-45 has not sent it since Wed 25 Nov 2026: it is no longer owed." in ran.err
