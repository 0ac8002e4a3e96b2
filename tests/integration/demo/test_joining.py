"""The force that joins the demo in its second week: silence before its day but for limits, then less and less."""

from datetime import timedelta

from flows.demo import START
from tasks.demo.figures import sent_mails
from tasks.demo.joining import JOINING, JoiningForce, joins_on

JOINS = joins_on(START)


def test_before_it_joins_only_spocs_and_leads_hear_and_only_of_limits_and_orders(weeks):
    before = weeks.ask(
        """select distinct o.rule, n.addressee, n.contact_ref from notifications n
           join obligations o on o.id = n.obligation_id
           where o.force_code = :force and o.case_id is not null and n.day < :joins""",
        force=JOINING, joins=JOINS,
    )  # fmt: skip
    assert {rule for rule, _, _ in before} == {"summary-time-limit", "order-expiry"}
    assert {addressee for _, addressee, _ in before} <= {"spoc", "lead", "counterpart"}
    assert {ref for _, _, ref in before} <= {"P53-SPOC1", "P53-LEAD", "CSW-SPOC1", "CSW-LEAD"}
    letters = weeks.ask(
        "select min(day) from messages where contact_ref ~ '^P53-[0-9S]' and contact_ref <> 'P53-SPOC1'"
    )
    assert letters == [(JOINS,)]


def test_on_its_day_officers_hear_and_what_is_inherited_grows_less(weeks):
    officers = {ref for (ref,) in weeks.ask(
        """select distinct n.contact_ref from notifications n join obligations o on o.id = n.obligation_id
           where o.force_code = :force and n.day = :joins""", force=JOINING, joins=JOINS,
    )}  # fmt: skip
    assert {"P53-001", "P53-002", "P53-003", "P53-004"} <= officers

    def inherited(days: int) -> int:
        ((found,),) = weeks.ask(
            """select count(*) from obligations o where o.force_code = :force and o.due_on < :joins and not o.hard
                 and o.case_id is not null and o.began_on <= :day and (o.ended_on is null or o.ended_on > :day)""",
            force=JOINING, joins=JOINS, day=JOINS + timedelta(days=days),
        )  # fmt: skip
        return found

    first, week, last = map(inherited, (0, 7, 11))
    assert first > 200
    assert first > 2 * week
    assert week >= last


def test_the_lead_reads_where_they_start_and_then_what_is_left(weeks):
    (lead,) = [one for one in JoiningForce(START).contacts if one.contact_ref == "P53-LEAD"]
    letters = [mail.text for mail in sent_mails(weeks.home / "mail") if mail.to == lead.email]
    assert [text.count("WHERE WE START: GLOUCESTERSHIRE (53)") for text in letters].count(1) == 1
    (first,) = [text for text in letters if "WHERE WE START" in text]
    assert "This is the first standing that you are sent." in first, "that of limits before was none"
    assert "Nothing has changed" not in first.splitlines()[0]
    assert any("SINCE WE STARTED: GLOUCESTERSHIRE (53)" in text for text in letters)
