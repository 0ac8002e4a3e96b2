"""Notices of what was done in a person's name, by a door where anyone may give it."""

from dataclasses import dataclass
from datetime import date

from config.doors import ActKind, Door
from config.message_kinds import MessageKind
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.people import acts
from models.queries.people.acts import KeptAct, NoticedAct
from models.rules.obligations.rulebook import RULES
from models.rules.people.knowing import open_to
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages import reply_links
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.contexts import DeskContext, NamedPerson
from tasks.messages.kind import Kind, noticed
from tasks.messages.readers import counted_for, of_desk
from tasks.platform.configuration import Configuration
from tasks.platform.text import one_line


@dataclass(frozen=True, kw_only=True)
class ActItem:
    """One act, and how it is undone.

    Without a reference, it is about rounds, an extract, or a case that its reader may not see.
    """

    reference: str
    title: str  # what the obligation is that it is about; empty of a hold
    kind: str  # of an action, as its source's code
    subject: str
    deed: ActKind
    undoes: bool  # whether it took that back
    own: bool  # done in the reader's name; if not, it took back what was
    by: NamedPerson  # in whose name it was done
    door: Door
    acted_on: date
    on: date  # promised until, done on, the meeting's day, held since, the last day before the rounds, an extract's
    stands: bool  # so that it can be undone
    undo: str = ""  # the link that undoes it; empty if no reply can


@dataclass(frozen=True, kw_only=True)
class ActContext(DeskContext):
    """The notice of one act to one reader."""

    restricted: int  # 1 of a restricted case that this reader may not see
    act: ActItem


_BY_ITSELF = (ActKind.OUTCOME, ActKind.MOVE)  # what a key of the act undoes; of the others, one of what is owed


def compose(act: NoticedAct, message: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
    """Compose one message, unless its reader has left or may hear nothing of the case."""
    reader = world.reader(message)
    if message.contact_ref in act.barred:
        return ComposedMessage(message, reader, None, {}, BARRED)
    if reader is None or world.has_left(message):
        return ComposedMessage(message, reader, None, {}, LEFT)
    reference = one_line(f"{act.force_code}/{act.case_ref}") if act.case_ref and open_to(reader, act) else ""
    context = ActContext(
        **of_desk(reader, world.today, world.configuration.settings.mail.operations),
        restricted=int(counted_for(reader, act)),
        act=_item(world.configuration, act, reference, reader, world.today),
    )
    return ComposedMessage(message, reader, context, {})


def _item(configuration: Configuration, notice: NoticedAct, reference: str, reader: Reader, today: date) -> ActItem:
    act = notice.act
    stands = act.stands and not (act.deed is ActKind.MOVE and act.on <= today)  # a move ends with its meeting's day
    return ActItem(
        reference=reference,
        title=RULES[act.rule].title if reference and act.rule else "",
        kind=one_line(act.kind) if reference else "",
        subject=one_line(act.subject.partition(":")[2]) if reference else "",
        deed=act.deed,
        undoes=act.undoes,
        own=act.by_ref == reader.ref,
        by=NamedPerson(ref=one_line(act.by_ref), name=one_line(notice.by_name), email=notice.by_email),
        door=act.door,
        acted_on=act.made_on,
        on=act.on,
        stands=stands,
        undo=_undo(configuration, act, reference, reader, today) if stands and reference else "",
    )


def _undo(configuration: Configuration, act: KeptAct, reference: str, reader: Reader, today: date) -> str:
    if act.deed in _BY_ITSELF:
        return reply_links.for_act(configuration, reader, reference, act.id, today)
    return (
        reply_links.for_matter(configuration, reader, reference, act.obligation_id, today) if act.obligation_id else ""
    )


KIND = Kind(
    name=MessageKind.ACT,
    about="what was done in the reader's name by the command line, a form or a click, and how it is undone",
    context=ActContext,
    composing=noticed(acts.notices, compose),
)
