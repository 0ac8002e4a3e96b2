"""The agenda of a sitting, for its chair and the SPOCs."""

from config.message_kinds import MessageKind
from tasks.messages.agenda import attached
from tasks.messages.agenda.composing import AgendaBatch
from tasks.messages.agenda.contexts import AgendaContext
from tasks.messages.kind import Kind

KIND = Kind(
    name=MessageKind.AGENDA,
    about="the cases of a joint review meeting, and what there is to decide of each, to its chair and the SPOCs",
    context=AgendaContext,
    composing=AgendaBatch,
    attached=attached.by_itself,
    enclosed=attached.in_a_letter,
)
