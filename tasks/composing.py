"""Composing: what a claimed message is to say, from the world as it now is; or why it says nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from config.forces import FORCES
from config.terms import Addressee, Agency, Happening, MessageKind, Role, Severity
from models.queries import matters
from models.queries.matters import Matter, Reader, Told
from models.queries.outbox import Held
from models.rules.book import RULES
from models.rules.saying import Standing as Stands
from models.rules.saying import unsaid_because
from models.rules.severity import severity
from tasks import numbers
from tasks.contexts import AtOnce, Context, Digest, Item, Move, Operations, StalledCase, Standing
from tasks.itemising import counts, grouped, item, ordered, reference

Stalled = list[tuple[int, Matter]]
_ROLES = (Role.LEAD, Role.SPOC, Role.LEGAL_MANAGER, Role.SUPERVISOR, Role.PROSECUTOR, Role.OFFICER)


class Composed(NamedTuple):
    """A message ready to be rendered, or the reason why it is not said; and which notifications fell silent."""

    held: Held
    reader: Reader | None
    context: Context | None
    silent: dict[int, str]
    nothing: str = ""
    thread: str = (
        ""  # the same for every at-once message of a case; none where the reader may not know which case it is
    )


class World:
    """What a batch of messages needs to know, read in a few statements however many messages there are."""

    def __init__(self, connection: Connection, batch: Sequence[Held], today: date) -> None:
        self.today = today
        refs = sorted({held.contact_ref for held in batch if held.contact_ref})
        self.readers = matters.readers(connection, refs, today)
        self.told: dict[int, list[Told]] = {}
        for told in matters.told(connection, [held.id for held in batch]):
            self.told.setdefault(told.message_id, []).append(told)
        standing = [str(held.contact_ref) for held in batch if held.standing and held.contact_ref]
        self.open = matters.still_open(connection, today, standing) if standing else {}
        self.stalled: dict[str, Stalled] = {}
        places: dict[tuple[tuple[str, ...], tuple[str, ...]], Stalled] = {}
        for reader in (self.readers[ref] for ref in standing if ref in self.readers):
            if leads(reader):
                where = _where(reader)
                if where not in places:
                    places[where] = matters.stalled(connection, today, *where)
                self.stalled[reader.ref] = places[where]
        cases = sorted({case_id for found in places.values() for case_id, _ in found})
        self.changes = matters.changes_since(connection, cases, today) if cases else {}
        self._cases: dict[tuple[object, bool], list[StalledCase]] = {}

    def stalled_cases(self, reader: Reader) -> list[StalledCase]:
        """What stalls where the reader answers for it; worked out once for all who may read the same."""
        key = (_where(reader), reader.restricted_access)
        if key not in self._cases:
            self._cases[key] = _stalled_cases(reader, self.stalled.get(reader.ref, []), self)
        return self._cases[key]


def leads(reader: Reader) -> bool:
    """Whether the reader answers for a force's or an Area's standing."""
    return bool(reader.roles & {Role.SPOC, Role.LEAD})


def _where(reader: Reader) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (reader.force_codes, ()) if reader.agency is Agency.POLICE else ((), reader.cps_areas)


def compose(held: Held, world: World, at: datetime) -> Composed:
    """Decide what a message says now. Its notifications that are overtaken fall silent, each with its reason."""
    if held.kind is MessageKind.OPERATIONS:
        headline, *lines = (held.text or "").strip().splitlines() or [""]
        return Composed(held, None, Operations(day=held.day, at=at, headline=headline, lines=tuple(lines)), {})
    reader = world.readers.get(held.contact_ref or "")
    told, silent = [], {}
    for one in world.told.get(held.id, []):
        ended = None if one.owed_again else one.matter.end_reason
        now = Stands(ended, one.matter.hard, one.matter.last_step, one.matter.acknowledged_until)
        reason = unsaid_because(one.happening, one.step, now, world.today)
        if reason:
            silent[one.notification_id] = reason
        else:
            told.append(one)
    if held.kind is MessageKind.AT_ONCE:
        return _at_once(held, reader, told, silent, world.today)
    return _digest(held, reader, told, silent, world)


def _open_to(reader: Reader | None, matter: Matter) -> bool:
    return not matter.restricted or (reader is not None and reader.restricted_access)


def _closed(reader: Reader | None, found: Sequence[Matter]) -> int:
    return len({reference(matter) for matter in found if not _open_to(reader, matter)})


def _in_role(reader: Reader | None) -> tuple[str, str]:
    """The role in which someone is written to, and whose SPOC they ask of a restricted case."""
    if reader is None:
        return "operations", "operations"
    return next((role.value for role in _ROLES if role in reader.roles), Role.OFFICER.value), reader.agency.value


def _reason(silent: dict[int, str]) -> str:
    return "; ".join(sorted(set(silent.values()))) or "nothing to say"


def _at_once(held: Held, reader: Reader | None, told: list[Told], silent: dict[int, str], today: date) -> Composed:
    if not told:
        return Composed(held, reader, None, silent, _reason(silent))
    one = told[0]
    role, asks = _in_role(reader)
    shown = item(one, reader, today) if _open_to(reader, one.matter) else None
    stalls = int(_stalls(one.matter, today)) if shown else 0
    context = AtOnce(
        day=today, reader=role, asks=asks, item=shown,
        counts=counts([shown] if shown else [], stalls, _closed(reader, [one.matter])),
    )  # fmt: skip
    thread = sha256(f"{one.matter.force_code}/{one.matter.case_ref}".encode()).hexdigest()[:24]
    return Composed(held, reader, context, silent, thread=thread if one.matter.case_ref and shown else "")


def _stalls(matter: Matter, today: date) -> bool:
    late = severity(matter.due_on, matter.remind_on, matter.escalate_on, today)
    return matter.ended_on is None and matter.stalls and late is Severity.CRITICALLY_OVERDUE


def _digest(held: Held, reader: Reader | None, told: list[Told], silent: dict[int, str], world: World) -> Composed:
    heads = held.standing and reader is not None and leads(reader)
    stalled = world.stalled.get(held.contact_ref or "", []) if held.standing else []
    said = {one.matter.obligation_id for one in told} | {matter.obligation_id for _, matter in stalled}
    still = [one for one in world.open.get(held.contact_ref or "", []) if one.matter.obligation_id not in said]
    still = still if held.standing else []
    if not told and not still and not heads:
        return Composed(held, reader, None, silent, _reason(silent))
    everything = [*(one.matter for one in told), *(matter for _, matter in stalled), *(one.matter for one in still)]
    items = ordered(item(one, reader, world.today) for one in told if _open_to(reader, one.matter))
    open_items = [item(one, reader, world.today) for one in still if _open_to(reader, one.matter)]
    cases = world.stalled_cases(reader) if reader is not None and stalled else []
    listed = _each_once([*items, *(owed for case in cases for owed in case.owed), *open_items])
    stalls = {reference(each) for each in everything if _open_to(reader, each) and _stalls(each, world.today)}
    role, asks = _in_role(reader)
    shown_cases, shown, shown_open = _within(numbers.policy().digest.longest, cases, items, open_items)
    context = Digest(
        day=world.today,
        reader=role,
        asks=asks,
        leads=heads,
        places=_places(reader),
        counts=counts(listed, len(stalls), _closed(reader, everything)),
        groups=grouped(shown),
        more=len(items) - len(shown),
        standing=Standing(
            stalled=tuple(shown_cases),
            stalled_more=len(cases) - len(shown_cases),
            still_open=tuple(shown_open),
            open_more=len(open_items) - len(shown_open),
        )
        if held.standing
        else None,
        listed=tuple(listed),
    )
    return Composed(held, reader, context, silent)


def _within(
    longest: int, cases: list[StalledCase], items: list[Item], open_items: list[Item]
) -> tuple[list[StalledCase], list[Item], list[Item]]:
    """Share a message's lines out: half to what stalls and half to the steps, or more where the other needs less."""
    shown_cases = cases[: max(longest - len(items), longest // 2)]
    shown = items[: longest - len(shown_cases)]
    return shown_cases, shown, open_items[: longest - len(shown_cases) - len(shown)]


def _each_once(items: Sequence[Item]) -> list[Item]:
    first: dict[tuple[object, ...], Item] = {}
    for each in items:
        first.setdefault((each.reference, each.rule, each.subject, each.ended), each)
    return list(first.values())


def _stalled_cases(reader: Reader, stalled: Stalled, world: World) -> list[StalledCase]:
    cases: dict[int, list[Matter]] = {}
    for case_id, matter in stalled:
        if _open_to(reader, matter):
            cases.setdefault(case_id, []).append(matter)
    return [_stalled_case(case_id, found, world) for case_id, found in cases.items()]


def _stalled_case(case_id: int, found: list[Matter], world: World) -> StalledCase:
    owed = tuple(
        item(
            Told(0, 0, Happening.STEP, each.last_step, Addressee.SPOC, "", world.today, world.today, each),
            None,
            world.today,
        )
        for each in found
    )
    since = min(each.since for each in owed)
    days = (world.today - since).days
    return StalledCase(
        reference=owed[0].reference,
        urn=owed[0].urn,
        since=since,
        days=days,
        new=days < 7,
        owed=owed,
        moves=tuple(
            Move(
                title=RULES[each.rule].title if each.rule in RULES else each.rule,
                ended=each.end_reason,
                on=each.ended_on,
            )
            for each in world.changes.get(case_id, [])
        ),
    )


def _places(reader: Reader | None) -> tuple[str, ...]:
    """The forces or CPS Areas that the reader answers for, by name."""
    if reader is None:
        return ()
    if reader.agency is Agency.CPS:
        return tuple(f"CPS {area}" for area in reader.cps_areas)
    return tuple(f"{FORCES[code].name} ({code})" if code in FORCES else f"force {code}" for code in reader.force_codes)
