"""Messages about a pair of force and CPS Area whose joint reviews have no place in time, or no panel."""

from config.message_kinds import MessageKind
from tasks.messages.capacity.composing import CapacityBatch
from tasks.messages.capacity.contexts import CapacityContext, attached_by_itself, attached_in_a_letter
from tasks.messages.kind import Kind

KIND = Kind(
    name=MessageKind.CAPACITY,
    about="that joint reviews of a force and a CPS Area have no place in time, or no panel, to both sides' SPOCs",
    context=CapacityContext,
    composing=CapacityBatch,
    attached=attached_by_itself,
    enclosed=attached_in_a_letter,
)
