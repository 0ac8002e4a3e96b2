"""Check the conditions that hold after every fault, once a round and some deliveries have followed it.

The checker reads the tables, and what the mail server and Slack received. It uses none of Casebeat's own code.
"""

import hashlib
import hmac
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import vobject

from tests.faults.ground import EIGHT, OPERATIONS, SECRET, Ground

WITHOUT_CASE = "(None, None, "  # the beginning of a story's line that concerns no case
MARK = "[May be a repeat] "
_STORY = """
    select o.force_code, c.case_ref, o.rule, o.subject, o.version, {} from {} obligations o on {}
    left join cases c on c.id = o.case_id where true {}"""
STORIES = {
    "obligations": _STORY.format(
        "o.due_on, o.remind_on, o.escalate_on, o.owed_by, o.ended_on, o.end_reason, o.last_step, o.taken_on::text, "
        "o.next_step_on, o.addressed::text", "(select) nothing join", "true", ""
    ),
    "steps": _STORY.format(
        "s.step, s.name, s.on_day, s.outcome, s.reason", "steps s join", "o.id = s.obligation_id", ""
    ),
    "notifications": _STORY.format(
        "n.happening, n.step, n.step_name, n.day, n.duty, n.manner, n.addressee, n.contact_ref, n.channel, n.note, "
        "n.state, case when n.state = 'silent' then n.reason end",
        "notifications n join", "o.id = n.obligation_id", "",
    ),
    "convenings": """
    select k.force_code, k.case_ref, s.ref, s.day, v.slot, v.due_on, v.deadline_on, v.because, v.convened_on,
           v.ended_on, v."end"
    from convenings v join sittings s on s.id = v.sitting_id join case_keys k on k.id = v.case_id""",
    "invitations": """
    select coalesce(s.ref, r.ref), i.contact_ref, i.sequence, i.event ->> 'starts_at', i.event ->> 'minutes',
           jsonb_array_length(i.event -> 'cases'), i.event ->> 'series', i.told_on, i.cancelled,
           (select string_agg(concat_ws(' ', split_part(m.key, ':', -1), m.state), ', ' order by m.id) from messages m
            where m.kind = 'invitation' and m.about = coalesce(s.ref, r.ref) and m.contact_ref = i.contact_ref)
    from invitations i left join sittings s on s.id = i.sitting_id left join series r on r.id = i.series_id""",
    "series": "select ref, rule, ended_on from series",
    "sittings": "select ref, day, starts_at, places, cancelled_on, settled_on from sittings",
    "agendas": """
    select s.ref, a.occasion, a.day, a.made_on, a.digest,
           (select string_agg(concat_ws(' ', m.contact_ref, m.state), ', ' order by m.contact_ref) from messages m
            where m.kind = 'agenda' and m.about = s.ref and m.day = a.made_on)
    from agendas a join sittings s on s.id = a.sitting_id""",
}  # fmt: skip


@dataclass
class Found:
    """The counts of a check, for the table of figures."""

    letters: int = 0
    posts: int = 0
    repeated_letters: int = 0
    marked_letters: int = 0
    unknown: int = 0
    enclosed: int = 0
    faults: list[str] = field(default_factory=list)

    def wrong(self, saying: str, *about: object) -> None:
        self.faults.append(f"{saying}: {', '.join(map(str, about))}" if about else saying)


def story(ground: Ground) -> dict[str, list[str]]:
    """All decisions and their outcomes, without ids and moments: the same whichever process died."""
    return {name: sorted(map(str, ground.ask(statement))) for name, statement in STORIES.items()}


def check(ground: Ground, undisturbed: dict[str, list[str]] | None = None, at: datetime = EIGHT) -> Found:
    """Check every condition; raise AssertionError with all that fail. `undisturbed` is the story of another run."""
    found = Found()
    _nothing_is_stuck(ground, found, at + timedelta(days=1))
    _every_letter_once(ground, found)
    _every_event_once(ground, found)
    _every_post_once(ground, found)
    _present_steps_are_said(ground, found)
    _audited(ground, found)
    _balances(ground, found)
    if undisturbed is not None:
        now = story(ground)
        if "notifications" not in undisturbed:  # then only cases are compared
            now = {name: [line for line in lines if not line.startswith(WITHOUT_CASE)] for name, lines in now.items()}
        for name, lines in undisturbed.items():
            lost, more = Counter(lines) - Counter(now[name]), Counter(now[name]) - Counter(lines)
            for word, differ in (("lost", lost), ("too many", more)):
                if differ:
                    found.wrong(f"{name} {word}", *list(differ)[:3])
    assert not found.faults, "\n".join(found.faults)
    return found


# A message's name outside: the key that it had before it became void, and a number more where another had that key.
NAME = """regexp_replace(m.key, '^void:[0-9]+:', '') || coalesce((
    select '#' || count(*) from messages v where v.state = 'void' and m.state <> 'void' and v.channel = m.channel
                                             and regexp_replace(v.key, '^void:[0-9]+:', '') = m.key
    having count(*) > 0), '')"""


def between_dot_and_commit(ground: Ground) -> int:
    """Count the letters that the mail server has and whose messages are still being sent: their fate is unknown."""
    taken = {ref_of(each) for each in ground.letters}
    rows = ground.ask(f"select {NAME} from messages m where state = 'sending' and channel = 'email'")
    return sum(ref_made(name) in taken for (name,) in rows)


def ref_of(letter: bytes) -> str:
    return re.search(rb"^Message-ID:\s*<([0-9a-f]+)@", letter, re.MULTILINE | re.IGNORECASE)[1].decode()


def ref_made(name: str) -> str:
    """The left side of the Message-ID that the ground's secret gives a message, by its `NAME`."""
    key, _, number = name.partition("#")
    content = hashlib.md5(key.encode(), usedforsecurity=False).digest()[:8] + (bytes([int(number)]) if number else b"")
    seal = _digest(b"mail", content)[:12]
    mask = _digest(b"mask", seal + bytes(4))
    return (seal + bytes(octet ^ other for octet, other in zip(content, mask, strict=False))).hex()


def _digest(use: bytes, content: bytes) -> bytes:
    return hmac.digest(hmac.digest(SECRET.encode(), b"casebeat " + use, "sha256"), content, "sha256")


def _nothing_is_stuck(ground: Ground, found: Found, until: datetime) -> None:
    """No due message waits; no notification lacks its message, no round its end; no lock is held."""
    for key, state, reason in ground.ask(
        """select key, state, reason from messages
           where state in ('claimed', 'sending', 'unknown') or state in ('queued', 'retry') and due_at < %(until)s""",
        {"until": until},
    ):
        found.wrong("a message is stuck", key, state, reason)
    waits = "state = 'queued' and happening = 'resolved'"  # for a letter that says more, or the next week's
    for row in ground.ask(
        f"select id, state, reason from notifications where state not in ('sent', 'shown', 'silent') and not ({waits})"
    ):
        found.wrong("a notification is neither said nor silent for a reason", *row)
    for row in ground.ask(
        f"select id, channel from notifications where message_id is null and state <> 'silent' and not ({waits})"
    ):
        found.wrong("a notification has no message", *row)
    for row in ground.ask("select id from notifications where state = 'silent' and reason = ''"):
        found.wrong("a silence without a reason", *row)
    for row in ground.ask(
        "select force_code, ended_at from rounds where id in (select max(id) from rounds group by force_code)"
    ):
        if row[1] is None:
            found.wrong("the last round of a force has no end", row[0])
    for row in ground.ask(
        """select classid, objid from pg_locks
           where locktype = 'advisory' and database =
                 (select oid from pg_database where datname = current_database())"""
    ):
        found.wrong("an advisory lock outlives its holder", *row)


def _every_letter_once(ground: Ground, found: Found) -> None:
    """Each sent message has its letter, to its person, once; more only where the arrival was unknown, and marked."""
    if ground.mail is None:
        return
    heard: dict[str, list[EmailMessage]] = defaultdict(list)
    for each in ground.letters:
        heard[ref_of(each)].append(message_from_bytes(each, policy=policy.default))
    _each_enclosure_in_one(ground, heard, found)
    unsure, cases = _unsure(ground), _cases_of(ground)
    found.unknown = len(unsure)
    for id_, key, name, state, email in ground.ask(
        f"""select m.id, m.key, {NAME}, m.state, c.email
            from messages m left join contacts c on c.contact_ref = m.contact_ref
            where m.channel = 'email' and m.letter_id is null"""
    ):
        letters = heard.pop(ref_made(name), [])
        if (state == "sent") != bool(letters):
            found.wrong(f"{len(letters)} letters came of a message that is {state}", key)
        _repeated_rightly(key, letters, found, unsure=key in unsure)
        for letter in letters[-1:]:
            _says(letter, email or OPERATIONS, cases.get(id_, []), found, key)
    for ref in heard:
        found.wrong("a letter of no message", ref)


def _each_enclosure_in_one(ground: Ground, heard: dict[str, list[EmailMessage]], found: Found) -> None:
    """What travels in a letter came in that letter, whole and once, and goes through the same states."""
    for key, kind, state, about, of_letter, name in ground.ask(
        f"""select e.key, e.kind, e.state, e.about, m.state, {NAME}
            from messages e join messages m on m.id = e.letter_id where e.channel = 'email'"""
    ):
        if heard.get(ref_made(key)):
            found.wrong("what travels in a letter came by itself too", key)
        if state not in {of_letter, "silent"}:
            found.wrong(f"what travels in a letter that is {of_letter} is {state}", key)
        for letter in heard.get(ref_made(name), []) if state == "sent" else []:
            names = [part.get_filename() for part in letter.walk() if part.get_filename()]
            if kind == "agenda" and names.count(f"agenda-{about}.csv") != 1:
                found.wrong("an agenda is not in its letter once", key, names)
            if kind == "capacity" and about.partition("/")[2].partition(",")[0] not in _words(letter):
                found.wrong("a letter does not tell of the pair that lacks places", key)
            found.enclosed += 1
    for row in ground.ask(
        """select key, state, day from messages
           where kind in ('agenda', 'capacity', 'failed_review', 'transfer', 'correction', 'act', 'held_extract')
             and contact_ref is not null and letter_id is null and state not in ('silent', 'void')"""
    ):
        found.wrong("what belongs in a letter is in none", *row)


def _every_event_once(ground: Ground, found: Found) -> None:
    """A reader has one event of a sitting; each sequence came by one message, and the last equals the plan."""
    if ground.mail is None:
        return
    came: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for raw in ground.letters:
        letter: EmailMessage = message_from_bytes(raw, policy=policy.default)
        for part in letter.walk():
            if part.get_content_type() == "text/calendar":
                for event in vobject.readOne(part.get_content()).vevent_list:
                    key = letter["To"].addresses[0].addr_spec, event.uid.value
                    came[key][int(event.sequence.value)].add(ref_of(raw))
    for (to, _), sequences in came.items():
        for sequence, letters in sequences.items():
            if len(letters) > 1:
                found.wrong("one change of an event came by two messages", to, sequence)
    stands = Counter(
        (email, sequence)
        for email, sequence in ground.ask(
            """select c.email, i.sequence from invitations i join contacts c on c.contact_ref = i.contact_ref
               left join sittings s on s.id = i.sitting_id left join series r on r.id = i.series_id
               join messages m
                 on m.key = format('invitation:%s:%s:%s', coalesce(s.ref, r.ref), i.contact_ref, i.sequence)
               where m.state = 'sent'"""
        )
    )
    if Counter((to, max(sequences)) for (to, _), sequences in came.items()) != stands:
        found.wrong("what the calendars hold is not what stands")


def _repeated_rightly(key: str, letters: list[EmailMessage], found: Found, *, unsure: bool) -> None:
    marked = sum(str(letter["Subject"]).startswith(MARK) for letter in letters)
    found.letters += len(letters)
    found.marked_letters += marked
    found.repeated_letters += max(0, len(letters) - 1)
    if len(letters) - marked > 1:
        found.wrong("a letter came twice without its mark", key)
    if marked and not unsure:
        found.wrong("a letter is marked, and nobody had been unsure of it", key)


def _says(letter: EmailMessage, email: str, cases: list[list[str]], found: Found, key: str) -> None:
    if [each.addr_spec for each in letter["To"].addresses] != [email]:
        found.wrong("a letter went to another", key)
    words = _words(letter)
    for names in cases:
        if not any(name in words for name in names):
            found.wrong("a letter does not say what its notification is about", key, names[0])


def _unsure(ground: Ground) -> set[str]:
    """Messages that the audit records as unknown."""
    return {
        row[0] for row in ground.ask("select ref from audit where about = 'message' and detail ->> 'state' = 'unknown'")
    }


def _cases_of(ground: Ground) -> dict[int, list[list[str]]]:
    """For each message, the names of the case of each notification; any of these names may appear in the letter."""
    cases = defaultdict(list)
    for id_, case_ref, restricted in ground.ask(
        """select n.message_id, c.case_ref, c.restricted
           from notifications n join obligations o on o.id = n.obligation_id join cases c on c.id = o.case_id
           where n.state in ('sent', 'shown')"""
    ):
        cases[id_].append([case_ref, *(["restricted"] if restricted else [])])
    return cases


def _words(letter: EmailMessage) -> str:
    parts: list[Any] = [part for part in letter.walk() if part.get_content_type() in ("text/plain", "text/csv")]
    return "\n".join(part.get_content() for part in parts)


def _every_post_once(ground: Ground, found: Found) -> None:
    """Each message sent by Slack was posted once, never twice; no post is without a row."""
    if ground.slack is None:
        return
    keys = Counter(post["metadata"]["event_payload"]["k"] for post in ground.slack.posts() if post.get("metadata"))
    found.posts = keys.total()
    for key, state in ground.ask("select key, state from messages where channel = 'slack' and letter_id is null"):
        times = keys.pop(hashlib.sha256(key.encode()).hexdigest()[:40], 0)
        if times > 1:
            found.wrong("posted more than once", key, times)
        if (state == "sent") != (times == 1):
            found.wrong(f"posted {times} times, and its row is {state}", key)
    for key in keys:
        found.wrong("a post of no message", key)


def _present_steps_are_said(ground: Ground, found: Found) -> None:
    """The present step of each live obligation, if this version took it, was sent to somebody."""
    for row in ground.ask(
        """select o.id, o.rule, o.last_step from obligations o
           where o.ended_on is null and exists (
               select from steps s where s.obligation_id = o.id and s.step = o.last_step and s.outcome = 'taken')
             and not exists (select from notifications n where n.obligation_id = o.id and n.step = o.last_step
                                                          and n.state in ('sent', 'shown'))"""
    ):
        found.wrong("the present step of an obligation was said to nobody", *row)
    for row in ground.ask(
        """select obligation_id, step, occasion, contact_ref, channel, count(distinct message_id) from notifications
           group by 1, 2, 3, 4, 5 having count(*) > 1"""
    ):
        found.wrong("one thing has two notifications", *row)


def _audited(ground: Ground, found: Found) -> None:
    """The audit has one row for every step, and one for the outcome of every message with its reader."""
    for row in ground.ask(
        """select s.obligation_id, s.step, s.outcome, count(a.id) from steps s
           left join audit a on a.about = 'step' and a.ref = s.obligation_id || ':' || s.step and a.reason = s.outcome
           group by s.id having count(a.id) <> 1"""
    ):
        found.wrong("a step has not one row in the audit", *row)
    for row in ground.ask(
        """select m.key, m.state, count(a.id) from messages m
           left join audit a on a.about = 'message' and a.ref = m.key and a.detail ->> 'state' = m.state
                            and a.to_ref = coalesce(m.contact_ref, 'operations')
           where m.state in ('sent', 'shown', 'silent', 'dead') group by m.id having count(a.id) < 1
              or m.state in ('sent', 'shown') and count(a.id) <> 1"""
    ):
        found.wrong("what became of a message is not once in the audit", *row)
    for row in ground.ask(
        """select a.ref from audit a where a.about = 'message' and a.detail ->> 'state' in ('sent', 'shown')
             and not exists (select from messages m where m.key = a.ref and m.state in ('sent', 'shown'))"""
    ):
        found.wrong("the audit tells of a disclosure that was none", *row)
    for row in ground.ask(
        """select e.extract_id, count(a.id) from extracts e
           left join audit a on a.about = 'extract' and a.ref = e.extract_id where e.state = 'loaded'
           group by e.id having count(a.id) <> 1"""
    ):
        found.wrong("an extract has not one row in the audit", *row)


def _balances(ground: Ground, found: Found) -> None:
    """Every force's last account counts each case to project by itself, and as many open ones as the book has."""
    accounts = ground.ask(
        """select force_code, account from rounds
           where force_code <> '--' and id in (select max(id) from rounds group by force_code)"""
    )
    open_cases = dict(ground.ask("select force_code, count(*) from cases where finalised_on is null group by 1"))
    for force, account in accounts:
        parts = [account.get(name, -1) for name in ("evaluated", "unchanged", "failed")]
        if account.get("to_project") != sum(parts) or account.get("open_cases") != open_cases.get(force):
            found.wrong("the account does not balance", force, account)
