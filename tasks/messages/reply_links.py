"""Reply links: mailto URLs that answer a message, each with a key for its reader and one version."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from urllib.parse import quote

from config.mail import Subjects
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.rules.arithmetic import format_day
from tasks.messages.contexts import ReplyLinks
from tasks.messages.offers import Offer
from tasks.platform import tokens
from tasks.platform.configuration import Configuration
from tasks.platform.templates import names, render_text
from tasks.platform.text import one_line
from tasks.platform.tokens import Purpose

_LONGEST_SUBJECT = 80  # characters before the key, so that no mail program cuts off the key


def for_item(
    configuration: Configuration, view: NotificationView, reader: Reader | None, today: date, offer: Offer
) -> ReplyLinks | None:
    """Return the links of what is offered about one obligation.

    None if replies are off or nothing is offered, or if it belongs to no case or has ended.
    """
    matter = view.matter
    if (
        not configuration.settings.replies.on
        or reader is None
        or matter.case_ref is None
        or matter.ended_on is not None
        or not any(offer)
    ):
        return None
    rule = "" if configuration.settings.mail.subjects is Subjects.BARE else f" {matter.rule}"
    subject = one_line(f"Casebeat {matter.force_code}/{matter.case_ref}{rule}")
    link = partial(_link, configuration, subject, _key(configuration, reader.ref, matter.obligation_id, today))
    return ReplyLinks(
        have_it=link(f"until {format_day(offer.until)}") if offer.until else "",
        have_it_until=offer.until,
        done=link("done") if offer.done else "",
        not_mine=link("not mine") if offer.not_mine else "",
        show=link("show") if offer.show else "",
        confirm=link("confirm the grade") if offer.confirm else "",
        record=_for_outcome(configuration, reader.ref, matter, today) if offer.record else "",
    )


def for_standing(configuration: Configuration, reader: Reader | None, today: date) -> str:
    """Return the link with which a reader asks for the status; empty if replies are off."""
    if not configuration.settings.replies.on or reader is None:
        return ""
    return _link(configuration, "Casebeat status", _key(configuration, reader.ref, 0, today), "status")


def for_matter(configuration: Configuration, reader: Reader, reference: str, obligation_id: int, today: date) -> str:
    """Return the link that takes back a reader's promise or report about an obligation; empty if replies are off."""
    return (
        _undoing(configuration, reference, _key(configuration, reader.ref, obligation_id, today))
        if configuration.settings.replies.on
        else ""
    )


def for_act(configuration: Configuration, reader: Reader, reference: str, act_id: int, today: date) -> str:
    """Return the link that undoes one act in a reader's name; empty if replies are off."""
    return (
        _undoing(configuration, reference, _key(configuration, reader.ref, act_id, today, Purpose.ACT))
        if configuration.settings.replies.on
        else ""
    )


def for_grade(matter: ObligationView, reader: Reader | None, today: date) -> str:
    """Return the link that begins a mail about a grade to the officer and the supervisor, by reference alone.

    It does not come to Casebeat. Empty if neither is there with an address, or is not the reader.
    """
    refs = (ref for ref in (matter.oic_ref, matter.supervisor_ref) if ref and (reader is None or ref != reader.ref))
    to = dict.fromkeys(email for ref in refs if (email := _address(matter, ref, today)))
    if not to:
        return ""
    reference = one_line(f"{matter.force_code}/{matter.case_ref}")
    subject, _, body = render_text("letter/raise.txt", {"reference": reference}).partition("\n")
    return f"mailto:{','.join(quote(one, safe='@') for one in to)}?subject={quote(subject)}&body={quote(body.strip())}"


def for_outcomes(
    configuration: Configuration, ref: str, sitting: tuple[int, str], cases: Sequence[str], today: date
) -> str:
    """Return the link with which a person records what came of a meeting, by its id and reference, in a line a case.

    Each line waits for an answer: sent as it is, it records nothing. Empty if replies are off.
    """
    if not configuration.settings.replies.on or not cases:
        return ""
    key = _key(configuration, ref, sitting[0], today, Purpose.OUTCOME)
    lines = [*names()["outcome_lines"], "", *(f"{case}: " for case in cases)]
    return _link(configuration, f"Casebeat {sitting[1]}", key, "\r\n".join(lines))


def _address(matter: ObligationView, ref: str, today: date) -> str:
    """Return the address of somebody of the case; empty if nobody is known by this reference, or they have left."""
    _, email, last = (matter.people or {}).get(ref, ("", "", None))
    return "" if last is not None and last < today.isoformat() else email


def _for_outcome(configuration: Configuration, ref: str, matter: ObligationView, today: date) -> str:
    sitting = (matter.met_id or 0, matter.met_ref or "")
    return for_outcomes(configuration, ref, sitting, [f"{matter.force_code}/{matter.case_ref}"], today)


def _undoing(configuration: Configuration, reference: str, key: str) -> str:
    return _link(configuration, one_line(f"Casebeat {reference}").strip(), key, "undo")


def _key(configuration: Configuration, ref: str, row_id: int, today: date, purpose: Purpose = Purpose.REPLY) -> str:
    validity = configuration.policy.replies.good_for
    return tokens.sign(ref, row_id, purpose, configuration.calendar.plus(today, validity))


def _link(configuration: Configuration, subject: str, key: str, body: str) -> str:
    written = f"{subject[:_LONGEST_SUBJECT]} [{key}]"
    return (
        f"mailto:{quote(configuration.settings.replies.address, safe='@')}?subject={quote(written)}&body={quote(body)}"
    )
