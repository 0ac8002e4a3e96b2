"""A day's work of the demo's people: diaries, answers to notifications, new cases and new incidents."""

from collections.abc import Iterable
from datetime import date, timedelta

from config.days.duration import Duration, Unit
from config.replies import Answered
from models.queries.demo import CaseAtSitting, NotifiedStep, RepliedObligation
from models.rules.catalogue import (
    action,
    bail_end,
    bail_end_unknown,
    closed_silently,
    custody_limit,
    no_progress,
    outcome_unrecorded,
    summary_time_limit,
    supervisor_review,
    time_limit_unknown,
)
from models.rules.catalogue.rule import RAISED_HERE
from tasks.demo import closing, orders, prosecution, safety, victims
from tasks.demo.casework import SUPERVISOR, add_action, add_case, add_incident, add_review, schedule
from tasks.demo.diary import Deed, ForceBook, Work, recorded
from tasks.demo.keys import give_keys
from tasks.demo.people import diligence
from tasks.demo.prosecution import add_referral, allocate, may_be_referred
from tasks.demo.rows import CaseFile
from tasks.demo.sittings import finish, hold, report_late
from tasks.demo.victims import prompt, set_status, tell

_OVERLOOKED = 0.1  # of incidents: a breach on which nobody acts before a notification
_KEEPS_WORD = 0.85  # of the promises by mail
_VARIED = 0.3  # of extensions of bail: on other conditions
_LOOK_BACK = "look back"
_ANSWER = {
    supervisor_review.RULE.name: "supervisor",
    action.RULE.name: "act",
    action.PLAN_RULE.name: "act",
    no_progress.RULE.name: "act",
    summary_time_limit.RULE.name: "note",
    time_limit_unknown.RULE.name: "find",
    bail_end.RULE.name: "bail",
    bail_end_unknown.RULE.name: "bail",
    closed_silently.RULE.name: _LOOK_BACK,
    outcome_unrecorded.RULE.name: "remember",
    **safety.ANSWERS,
    **orders.ANSWERS,
    **prosecution.ANSWERS,
    **victims.ANSWERS,
}
_CLOSED = frozenset({_LOOK_BACK, "review closure", "reopen"})  # the work on finalised cases alone
_OPEN_OR_CLOSED = frozenset({"renew", "tell order", "notify"})  # an order outlives its case
_HARD = (summary_time_limit.RULE.name, bail_end.RULE.name, custody_limit.RULE.name)
_SOFT_ODDS = 0.0, 0.55, 0.45, 0.45, 0.75  # by step; index 0 means no step
_HARD_ODDS = 0.0, 0.1, 0.25, 0.5, 0.85, 0.95, 0.95


def work_day(
    book: ForceBook,
    day: date,
    notifications: Iterable[NotifiedStep],
    before: Iterable[CaseAtSitting],
    replied: Iterable[RepliedObligation],
) -> None:
    """Simulate one day with the cases before its sittings. `book.today` becomes the next morning."""
    book.today = day + timedelta(days=1)
    book.reports.clear()
    hold(book, day, before)
    for notification in sorted(set(notifications)):
        _receive(book, day, notification)
    for reply in sorted(replied, key=lambda one: (one.case_ref, one.rule, one.subject, one.answered)):
        _keep_word(book, day, reply)
    if book.calendar.is_working(day):
        _keep_diaries(book, day)
        closing.hear(book, day)
        victims.pursue(book, day)
        _new_matters(book, day)
    _new_incidents(book, day)


def _receive(book: ForceBook, day: date, notification: NotifiedStep) -> None:
    """Enter a notification's work in the diary for one of the next days, if its reader is diligent."""
    file = book.cases.get(notification.case_ref)
    if file is None or file.heedless or notification.rule not in _ANSWER:
        return
    odds = _HARD_ODDS if notification.rule in _HARD else _SOFT_ODDS
    deed = _deed(file, notification)
    willing = odds[min(notification.step, len(odds) - 1)] * diligence(file.team, (day - book.start).days)
    if deed is None or not book.chance(willing):
        return
    when = book.calendar.plus(day, Duration(book.rng.randint(0, 3), Unit.WORKING_DAYS))
    book.diary[deed] = min(when, book.diary.get(deed, when))


def _keep_word(book: ForceBook, day: date, reply: RepliedObligation) -> None:
    """Enter in the diary what its owner has replied: what is done is recorded today, most promises are kept."""
    file = book.cases.get(reply.case_ref)
    about = NotifiedStep(reply.case_ref, reply.rule, reply.subject, step=0)
    deed = _deed(file, about) if file and reply.rule in _ANSWER else None
    if deed is None or reply.on is None:
        return
    if reply.answered is Answered.COMPLETED:
        book.diary[deed] = day
    elif reply.answered is Answered.PROMISED and book.chance(_KEEPS_WORD):
        book.diary[deed] = min(reply.on - timedelta(days=1), book.diary.get(deed, reply.on))


def _deed(file: CaseFile, notification: NotifiedStep) -> Deed | None:
    work, ref = _ANSWER[notification.rule], notification.subject.partition(":")[2]
    if notification.rule == no_progress.RULE.name:
        ref = next((live.action_ref for live in file.live_actions()), "")
    elif ref.startswith(RAISED_HERE):
        work = "finish"
    return Deed(notification.case_ref, work, ref)


def _keep_diaries(book: ForceBook, day: date) -> None:
    due = sorted((on, deed.case_ref, deed.what, deed.ref) for deed, on in book.diary.items() if on <= day)
    for _, case_ref, work, ref in due:
        del book.diary[Deed(case_ref, work, ref)]
        file = book.cases[case_ref]
        if not book.chance(diligence(file.team, (day - book.start).days)):
            book.diary[Deed(case_ref, work, ref)] = day + book.days(4, 8)
        elif work in _OPEN_OR_CLOSED or file.open is not (work in _CLOSED):
            _DEEDS[work](book, file, ref, day)


def _look_back(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    add_review(book, file, "joint", day)


def _supervisor(book: ForceBook, file: CaseFile, _ref: str, day: date) -> None:
    if not file.stalking or file.charged:
        return
    add_review(book, file, "supervisor", day)
    by = day + timedelta(days=SUPERVISOR[file.case.risk] - 2)
    book.plan(Deed(file.case.case_ref, "supervisor"), by, keeps=0.93 * diligence(file.team, (day - book.start).days))


def _act(book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    live = next((live for live in file.live_actions() if live.action_ref == ref), None)
    if live is None:
        if not ref:
            _raise_action(book, file, day)
        return
    live.status, live.closed_on = "done", day
    if book.chance(0.06):
        live.status, live.closed_reason = "not_possible", "nothing was recorded"
    if book.chance(0.8) or not file.live_actions():
        _raise_action(book, file, day)


def _raise_action(book: ForceBook, file: CaseFile, day: date) -> None:
    late = not book.chance(diligence(file.team, (day - book.start).days))
    schedule(book, file, add_action(book, file, day), late=late)


def _find(_book: ForceBook, file: CaseFile, _ref: str, _day: date) -> None:
    file.case.last_act_on = file.case.opened_on


def _bail(book: ForceBook, file: CaseFile, ref: str, day: date) -> None:
    """Record when bail ends, extend it, some on other conditions, or let the suspect go without it."""
    suspect = file.suspect(ref)
    if file.charged or suspect.suspect_status != "bail":
        return
    if suspect.bail_ends_on is not None and suspect is file.case and not book.chance(0.55):
        suspect.bail_ends_on = None
        set_status(book, file, "rui", day, prompt(book, file))
        _raise_action(book, file, day)
        return
    suspect.bail_ends_on = (suspect.bail_ends_on or day) + timedelta(days=91)
    if book.chance(_VARIED):
        suspect.bail_varied_on = day
        suspect.bail_views_on = day if book.chance(prompt(book, file)) else suspect.bail_views_on
    tell(book, file, day, prompt(book, file))


def _new_matters(book: ForceBook, day: date) -> None:
    """Add new cases, finalise some, and refer a few to CPS."""
    for _ in range(book.about(book.pace.cases)):
        give_keys(book, add_case(book, day, backlog=0))
    ready = [file for file in book.ordinary() if file.open and not file.referrals and file.case.opened_on < day]
    old = [file for file in ready if (day - file.case.opened_on).days > 40]
    for file in book.rng.sample(old, min(len(old), book.about(book.pace.ended))):
        closing.finalise(book, file, day, book.rng.choices(("nfa_police", "other", "administrative"), (85, 13, 2))[0])
    fit = [file for file in ready if file.open and may_be_referred(file)]
    for file in book.rng.sample(fit, min(len(fit), book.pace.referrals)):
        allocate(book, file)
        add_referral(book, file, day, late=False)


def _new_incidents(book: ForceBook, day: date) -> None:
    """Add new incidents, at weekends too."""
    going_on = [file for file in book.ordinary() if file.open and file.case.classification != "other"]
    for file in book.rng.sample(going_on, book.about(book.pace.incidents)):
        add_incident(book, file, day - book.days(0, 1), day, overlooked=book.chance(_OVERLOOKED))
        if file.stalking:
            safety.look_again(book, file, day)
            book.plan(Deed(file.case.case_ref, "consider"), day + timedelta(days=4), keeps=prompt(book, file))


_DEEDS: dict[str, Work] = {
    "remember": report_late,
    "finish": finish,
    _LOOK_BACK: _look_back,
    "supervisor": _supervisor,
    "act": _act,
    "note": recorded("time_limit_noted_on"),
    "find": _find,
    "bail": _bail,
    **safety.DEEDS,
    **orders.DEEDS,
    **prosecution.DEEDS,
    **victims.DEEDS,
    **closing.DEEDS,
}
