"""The checklist that goes to CPS with a stalking referral.

Source: the joint protocol of 23 May 2018 asks for a checklist that puts the victim's safety first. Its own form and
order were not found, so the numbering and grouping here are local. Items C01, C02 and C06 appear in published guidance;
the substance of the others is well known.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChecklistItem:
    """One checklist item: its code in the extract and the content it requires."""

    code: str
    asks: str


ITEMS = (
    ChecklistItem("C01", "Stalking considered first; where it is not stalking, the reasons"),
    ChecklistItem("C02", "The victim's safety: the plan, what is done and what is outstanding"),
    ChecklistItem("C03", "Risk assessment: the tool, the level, the day"),
    ChecklistItem(
        "C04", "A dated chronology of the whole course of conduct, unreported acts and other forces' included"
    ),
    ChecklistItem("C05", "What shows that it is fixated, obsessive, unwanted and repeated"),
    ChecklistItem("C06", "The victim asked how life has changed, even in small ways"),
    ChecklistItem("C07", "Evidence of fear of violence, or of serious alarm or distress"),
    ChecklistItem("C08", "The suspect's history: convictions, intelligence, earlier victims, warnings"),
    ChecklistItem("C09", "Orders and proceedings in force, breaches of them, proof that they were served"),
    ChecklistItem("C10", "Devices, accounts and communications: secured, asked for, or why not"),
    ChecklistItem("C11", "Search and arrest considered"),
    ChecklistItem("C12", "Bail, its conditions, or remand asked for; the victim's views on them"),
    ChecklistItem("C13", "Support: an advocate, special measures, the victim's personal statement"),
    ChecklistItem("C14", "Terms of a restraining order and the victim's views; a stalking protection order considered"),
    ChecklistItem("C15", "The last act, the end of the six months, alternative charges, and no PIN relied on"),
)
SAFETY = frozenset({"C02", "C03", "C06", "C12", "C13"})  # the victim's safety, which comes first
