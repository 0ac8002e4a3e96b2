"""The letter: all that a day has for one person, as one thing."""

from config.message_kinds import MessageKind
from tasks.messages.kind import Kind
from tasks.messages.letter import listing
from tasks.messages.letter.blocks import ever_shorter
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.letter.contexts import LetterContext
from tasks.messages.letter.samples import SAMPLES

KIND = Kind(
    name=MessageKind.LETTER,
    about="all that a working day has for one person, and once a week how things stand",
    context=LetterContext,
    samples=SAMPLES,
    composing=LetterBatch,
    attached=listing.attached,
    holds=lambda letter: letter.enclosed,
    shorter=ever_shorter,
)
