"""A poisoned case and a poisoned message are reported, skipped, and processed once they are fixed."""

import re

from tests.faults.checker import check, story
from tests.faults.ground import EIGHT
from tests.faults.loop import of_cases

DIGEST = re.compile("[0-9a-f]{64}")


def of_others(told, case_ref):
    """The messages about the other cases; of an agenda only its readers, since the poisoned case changes its text."""
    others = {name: [line for line in lines if f"'{case_ref}'" not in line] for name, lines in told.items()}
    return others | {"agendas": without_digests(told)}


def without_digests(told):
    return [DIGEST.sub("", line) for line in told["agendas"]]


def test_a_poisoned_case_stops_no_other_and_is_processed_once_it_is_fixed(field, undisturbed):
    told = undisturbed().story
    with field.ground() as ground:
        assert ground.begin("intake", *map(str, sorted(ground.drop.iterdir()))).join() == 1  # a row is rejected
        ground.ask("update cases set risk = 'extreme', projection = 'changed' where case_ref = 'K3' returning 1")
        held = ground.round()
        assert held.join() == 1, held.said
        assert "1 failed" in held.said
        assert of_others(story(ground), "K3") == of_others(told, "K3")
        ((case_ref, failure),) = ground.ask("select case_ref, failure from cases where projection = 'failed'")
        assert (case_ref, failure.partition(", fault ")[0]) == ("K3", "ValueError")
        daily = ground.ask("select count(*) from messages where key like 'daily:%%' and text like '%%1 failed%%'")
        assert daily[0][0] >= 1, "operations are told"
        ground.ask("update cases set risk = 'high', projection = 'changed' where case_ref = 'K3' returning 1")
        ground.heal()
        healed = story(ground)
        assert without_digests(healed) == without_digests(told), "what was sent is sent again on the morning, if at all"
        check(ground, told | {"agendas": healed["agendas"]})


def test_a_poisoned_message_stops_no_other_and_is_sent_once_it_is_fixed(field, undisturbed):
    told = undisturbed().story
    with field.ground() as ground:
        assert ground.begin("outbox", "--hold").join() == 0
        assert ground.round().join() == 1
        poisoned = """update notifications set addressee = 'courts' where day = '2026-03-23' and contact_ref = 'P3'
                      returning message_id, addressee"""
        (id_,) = {row[0] for row in ground.ask(poisoned)}
        assert ground.begin("outbox", "--release").join() == 0
        went = ground.begin(deliver=EIGHT)
        assert went.join() == 1, went.said
        ((key, state),) = ground.ask(f"select key, state from messages where id = {id_}")
        assert state == "dead"
        others = "select count(*) from messages where state = 'dead' and key not like 'undelivered:%%' and id <> "
        assert ground.ask(others + str(id_)) == [(0,)]
        told_of = ground.ask(f"select count(*) from messages where key like 'undelivered:%%' and text like '%%{key}%%'")
        assert told_of[0][0] >= 1, "operations are told"
        ground.ask("update notifications set addressee = 'owner' where addressee = 'courts' returning 1")
        assert ground.begin("outbox", "--requeue", key).join() == 0
        ground.ask(f"update messages set due_at = '{EIGHT}' where id = {id_} returning 1")
        ground.heal()
        check(ground, of_cases(told))
