"""Every example, by what it shows."""

from collections.abc import Callable
from pathlib import Path

from tasks.demo.diary import ForceBook
from tasks.demo.examples import clocks, prosecutors, victims
from tasks.demo.rows import FORCE, CaseFile

EXAMPLES: dict[str, Callable[[ForceBook], CaseFile]] = {
    "a note of an earlier time limit silences no later one": clocks.later_act,
    "a later incident does not move a time limit, and is named": clocks.later_incident,
    "a time limit goes by the offence code, not by the classification": clocks.other_class,
    "a charge of another offence ends no time limit": clocks.other_charge,
    "the offence of a charge is asked for": clocks.unnamed_charge,
    "the offence of a charge cannot be seen, and neither can the time limit": clocks.unseen_charge,
    "bail that ends by the charge is no alarm": clocks.bail_charged,
    "the end of bail is asked for": clocks.bail_without_end,
    "the custody time limit is asked for": clocks.custody_without_limit,
    "prosecutors too say why a case is not stalking": prosecutors.charged_as_harassment,
    "a referral asks why the case is not stalking": prosecutors.referred_harassment,
    "an authorised charge is made within days at high risk": prosecutors.authorised_high,
    "a plea to a lesser stalking offence is a matter": prosecutors.lesser_stalking,
    "a restraining order of an earlier case does not satisfy today's": prosecutors.earlier_order,
    "what a referral's checklist lacks cannot be seen": prosecutors.unseen_checklist,
    "a risk assessment alone does not answer a breach": victims.breach_assessed,
    "a protection order is considered again at the next incident": victims.considered_before,
    "no further action is reviewed, and the victim is told": victims.closed_without_review,
    "a case is not closed in silence": victims.closed_administratively,
    "CCTV is asked for within five days": victims.cctv,
    "the victim is told of a charge": victims.untold_of_charge,
    "the victim's views on bail are asked": victims.bail_unasked,
    "a release without bail at high risk is reviewed": victims.released_at_high_risk,
    "a restraining order outlives its case": victims.order_about_to_end,
    "the victim is told of an order, though the case is closed": victims.untold_of_order,
    "the notification after a protection order is watched, though the case is closed": victims.no_notice,
    "a case that is opened again takes up what it owes": victims.opened_again,
    "an order of a transferred case stays watched": victims.transferred,
    "a barred colleague hears nothing": victims.barred_colleague,
}


def list_examples(book: ForceBook, file: Path) -> None:
    """Write a line for each example: its case, and what it shows."""
    lines = (f"{FORCE}/{ref}  {what}\n" for what, ref in book.examples.items())
    file.write_text("".join(lines), encoding="utf-8")
