"""The readers of a step's notifications when people came, left or were away before delivery."""

import pytest

from config.terms import Addressee, Agency
from models.rules.people.addressing import Recipient
from models.rules.people.directory import Directory, Person
from models.rules.people.readdressing import AWAY, LEFT, NOTHING, OTHER, PendingNotification, Readdressing, readdress

OWNER, SUPERVISOR = Addressee.OWNER, Addressee.SUPERVISOR
NONE = frozenset()


def person(ref, *, active=True, absent=False):
    return Person(ref, Agency.POLICE, NONE, NONE, NONE, None, active, absent)


HERE = Directory([person("P1"), person("P2"), person("S1")])
P1, S1 = PendingNotification(1, "P1", ""), PendingNotification(2, "S1", "")


def test_while_everyone_is_still_right_nothing_changes():
    right = [Recipient(OWNER, "P1"), Recipient(SUPERVISOR, "S1"), Recipient(SUPERVISOR, "S2")]
    assert readdress([P1, S1], right, set(), HERE) == NOTHING


def test_the_right_one_is_told_instead_and_the_others_are_undisturbed():
    stand_in = Recipient(OWNER, "P2", "standing in for the officer in the case")
    made = readdress([P1, S1], [stand_in, Recipient(SUPERVISOR, "S1")], set(), HERE)
    assert made == Readdressing({1: OTHER}, {}, [stand_in])


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (person("P1", active=False), LEFT),
        (person("P1", active=False, absent=True), LEFT),
        (person("P1", absent=True), AWAY),
        (person("P1"), OTHER),
        (person("somebody"), OTHER),
    ],
)
def test_the_reason_says_what_became_of_the_reader(who, why):
    assert readdress([P1], [Recipient(OWNER, "P2")], set(), Directory([who])).silent == {1: why}


def test_who_is_told_anyway_is_told_once_and_why_they_are():
    right = [Recipient(OWNER, "S1", "no officer in the case is recorded")]
    assert readdress([P1, S1], right, set(), HERE) == Readdressing(
        {1: OTHER}, {2: "no officer in the case is recorded"}, []
    )


def test_who_was_told_already_is_not_told_again():
    assert readdress([P1], [Recipient(OWNER, "P2")], {"P2"}, HERE).new == []


def test_what_its_reader_was_told_by_another_channel_is_said_to_nobody_else():
    assert readdress([P1], [Recipient(OWNER, "P2")], {"P1"}, HERE) == Readdressing({1: OTHER}, {}, [])


def test_operations_are_told_where_nobody_is_left():
    nobody = Recipient(OWNER, None, "no officer in the case is recorded")
    assert readdress([P1], [nobody], set(), HERE).new == [nobody]


@pytest.mark.parametrize(
    "waiting", [PendingNotification(1, "P1", "promise lapsed"), PendingNotification(1, "P1", "", lapsed=True)]
)
def test_that_a_promise_lapsed_is_said_to_the_right_one_too(waiting):
    right = [Recipient(OWNER, "P2", "standing in for the officer in the case"), Recipient(SUPERVISOR, "S1")]
    made = readdress([waiting, PendingNotification(2, "S1", "promise lapsed")], right, set(), HERE)
    assert [one.note for one in made.new] == ["promise lapsed; standing in for the officer in the case"]
    assert made.notes == {}


def test_the_next_in_line_of_one_who_is_away_with_nobody_to_stand_in_is_told_too():
    here = Directory([person("P1", absent=True), person("S1"), person("L1")])
    why = "the officer in the case is away and has no deputy"
    right = [Recipient(OWNER, "P1"), Recipient(OWNER, "S1", why), Recipient(SUPERVISOR, "L1")]
    assert readdress([P1], right, {"L1"}, here) == Readdressing({}, {}, [Recipient(OWNER, "S1", why)])
    assert readdress([P1, S1], right, {"L1"}, here) == Readdressing({}, {2: why}, [])
