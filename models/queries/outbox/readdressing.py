"""What is about to be said to people, who hears of it anyway, and how it is turned to the right ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.routes import Route
from models.queries.driver import array, execute, fetch
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.versions import CHAIN
from models.rules.outbox.message_states import REPEAT
from models.rules.people.addressing import Recipient
from models.rules.people.readdressing import PendingNotification

EMPTIED = "all of it goes to others now"  # the reason of a message that holds nothing more to say
INSTEAD = "instead of "  # how the occasion begins of what takes another notification's place


class PendingStep(NamedTuple):
    """The notifications of one obligation's present step that are about to be said."""

    obligation_id: int
    step: int
    rule: str
    owner_told: tuple[str, ...]
    waiting: list[PendingNotification]

    @property
    def lapsed(self) -> bool:
        """Whether they say that a promise lapsed."""
        return any(one.lapsed for one in self.waiting)


def due(connection: Connection, as_of: datetime, today: date, most: int) -> list[PendingStep]:
    """What the next `most` messages to people would say of an obligation's present step.

    What has ended, sleeps or was overtaken is left as it is, and so is what was turned to someone by a person's word.
    """
    found: dict[int, PendingStep] = {}
    for row in fetch(
        connection,
        """select o.id, n.step, o.rule, o.owner_told, n.id, n.contact_ref, n.note, n.happening = 'lapsed'
           from (select id from messages
                 where state in ('queued', 'retry') and due_at <= %(as_of)s and contact_ref is not null
                 order by hard desc, due_at, id limit %(most)s) m
           join notifications n on n.message_id = m.id and n.state in ('queued', 'retry')
           join obligations o on o.id = n.obligation_id and o.ended_on is null and o.last_step = n.step
           where n.happening in ('step', 'lapsed', 'handed_over')
             and (n.occasion in ('', 'handed over', 'first mailed') or n.occasion ~ '^(promise:|instead of )')
             and (o.hard or n.happening = 'handed_over' or not exists (
                  select from promises p
                  where p.obligation_id = o.id and p.ended_on is null and p.until_on >= %(today)s))
           order by n.id""",
        {"as_of": as_of, "today": today, "most": most},
    ):
        one = found.setdefault(row[0], PendingStep(row[0], row[1], row[2], tuple(row[3]), []))
        one.waiting.append(PendingNotification(*row[4:]))
    return list(found.values())


class InformedContact(NamedTuple):
    """Who was told of an obligation's present step, or waits to be told, and by which notification."""

    id: int
    contact_ref: str | None


def heard(connection: Connection, obligation_ids: Sequence[int]) -> dict[int, list[InformedContact]]:
    """Everyone who hears of these obligations' present steps, in this version or one it carries on from."""
    found: dict[int, list[InformedContact]] = {}
    for obligation_id, *row in fetch(
        connection,
        f"""select o.id, n.id, n.contact_ref
            from obligations o cross join {CHAIN}
            join notifications n on n.obligation_id = v.id and n.step = o.last_step
            where o.id = any(%s) and n.happening <> 'resolved' and n.state not in ('silent', 'dead')""",
        (list(obligation_ids),),
    ):
        found.setdefault(obligation_id, []).append(InformedContact(*row))
    return found


def silence(connection: Connection, reasons: Mapping[int, str]) -> set[int]:
    """Notifications that go to someone else, each with its reason; those that no worker has taken up meanwhile."""
    if not reasons:
        return set()
    fetch(
        connection,
        """select id from messages where id in (select message_id from notifications where id = any(%s))
           order by id for no key update""",
        (list(reasons),),
    )
    rows = fetch(
        connection,
        """update notifications n set state = 'silent', reason = given.reason
           from unnest(%s::bigint[], %s::text[]) given(id, reason), messages m
           where n.id = given.id and n.state in ('queued', 'retry') and m.id = n.message_id
             and m.state in ('queued', 'retry') returning n.id, m.id""",
        (array(reasons), array(reasons.values())),
    )
    execute(
        connection,
        """update messages m set reason = %s
           where id = any(%s) and not starts_with(reason, %s)
             and not exists (select from notifications n where n.message_id = m.id and n.state <> 'silent')""",
        (EMPTIED, [row[1] for row in rows], REPEAT),
    )
    return {row[0] for row in rows}


def note(connection: Connection, notes: Mapping[int, str]) -> None:
    """Why these are told, where that has become another reason."""
    execute(
        connection,
        """update notifications n set note = given.note from unnest(%s::bigint[], %s::text[]) given(id, note)
           where n.id = given.id and n.state in ('queued', 'retry')""",
        (array(notes), array(notes.values())),
    )


class Substitute(NamedTuple):
    """Someone who is told of an obligation's step in the place of another's notification."""

    obligation_id: int
    instead_of: int
    told: Recipient


def say_instead(connection: Connection, new: Sequence[Substitute], routes: Sequence[Route]) -> list[int]:
    """Write notifications that take another's place, as what that one was, by each channel; their ids."""
    rows = fetch(
        connection,
        f"""insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner,
                                       addressee, contact_ref, channel, note)
           select n.obligation_id, n.happening, n.step, n.step_name, %(instead)s || n.id, n.day, n.duty, n.manner,
                  given.addressee, given.contact_ref, by.channel, given.note
           from unnest(%(ids)s::bigint[], %(instead_of)s::bigint[], %(addressees)s::text[], %(refs)s::text[],
                       %(notes)s::text[]) given(id, instead_of, addressee, contact_ref, note)
           join notifications n on n.id = given.instead_of
           cross join {CHANNELS} by order by n.id, given.contact_ref, by.channel
           on conflict do nothing returning id""",
        {
            "instead": INSTEAD, **parameters(routes),
            "ids": array(one.obligation_id for one in new),
            "instead_of": array(one.instead_of for one in new),
            "addressees": array(one.told.addressee for one in new),
            "refs": array(one.told.contact_ref for one in new),
            "notes": array(one.told.note for one in new),
        },
    )  # fmt: skip
    return [row[0] for row in rows]


def own(connection: Connection, obligation_id: int, owner_told: Sequence[str], *, direct: bool) -> None:
    """Keep whom an obligation's present step reaches as owner."""
    execute(
        connection,
        "update obligations set owner_told = %s, owner_direct = %s where id = %s and ended_on is null",
        (list(owner_told), direct, obligation_id),
    )
