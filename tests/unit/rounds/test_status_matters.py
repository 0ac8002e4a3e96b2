"""What a status calls wrong, what waits for a person, and in which order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.queries.intake.rejected_rows import RejectedOfStalking
from models.queries.outbox.circuit_breakers import Pause
from models.queries.rounds.rounds import RoundOfDay
from models.queries.rounds.status import AccountOfDay, OperationsDuty, OutboxNow, RejectedRows
from tasks.outbox.standstill import Standstill
from tasks.rounds.expected import FeedState, FeedTrouble
from tasks.rounds.status.installation import Audited, ForceToday, Gaps, Going, Status
from tasks.rounds.status.matters import matters

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
EARLIER = AT - timedelta(hours=2)
TODAY = date(2026, 3, 17)
QUIET = OutboxNow(0, 0, None, 0, 0, 0, None, in_doubt=False)
NO_GAPS = Gaps(0, 0, 0, 0, 0, (), ())
STANDSTILL = Standstill(2, AT - timedelta(minutes=59), EARLIER)
WELL = AccountOfDay("45", 3, 2, 1, 2, 0, 0)


def force(code="45", going=Going.ENDED, failure=None, account=WELL):
    ran = None if going in {Going.TO_COME, Going.NOT_BEGUN} else RoundOfDay(code, EARLIER, EARLIER, failure, 1, False)
    return ForceToday(code, going, ran, account, "●" * 14)


IN_ORDER = Status(
    AT, force("--"), (force(),), (), QUIET, (), Audited(AT - timedelta(minutes=5), (), AT), NO_GAPS, mailed=True
)


def judged(**changed):
    return matters(IN_ORDER._replace(**changed))


def test_where_nothing_is_wrong_and_nobody_is_waited_for_all_is_in_order():
    assert judged() == ((), (), 0)
    assert judged().headline == "In order"


def test_cases_that_no_round_has_looked_at_since_they_changed_stand_in_the_first_line():
    assert judged(unseen=870).headline == "In order; 870 cases wait for a round"
    assert judged(unseen=1, forces=()).headline == "1 thing is wrong; 1 case waits for a round"


@pytest.mark.parametrize("going", [Going.TO_COME, Going.RUNNING])
def test_a_round_that_is_still_to_come_or_runs_is_no_matter(going):
    assert judged(forces=(force(going=going, account=None),)).headline == "In order"


@pytest.mark.parametrize(
    ("changed", "sentence", "do"),
    [
        ({"forces": ()}, "No force is expected, and none was ever seen", "casebeat intake"),
        (
            {"forces": (force("46", Going.FAILED, "statement timeout"),)},
            "The round of force 46 failed (statement timeout)", "casebeat run --force 46",
        ),
        (
            {"forces": (force("46", Going.STOPPED),)},
            "The round of force 46 was stopped without an end", "casebeat run --force 46",
        ),
        (
            {"forces": (force("45", Going.NOT_BEGUN), force("46", Going.NOT_BEGUN))},
            "Today's round has not begun for forces 45, 46", "casebeat run",
        ),
        (
            {"whole": force("--", Going.NOT_BEGUN)},
            "Only single forces had a round today: no letters were written", "casebeat run",
        ),
        (
            {"whole": force("--", Going.STOPPED)},
            "The round was stopped before its end: its letters may be unwritten", "casebeat run",
        ),
        (
            {"whole": force("--", Going.FAILED, "letters failed (OSError)")},
            "Of the round as a whole, letters failed (OSError)", "casebeat run",
        ),
        (
            {"forces": (force(account=WELL._replace(evaluated=0)),)},
            "The account of force 45 does not balance", "report it",
        ),
        (
            {"feeds": (FeedState("niche", ("45",), TODAY, TODAY, FeedTrouble("niche", (), "late", None, "it is")),)},
            "It is", "ask niche for its extract",
        ),
        (
            {"feeds": (FeedState("niche", (), None, None, FeedTrouble("niche", (), "refused", "x", "no")),)},
            "No", "ask niche to send it again",
        ),
        (
            {"outbox": QUIET._replace(held_since=EARLIER)},
            "The outbox is held since Tue 17 Mar 2026 at 07:00 GMT: nothing leaves", "casebeat outbox --release",
        ),
        (
            {"outbox": QUIET._replace(held_since=EARLIER, in_doubt=True)},
            "The outbox is held since Tue 17 Mar 2026 at 07:00 GMT, because the clock is in doubt: nothing leaves",
            "answer the question",
        ),
        (
            {"outbox": QUIET._replace(unknown=1)},
            "1 message is without an answer from the carrier for an hour", "casebeat outbox",
        ),
        (
            {"pauses": (Pause("email", "refused the sign-in", EARLIER, AT, AT, 3),)},
            "Nothing leaves by email since Tue 17 Mar 2026 at 07:00 GMT (refused the sign-in)",
            "tried again from Tue 17 Mar 2026 at 09:00 GMT",
        ),
        ({"standstill": STANDSTILL}, f"N{STANDSTILL.sentence[1:]}", "casebeat run"),
        ({"gaps": NO_GAPS._replace(failed_cases=2)}, "2 cases could not be evaluated", "report it"),
        (
            {"audited": Audited(EARLIER, (), None)},
            "The auditor has not run since Tue 17 Mar 2026 at 07:00 GMT", "casebeat serve",
        ),
        (
            {"audited": Audited(AT, ("a", "b"), None)},
            "The auditor found 2 things on Tue 17 Mar 2026 at 09:00 GMT", "casebeat assure",
        ),
    ],
)  # fmt: skip
def test_one_thing_that_is_wrong_is_one_sentence_with_what_to_do(changed, sentence, do):
    found = judged(**changed)
    assert [one.sentence for one in found.wrong] == [sentence]
    assert do in found.wrong[0].do
    assert found.waiting == ()
    assert found.headline == "1 thing is wrong"


@pytest.mark.parametrize(
    ("gaps", "sentence"),
    [
        ({"unaddressed": 1}, "1 case lacks somebody who is to be told, in whose place operations are"),
        ({"without_chair": 2}, "2 cases need another chair"),
        ({"without_spoc": 1}, "1 force or Area has no SPOC"),
        ({"without_panel": 2}, "2 pairs of force and Area have stalking cases and no panel"),
        (
            {"rejected": (RejectedRows("niche", "niche-20260317", 3),)},
            "3 rows of extract niche-20260317 of source niche could not be loaded",
        ),
        (
            {"duties": (OperationsDuty("column-missing", 2, TODAY),)},
            "2 duties of operations under column-missing, due since Tue 17 Mar 2026",
        ),
    ],
)
def test_what_only_a_person_can_mend_waits_and_is_not_wrong(gaps, sentence):
    found = judged(gaps=NO_GAPS._replace(**gaps))
    assert [one.sentence for one in found.waiting] == [sentence]
    assert found.wrong == ()
    assert found.headline == "In order; 1 thing waits for a person"


def test_rows_of_stalking_cases_are_wrong_and_wait_for_nobody_beside():
    stalking = RejectedOfStalking("niche", ("45",), "niche-20260317", "cases.csv", ["2", "3"])
    found = judged(
        gaps=NO_GAPS._replace(of_stalking=(stalking,), rejected=(RejectedRows("niche", "niche-20260317", 3),))
    )
    assert (len(found.wrong), found.waiting) == (1, ())


def test_a_dead_address_and_a_lacking_mail_server_wait_for_a_person():
    found = judged(mailed=False, outbox=QUIET._replace(dead=1))
    assert [one.sentence.split(",")[0] for one in found.waiting] == [
        "1 message could not be delivered", "Nobody is mailed: no mail server is set",
    ]  # fmt: skip


def test_what_stops_everything_comes_before_what_stops_a_force():
    found = judged(
        forces=(force("46", Going.STOPPED), force("45", Going.FAILED, "why")),
        outbox=QUIET._replace(held_since=EARLIER),
        gaps=NO_GAPS._replace(failed_cases=1),
    )
    assert [one.sentence.partition(" since")[0] for one in found.wrong] == [
        "The outbox is held",
        "The round of force 45 failed (why)",
        "The round of force 46 was stopped without an end",
        "1 case could not be evaluated",
    ]
    assert found.headline == "4 things are wrong"


def sentences(**changed):
    return [one.sentence for one in judged(**changed).wrong]


def test_a_failure_is_told_only_of_a_round_that_failed_and_is_known():
    assert sentences(whole=force("--", Going.ENDED, "x")) == []
    assert sentences(whole=force("--", Going.FAILED)._replace(round=None)) == []
    assert sentences(forces=(force("45", Going.FAILED)._replace(round=None),)) == []


def test_one_force_that_has_not_begun_is_one_and_hides_that_the_whole_has_not():
    assert sentences(forces=(force("45", Going.NOT_BEGUN),), whole=force("--", Going.NOT_BEGUN)) == [
        "Today's round has not begun for force 45"
    ]
    assert sentences(forces=(), whole=force("--", Going.NOT_BEGUN)) == ["No force is expected, and none was ever seen"]


def test_the_auditor_is_late_after_fifteen_minutes():
    assert sentences(audited=Audited(AT - timedelta(minutes=15), (), None)) == []
    late = Audited(AT - timedelta(minutes=15, seconds=1), ("a",), None)
    assert sentences(audited=late) == [
        "The auditor has not run since Tue 17 Mar 2026 at 08:44 GMT",
        "The auditor found 1 thing on Tue 17 Mar 2026 at 08:44 GMT",
    ]
    assert sentences(audited=None) == []


def test_the_headline_counts_what_is_wrong_and_what_waits():
    gaps = NO_GAPS._replace(failed_cases=1, without_spoc=1, without_panel=1)
    found = judged(gaps=gaps, forces=())
    assert found.headline == "2 things are wrong; 2 things wait for a person"
    assert judged(gaps=NO_GAPS._replace(without_spoc=1)).headline == "In order; 1 thing waits for a person"
    assert [one.sentence for one in judged(mailed=False).waiting] == ["Nobody is mailed: no mail server is set"]


def test_each_duty_of_operations_has_the_command_that_lists_it():
    duties = (OperationsDuty("column-missing", 1, TODAY), OperationsDuty("spoc-vacancy", 1, TODAY))
    found = judged(gaps=NO_GAPS._replace(duties=duties)).waiting
    assert [one.do for one in found] == ["`casebeat coverage`", "`casebeat obligations`"]
    assert found[0].sentence.startswith("1 duty of operations")


def test_a_question_about_the_clock_holds_nothing_by_itself_and_a_feed_without_trouble_is_no_matter():
    assert sentences(outbox=QUIET._replace(in_doubt=True)) == []
    assert sentences(feeds=(FeedState("niche", ("45",), TODAY, TODAY, None),)) == []
