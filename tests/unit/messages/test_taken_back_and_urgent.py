"""What a letter takes back of earlier ones, and what cannot wait for a letter: of which cases, and in which order."""

from config.message_kinds import MessageKind
from config.terms import EndReason, Happening
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.rules.people.readdressing import LEFT
from tasks.messages.at_once import UrgentContext, compose
from tasks.messages.composing import ComposedMessage
from tasks.messages.readers import of_desk
from tests.worlds.messages import TODAY, held, owed, reader, world


def told(number: int, happening: Happening = Happening.STEP, due: int = -1, **changed: object) -> NotificationView:
    one = owed("action", due, hard=bool(changed.pop("hard", False)))
    own = {"obligation_id": number, "case_ref": f"45/{number}", "numbers_of": "45"}
    return one._replace(
        notification_id=number * 10, happening=happening, matter=one.matter._replace(**own | changed)
    )  # fmt: skip


def urgent(*views: NotificationView, to: Reader | None = None, ref: str | None = "P1") -> ComposedMessage:
    message = held(ref, kind=MessageKind.AT_ONCE)
    return compose(message, world(*[to or reader()] if ref else [], told={message.id: list(views)}))


def said(*given: NotificationView, **changed: object) -> UrgentContext:
    made = urgent(*given, **changed)
    assert isinstance(made.context, UrgentContext), made.nothing
    return made.context


def test_urgent_matters_stand_once_by_limit_day_and_reference() -> None:
    views = [told(5, due=-9), told(4, due=-2, hard=True), told(3, due=-9), told(2, due=-3, hard=True), told(4, due=-2,
             hard=True)]  # fmt: skip
    assert [one.reference for one in said(*views).items] == ["45/45/2", "45/45/4", "45/45/3", "45/45/5"]


def test_of_a_restricted_case_only_the_number_is_said_to_who_may_not_read_of_it() -> None:
    found = said(told(1), told(2, restricted=True))
    assert ([one.reference for one in found.items], found.restricted) == (["45/45/1"], 1)
    assert said(told(1), told(2, restricted=True), to=reader(access=True)).restricted == 0


def test_nothing_is_said_of_what_is_not_to_be_said_any_more() -> None:
    made = urgent(told(1, ended_on=TODAY, end_reason=EndReason.MET))
    assert (made.context, made.nothing, list(made.silent)) == (None, "ended: met", [10])


def test_who_has_left_gets_none_of_what_there_is_not() -> None:
    made = compose(held("GONE", kind=MessageKind.AT_ONCE), world())
    assert (made.context, made.nothing) == (None, LEFT)


def test_urgent_mails_about_one_case_share_a_thread_and_others_have_none() -> None:
    one, again = urgent(told(1)), urgent(told(1, due=-5))
    assert one.thread == again.thread
    assert len({one.thread, urgent(told(2)).thread, ""}) == 3
    for made in (urgent(told(1), told(2)), urgent(told(1, restricted=True)), urgent(told(1, case_ref=None))):
        assert made.thread == ""


def test_people_read_where_operations_are_and_operations_do_not() -> None:
    for to, mailbox, read in ((reader(), "ops@surrey.police.uk", "ops@surrey.police.uk"), (reader(), None, "")):
        assert of_desk(to, TODAY, mailbox)["operations"] == read
    assert of_desk(None, TODAY, "ops@surrey.police.uk")["operations"] == ""
