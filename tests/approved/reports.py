"""Pages of the monthly report, of invented figures: a month that is over, and one that is not and has nothing."""

from datetime import date

from models.queries.report.places import Figures, ReportPlace
from models.rules.report.months import Month
from tasks.platform.templates import page, render_text
from tasks.report.figures import ALL
from tasks.report.pages import Composer, Page, name_of
from tasks.report.protection import leaving_a_force, own_pages
from tasks.report.sight import FigureSight, PlaceSight, UnseenPart

_SURREY = {
    "cases_open": 41, "cases_new": 9, "cases_closed": 6, "cases_assessed": 33, "cases_order_considered": 36,
    "cases_in_contact": 38, "cases_reviewed": 31, "base:high.open": 25, "base:high.assessed": 20,
    "base:standard.open": 16, "base:standard.assessed": 13,
    "joint-review.due": 40, "joint-review.in_time": 31, "reviews_held": 33, "reviews_one_sided": 6,
    "stalls_opened": 12, "stalls_cleared": 9, "stalled_days": 6.5, "stalled_at_end": 3, "orders_lapsed": 1,
    "charged": 12, "charged_4a": 7, "charged_2a": 2, "charged_harassment": 3, "police_late_days": 210,
    "kinds:CCTV.done": 8, "kinds:CCTV.days": 5, "kinds:OTHER.done": 2, "kinds:OTHER.days": 9,
    "steps:joint-review critical.sent": 9, "steps:joint-review critical.met_within_a_day": 0,
    "steps:joint-review critical.answerable": 8, "steps:joint-review critical.unanswered": 6,
    "victim-told.due": 30, "victim-told.in_time": 25, "charging-decision.due": 30, "charging-decision.in_time": 25,
    "breaches": 2, "breaches_decided": 0, "breach-unanswered.due": 2, "breach-unanswered.in_time": 0,
    "breaches_unanswered": 2,
}  # fmt: skip
_KENT = _SURREY | {
    "joint-review.due": 25,
    "joint-review.in_time": 20,
    "charged": 21,
    "charged_4a": 16,
    "stalled_at_end": 0,
    "breach_days": None,
    "victim-told.due": 4,
    "victim-told.in_time": 0,
    "charging-decision.due": 3,
    "charging-decision.in_time": 3,
    "breaches": 0,
    "breach-unanswered.due": 0,
    "breaches_unanswered": 0,
}
_WHOLE = {key: (_SURREY[key] or 0) + (_KENT[key] or 0) for key in _SURREY}
_BOOK: dict[ReportPlace, Figures] = {
    ALL: _WHOLE,
    ReportPlace("45"): _SURREY,
    ReportPlace("46"): _KENT,
    ReportPlace(None, "South East"): _WHOLE,
    ReportPlace("45", "South East"): _SURREY,
    ReportPlace("46", "South East"): _KENT,
}
_BEGAN = ((date(2026, 3, 9), ("Surrey (45)",)), (date(2026, 3, 16), ("Kent (46)", "Sussex (47)")))
_SIGHT = PlaceSight(date(2026, 3, 31), {"cms-ls": date(2026, 3, 12), "cms-se": date(2026, 3, 20)}, {
    "plea.due": FigureSight(UnseenPart.BLIND, ("cms-ls", "cms-se")),
    "plea.in_time": FigureSight(UnseenPart.BLIND, ("cms-ls", "cms-se")),
    "charged_2a": FigureSight(UnseenPart.PARTLY, ("cms-ls",)),
    "charged_4a": FigureSight(UnseenPart.PARTLY, ("cms-ls", "cms-north", "cms-se", "cms-wales")),
})  # fmt: skip
_SILENT = PlaceSight(None)
_UNSEEN = (("Surrey (45)", ("plea", "order-told")), ("Kent (46)", ("bail-views",)))


def texts() -> dict[str, str]:
    """Each page as each of its templates prints it."""
    made = {
        "all": _page(ALL, over=True),
        "force": _page(ReportPlace("45"), over=True),
        "begun": _page(ReportPlace("46"), over=False),
        "silent": _page(ReportPlace("46"), over=False, sight=_SILENT, made_on=date(2026, 3, 10)),
    }
    found = {}
    for name, one in made.items():
        given = {"page": one, "folder": "reports/2026-03"}
        found[f"report-{name}.html"] = page("report/page.html", page=one)
        found[f"report-{name}.txt"] = render_text("report/body.txt", given)
        found[f"report-{name}.md"] = render_text("report/artifact.md", given)
    return found


def _page(place: ReportPlace, *, over: bool, sight: PlaceSight | None = None, made_on: date = date(2026, 4, 6)) -> Page:
    book = _BOOK if over else {place: {}}
    printed = own_pages(book) if place.force_code else leaving_a_force(book)
    before = printed if over else {}
    last = date(2026, 3, 31) if over else date(2026, 3, 9)
    sights = [{place: sight or (_SIGHT if over and place.force_code else PlaceSight(last))}, {}, {}]
    made = Composer(place, printed, before, before if place.force_code else {}, sights)
    return Page(
        name_of(place), Month(2026, 3), last, made_on, over, sights[0][place],
        tuple(made.headline()), tuple(made.parts()), _UNSEEN if over else (), _BEGAN if over and place == ALL else (),
    )  # fmt: skip
