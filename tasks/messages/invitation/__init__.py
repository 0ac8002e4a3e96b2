"""Invitations: the calendar event of a sitting, or of a panel's series of them."""

from config.message_kinds import MessageKind
from tasks.messages.invitation.composing import InvitationBatch
from tasks.messages.invitation.contexts import InvitationContext
from tasks.messages.invitation.event import event_file
from tasks.messages.kind import Kind

KIND = Kind(
    name=MessageKind.INVITATION,
    about="the calendar event of a joint review meeting, or its change or end, to everyone who attends it",
    context=InvitationContext,
    composing=InvitationBatch.read,
    filed="calendar",
    event=event_file,
)
