"""Made-up acts."""

from dataclasses import replace
from datetime import date

from config.doors import ActKind, Door
from config.message_kinds import MessageKind
from tasks.messages.act.contexts import ActContext, ActItem

_LINK = "mailto:replies@example.police.uk?subject=Casebeat%2045/SAMPLE-0003%20%5Bcb1.KEY%5D&body=undo"
_PROMISE = ActItem(
    reference="45/SAMPLE-0003", title="Outstanding action", kind="CCTV", subject="A1", deed=ActKind.PROMISE,
    undoes=False, own=True, by="P45sp1", door=Door.COMMAND, acted_on=date(2026, 3, 13), on=date(2026, 3, 20),
    stands=True, undo=_LINK,
)  # fmt: skip
_DONE = replace(_PROMISE, deed=ActKind.COMPLETION, door=Door.FORM, on=date(2026, 3, 12), undo="")
_REVIEW = replace(_DONE, title="Joint review by police and CPS", kind="", subject="", deed=ActKind.OUTCOME)
_ITEMS = {
    "promise": _PROMISE,
    "completion": _DONE,
    "outcome": replace(_REVIEW, undo=_LINK),
    "move": replace(_REVIEW, deed=ActKind.MOVE, door=Door.COMMAND, on=date(2026, 3, 31), stands=False),
    "rounds": replace(_REVIEW, reference="", title="", deed=ActKind.UNDOING, stands=False),
    "taken-back": replace(_PROMISE, undoes=True, own=False, by="P45lead", door=Door.FORM, stands=False, undo=""),
    "restricted": replace(
        _DONE, reference="", title="", kind="", subject="", undo=_LINK.replace("45/SAMPLE-0003%20", "")
    ),
}
ACTS = {
    f"act-{name}": (
        MessageKind.ACT,
        ActContext(day=date(2026, 3, 16), reader="spoc", asks="police", restricted=int(name == "restricted"), act=item),
    )
    for name, item in _ITEMS.items()
}
