"""Each thing reaches a person once: counted in the tables and in the letters, after any number of days.

It reads what was sent, and when. Operations have no letter, and an invitation is the calendar's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

OPERATIONS, CALENDAR = "operations", "Casebeat calendar <"
# What reached a person on one day, by whatever message: a step, a repeat of it, a handing over. An end is no step.
TOLD_TWICE = """
select to_.day, n.contact_ref, n.channel, coalesce(o.case_id, 0), o.rule, o.subject, n.step, count(*)
from notifications n join obligations o on o.id = n.obligation_id join messages m on m.id = n.message_id
left join messages letter on letter.id = m.letter_id
cross join lateral (select (coalesce(letter.sending_at, m.sending_at) at time zone 'Europe/London')::date as day) to_
where n.state = 'sent' and n.happening <> 'resolved' and n.contact_ref is not null
group by 1, 2, 3, 4, 5, 6, 7 having count(*) > 1"""
# Messages to one person that left in one minute. What is enclosed in a letter is no message of its own.
LEFT_TOGETHER = """
select contact_ref, channel, date_trunc('minute', sending_at)::text, array_agg(key order by id)
from messages where state = 'sent' and contact_ref is not null and letter_id is null and kind <> 'invitation'
  and kind not in ('thread', 'post')
group by 1, 2, 3 having count(*) > 1"""
LETTERS_A_DAY = """
select contact_ref, channel, (sending_at at time zone 'Europe/London')::date, count(*)
from messages where state = 'sent' and kind = 'letter' and contact_ref is not null
group by 1, 2, 3 having count(*) > 1"""


def once(ask: Callable[[str], Sequence[Any]], letters: Sequence[EmailMessage]) -> None:
    """Check that nobody was told a step twice in a day, or sent two mails in a minute, or two letters on a day."""
    assert not list(ask(TOLD_TWICE))
    assert not list(ask(LEFT_TOGETHER))
    assert not list(ask(LETTERS_A_DAY))
    together = Counter(
        (to, letter["Date"].datetime.replace(second=0))
        for letter in letters
        for to in [letter["To"].addresses[0].addr_spec]
        if OPERATIONS not in to and not letter["List-Id"].startswith(CALENDAR)
    )
    assert not [(to, at) for (to, at), number in together.items() if number > 1]
