"""What a reader has to notice: a letter in which one thing is changed, the same in each of its parts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tests.whole.truth.mails import Mail
from tests.whole.truth.world import WRITTEN as DAY
from tests.whole.truth.world import World, parsed, written

SPOILS: dict[str, tuple[str, str]] = {  # what is changed, and what it becomes; a day becomes that of the week after
    "working days left": (r"\d+(?= working days? left)", "77"),
    "a day to do it by": (rf"(?<=do by )({DAY})", ""),
    "a day that has passed": (rf"(?<=was due )({DAY})", ""),
    "since when a case is stalled": (rf"(?<=Stalled since )({DAY})", ""),
    "what was tried": (rf"(?<=Tried: reminder )({DAY})", ""),
    "the day of the last standing": (rf"(?<=The last one was of )({DAY})", ""),
    "that it is the first standing": (r"This is the first standing that you are sent", "The last one was of Mon 2 Jan"),
    "what was done on a case": (r"(?<=: )(?:new incident reported|referred to CPS)(?= \w+ \d)", "victim contacted"),
    "that nothing was done": (
        rf"Nothing was recorded (?:in the last week|since {DAY})",
        "In the last week: order made Mon 2 Jan",
    ),
    "the number of stalled cases": (r"\d+(?= stalled)", "77"),
    "the number of limits": (r"\d+(?= (?:time limits? or orders?|limits?) within)", "77"),
    "of which day a file's facts are": (rf"(?<=As of )({DAY})(?=:)", ""),
    "the risk": (r"^(?:High|Medium|Standard) risk", "Risk not recorded, treated as high"),
    "whose it is": (r"(?<=Owed by )[\w-]+(?= \()", "NOBODY-9"),
    "the kind of an action": (r"(?<=Outstanding action, )(?!bank)[^(]+(?= \()", "bank records"),
    "the number of incidents": (r"\d+(?= incidents since)", "77"),
    "a case of the same key": (r"(?<=same suspect as )[^ ;,]+", "45/NONE"),
    "how many are as before": (r"(?<=As you last read: )\d+", "77"),
    "what cannot be seen": (r"(?<=: )charging decisions(?=, )", "pleas"),
    "when a breach was reported": (rf"(?<=breach was reported on )({DAY})", ""),
    "how many reports there were": (r"(?:second|third|fourth|fifth|sixth)(?= report within)", "77th"),
    "the grade in danger": (r"Graded (?:high|medium|standard)(?=, )", "No grade recorded, treated as high"),
    "when the grade was given": (rf"(?<=, assessed )({DAY})", ""),
    "that no order stands": (r"No order (?:stands|is recorded)", "Occupation order stands"),
    "since when the suspect is where they are": (
        rf"(?<=^)(?P<who>No order is recorded\. Suspect [a-z ]+ since )({DAY})",
        "No order is recorded. Suspect in custody since Mon 1 Jan 2024",
    ),
    "when the victim was spoken to": (rf"(?<=The victim was last spoken to )({DAY})", ""),
    "as what a presumed case is recorded": (r"Recorded as harassment(?=, and watched)", "Recorded as stalking no more"),
    "a sentence that nobody taught": (
        r"^Cases by reference alone",
        "Everything is in good hands. Cases by reference alone",
    ),
}


def spoilt(mail: Mail, world: World, name: str) -> Mail | None:
    """Give the mail with one thing changed wherever it is said; None where it says nothing of the kind."""
    pattern, other = SPOILS[name]

    def become(found: re.Match[str]) -> str:
        return other or written(parsed(found[0], world.day) + timedelta(days=7), world.day)

    def changed(line: str) -> str:
        return re.sub(pattern, become, line)

    plain, page = tuple(map(changed, mail.plain)), tuple(map(changed, mail.page))
    if plain == mail.plain or page == mail.page:
        return None
    return replace(mail, plain=plain, page=page, subject=changed(mail.subject))
