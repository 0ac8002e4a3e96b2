"""The checklist that goes to CPS with a stalking referral.

Source: the joint protocol of 23 May 2018 asks for a checklist that puts the victim's safety first. Its own form and
order were not found, so the numbering and grouping here are local. Items C01, C02 and C06 appear in published guidance;
the substance of the others is well known.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One checklist item: its code in the extract and the content it requires."""

    code: str
    asks: str


ITEMS = (
    Item("C01", "Stalking considered first; where it is not stalking, the reasons"),
    Item("C02", "The victim's safety: the plan, what is done and what is outstanding"),
    Item("C03", "Risk assessment: the tool, the level, the day"),
    Item("C04", "A dated chronology of the whole course of conduct, unreported acts and other forces' included"),
    Item("C05", "What shows that it is fixated, obsessive, unwanted and repeated"),
    Item("C06", "The victim asked how life has changed, even in small ways"),
    Item("C07", "Evidence of fear of violence, or of serious alarm or distress"),
    Item("C08", "The suspect's history: convictions, intelligence, earlier victims, warnings"),
    Item("C09", "Orders and proceedings in force, breaches of them, proof that they were served"),
    Item("C10", "Devices, accounts and communications: secured, asked for, or why not"),
    Item("C11", "Search and arrest considered"),
    Item("C12", "Bail, its conditions, or remand asked for; the victim's views on them"),
    Item("C13", "Support: an advocate, special measures, the victim's personal statement"),
    Item("C14", "Terms of a restraining order and the victim's views; a stalking protection order considered"),
    Item("C15", "The last act, the end of the six months, alternative charges, and no PIN relied on"),
)
