"""The letter: all that a day has for one person, as one thing."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from config.message_kinds import MessageKind
from tasks.messages.contexts import EnclosedMessage
from tasks.messages.kind import Kind, kind_called
from tasks.messages.letter import attached
from tasks.messages.letter.blocks import ever_shorter
from tasks.messages.letter.composing import LetterBatch
from tasks.messages.letter.contexts import LetterContext
from tasks.messages.samples import written


def samples() -> dict[str, LetterContext]:
    """Return the made-up letters; in that of everything are the samples of each kind that travels in letters."""
    letters = written(MessageKind.LETTER, LetterContext)
    everything = letters["letter-of-everything"]
    return letters | {"letter-of-everything": replace(everything, enclosed=tuple(_enclosed()))}


def _enclosed() -> Iterator[EnclosedMessage]:
    for name in MessageKind:
        contexts = kind_called(name).sampled().values() if name.block else ()
        for context in islice(contexts, 2 if name is MessageKind.AGENDA else None):
            yield EnclosedMessage(name, context)


KIND = Kind(
    name=MessageKind.LETTER,
    about="all that a working day has for one person, and once a week how things stand",
    context=LetterContext,
    samples=samples,
    composing=LetterBatch,
    attached=attached.attached,
    holds=lambda letter: (letter.whole or letter).enclosed,
    shorter=ever_shorter,
)
