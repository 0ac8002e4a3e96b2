"""The checklist that goes to CPS with a stalking referral.

Source: the joint protocol of 23 May 2018 asks for a checklist that puts the victim's safety first. Its own form and
order were not found, so the numbering and grouping here are local, and so is whom to ask. Items C01, C02 and C06 appear
in published guidance; the substance of the others is well known.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChecklistItem:
    """One checklist item: its code in the extract, the content it requires, and who usually has that."""

    code: str
    asks: str
    whom: str


ITEMS = (
    ChecklistItem("C01", "Stalking considered first; where it is not stalking, the reasons", "the supervisor"),
    ChecklistItem(
        "C02",
        "The victim's safety: the plan, what is done and what is outstanding",
        "the victim's advocate, and whoever keeps the safety plan",
    ),
    ChecklistItem("C03", "Risk assessment: the tool, the level, the day", "whoever assessed the risk"),
    ChecklistItem(
        "C04",
        "A dated chronology of the whole course of conduct, unreported acts and other forces' included",
        "the victim, and the intelligence unit for what other forces hold",
    ),
    ChecklistItem(
        "C05", "What shows that it is fixated, obsessive, unwanted and repeated", "the victim and the witnesses"
    ),
    ChecklistItem("C06", "The victim asked how life has changed, even in small ways", "the victim, or their advocate"),
    ChecklistItem(
        "C07", "Evidence of fear of violence, or of serious alarm or distress", "the victim, or their advocate"
    ),
    ChecklistItem(
        "C08", "The suspect's history: convictions, intelligence, earlier victims, warnings", "the intelligence unit"
    ),
    ChecklistItem(
        "C09",
        "Orders and proceedings in force, breaches of them, proof that they were served",
        "the court that made them, and whoever served them",
    ),
    ChecklistItem(
        "C10", "Devices, accounts and communications: secured, asked for, or why not", "the digital forensic unit"
    ),
    ChecklistItem("C11", "Search and arrest considered", "the supervisor"),
    ChecklistItem(
        "C12",
        "Bail, its conditions, or remand asked for; the victim's views on them",
        "the custody officer; the victim for their views",
    ),
    ChecklistItem(
        "C13",
        "Support: an advocate, special measures, the victim's personal statement",
        "the victim's advocate, and witness care",
    ),
    ChecklistItem(
        "C14",
        "Terms of a restraining order and the victim's views; a stalking protection order considered",
        "the victim, and the force's legal services",
    ),
    ChecklistItem(
        "C15", "The last act, the end of the six months, alternative charges, and no PIN relied on", "the supervisor"
    ),
)
SAFETY = frozenset({"C02", "C03", "C06", "C12", "C13"})  # the victim's safety, which comes first
SAFETY_FIRST = tuple(sorted(ITEMS, key=lambda item: item.code not in SAFETY))
