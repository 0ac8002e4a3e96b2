"""The context of the notice of an act."""

from dataclasses import dataclass
from datetime import date

from config.doors import ActKind, Door


@dataclass(frozen=True, kw_only=True)
class ActItem:
    """One act, and how it is undone. Without a reference, it is about rounds, or a case that its reader may not see."""

    reference: str
    title: str  # what the obligation is that it is about
    kind: str  # of an action, as its source's code
    subject: str
    deed: ActKind
    undoes: bool  # whether it took that back
    own: bool  # done in the reader's name; if not, it took back what was
    by: str  # the contact in whose name it was done
    door: Door
    acted_on: date
    on: date  # promised until, done on, the meeting's day, or the last day before the rounds
    stands: bool  # so that it can be undone
    undo: str = ""  # the link that undoes it; empty if no reply can


@dataclass(frozen=True, kw_only=True)
class ActContext:
    """The notice of one act to one reader."""

    day: date
    reader: str  # the reader's role
    asks: str  # whose SPOC to ask about a restricted case: police, cps
    restricted: int  # 1 of a restricted case that this reader may not see
    act: ActItem
