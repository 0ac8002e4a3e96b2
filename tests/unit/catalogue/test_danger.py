"""The rule `danger`: signs that the grade of risk may be too low, until a supervisor confirms it."""

import pytest

from config.seen import SeenKind
from config.terms import Classification, EndReason, OwedBy, Relationship, Risk
from models.rules import arithmetic
from models.rules.result import Owes
from models.rules.row_facts import SeenChange
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, answers, case, incident, nothing, other_case, owed

OPENED = day("Mon 2 Mar 2026")
FIRST, FIFTEENTH = day("Mon 16 Mar 2026"), day("Mon 30 Mar 2026")  # 14 days apart


def reported(*days, **given):
    return [incident(reported_on=day(each), **given) for each in days]


def lowered(seen, since="Mon 9 Mar 2026"):
    return SeenChange(SeenKind.RISK_LOWERED, None, day(seen), day(since))


def test_a_breach_is_told_from_its_day_and_due_on_the_next_working_day():
    found = owed("danger", case(opened_on=OPENED, incidents=reported("Thu 2 Apr 2026", breach=True)))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Thu 2 Apr 2026"), day("Thu 9 Apr 2026"))
    assert (found.arose_on, found.renewed_on, found.done_on) == (day("Thu 2 Apr 2026"),) * 2 + (None,)


@pytest.mark.parametrize(
    ("given", "on"),
    [
        row("one report", {"incidents": reported("Mon 16 Mar 2026")}, None),
        row("a second one 14 days later", {"incidents": reported("Mon 16 Mar 2026", "Mon 30 Mar 2026")}, FIFTEENTH),
        row("a second one 15 days later", {"incidents": reported("Mon 16 Mar 2026", "Tue 31 Mar 2026")}, None),
        row("two on one day", {"incidents": reported("Mon 16 Mar 2026", "Mon 16 Mar 2026")}, FIRST),
        row(
            "one of them of a linked case",
            {"incidents": reported("Mon 16 Mar 2026"), "linked_incidents": reported("Mon 30 Mar 2026")},
            FIFTEENTH,
        ),
        row(
            "one of them withdrawn",
            {"incidents": [*reported("Mon 16 Mar 2026"), *reported("Mon 30 Mar 2026", supplied=False)]},
            None,
        ),
        row("a breach of a linked case", {"linked_incidents": reported("Mon 16 Mar 2026", breach=True)}, FIRST),
        row(
            "a breach that was withdrawn", {"incidents": reported("Mon 16 Mar 2026", breach=True, supplied=False)}, None
        ),
        row(
            "a third report in all at standard risk",
            {
                "incidents": reported("Mon 2 Mar 2026", "Fri 17 Apr 2026", "Fri 5 Jun 2026"),
                "risk": Risk.STANDARD,
            },
            day("Fri 5 Jun 2026"),
        ),
        row(
            "a third report in all at medium risk",
            {"incidents": reported("Mon 2 Mar 2026", "Fri 17 Apr 2026", "Fri 5 Jun 2026"), "risk": Risk.MEDIUM},
            None,
        ),
        row("a risk lowered, never assessed", {"seen_changes": [lowered("Mon 16 Mar 2026")]}, FIRST),
        row(
            "lowered, and assessed the day before the extract before",
            {"seen_changes": [lowered("Mon 16 Mar 2026")], "risk_assessed_on": day("Sun 8 Mar 2026")},
            FIRST,
        ),
        row(
            "lowered, and assessed on the day of the extract before",
            {"seen_changes": [lowered("Mon 16 Mar 2026")], "risk_assessed_on": day("Mon 9 Mar 2026")},
            None,
        ),
        row(
            "bail extended",
            {"seen_changes": [lowered("Mon 16 Mar 2026")._replace(kind=SeenKind.BAIL_EXTENDED)]},
            None,
        ),
        row("another case of the suspect since", {"same_suspect": [other_case(opened_on=FIRST)]}, FIRST),
        row(
            "another case of the suspect from before",
            {"same_suspect": [other_case(opened_on=day("Mon 3 Mar 2025"))]},
            OPENED,
        ),
        row(
            "another case of the same victim",
            {"same_suspect": [other_case(opened_on=FIRST, victim_key="AB12")], "victim_key": "ab12"},
            None,
        ),
        row(
            "another case of another victim",
            {"same_suspect": [other_case(opened_on=FIRST, victim_key="cd34")], "victim_key": "ab12"},
            FIRST,
        ),
        row("a linked case of a victim not known", {"same_suspect": [other_case(opened_on=FIRST, linked=True)]}, None),
        row(
            "a linked case of another victim",
            {
                "same_suspect": [other_case(opened_on=FIRST, victim_key="cd34", linked=True)],
                "victim_key": "ab12",
            },
            FIRST,
        ),
    ],
)
def test_the_days_of_danger(given, on):
    found = answers("danger", case(opened_on=OPENED, **given))
    assert [getattr(one, "arose_on", None) for one in found] == [on]


@pytest.mark.parametrize(
    ("reported_on", "on"),
    [
        row("14 days before it was opened counts as the opening", "Mon 16 Feb 2026", OPENED),
        row("15 days before does not count", "Sun 15 Feb 2026", None),
        row("the day before", "Sun 1 Mar 2026", OPENED),
        row("the day itself", "Mon 2 Mar 2026", OPENED),
    ],
)
def test_what_came_shortly_before_the_case_was_watched_counts_from_then(reported_on, on):
    facts = case(opened_on=OPENED, incidents=[incident(reported_on=reported_on, breach=True)])
    (found,) = answers("danger", facts)
    assert getattr(found, "arose_on", None) == on


def test_a_presumed_case_is_in_danger_from_the_fact_that_raised_the_question():
    facts = case(
        opened_on=OPENED, classification=Classification.HARASSMENT, relationship=Relationship.ACQUAINTANCE,
        incidents=reported("Mon 2 Mar 2026", "Fri 6 Mar 2026"),
    )  # fmt: skip
    assert owed("danger", facts).arose_on == day("Fri 6 Mar 2026")


@pytest.mark.parametrize(
    ("confirmed", "on"),
    [
        row("the day before the first", "Sun 15 Mar 2026", FIRST),
        row("on the day of the first", "Mon 16 Mar 2026", FIFTEENTH),
        row("the day before the second", "Sun 29 Mar 2026", FIFTEENTH),
        row("on the day of the second", "Mon 30 Mar 2026", None),
    ],
)
def test_a_grade_confirmed_on_the_day_or_later_answers_it(confirmed, on):
    breaches = reported("Mon 16 Mar 2026", "Mon 30 Mar 2026", breach=True)
    facts = case(opened_on=OPENED, risk_ratified_on=confirmed, incidents=breaches)
    (found,) = answers("danger", facts)
    if isinstance(found, Owes):
        assert (found.arose_on, found.done_on, found.renewed_on) == (on, confirmed, FIFTEENTH)
    else:
        assert (found.end, found.on, on) == (EndReason.MET, confirmed, None)
        assert found.sentence == "the grade of risk was confirmed"


def test_while_it_is_owed_a_later_sign_renews_it_with_the_same_days():
    facts = case(opened_on=OPENED, incidents=reported("Mon 16 Mar 2026", "Mon 30 Mar 2026", breach=True))
    found = owed("danger", facts)
    assert (found.due_on, found.renewed_on) == (day("Tue 17 Mar 2026"), FIFTEENTH)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row(
            "a breach that is the second report",
            {"incidents": [*reported("Mon 9 Mar 2026"), *reported("Mon 16 Mar 2026", breach=True)]},
            "danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026; a breach was reported on Mon 16 Mar 2026; "
            "the second report within 14 days",
        ),
        row(
            "again",
            {"incidents": [*reported("Mon 16 Mar 2026", breach=True), *reported("Mon 30 Mar 2026")]},
            "danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026; a breach was reported on Mon 16 Mar 2026; "
            "again on Mon 30 Mar 2026; the second report within 14 days was made on Mon 30 Mar 2026",
        ),
        row(
            "the grade",
            {"incidents": reported(*["Mon 16 Mar 2026"] * 3), "risk": Risk.STANDARD},
            "danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026; the third report within 14 days was made "
            "on Mon 16 Mar 2026; the third report in all at standard risk",
        ),
        row(
            "reports of before that were not so close",
            {"incidents": reported("Mon 2 Mar 2026", "Mon 30 Mar 2026", "Tue 31 Mar 2026")},
            "danger since Tue 31 Mar 2026 + 1 working day = Wed 1 Apr 2026; the second report within 14 days (3 "
            "reports in all) was made on Tue 31 Mar 2026",
        ),
        row(
            "reports of before, counted by the grade anyway",
            {"incidents": reported("Mon 2 Mar 2026", "Mon 30 Mar 2026", "Tue 31 Mar 2026"), "risk": Risk.STANDARD},
            "danger since Tue 31 Mar 2026 + 1 working day = Wed 1 Apr 2026; the second report within 14 days was made "
            "on Tue 31 Mar 2026; the third report in all at standard risk",
        ),
        row(
            "a case of another victim that ended",
            {
                "victim_key": "ab12",
                "same_suspect": [other_case(opened_on=FIRST, finalised_on=FIFTEENTH, victim_key="cd34")],
            },
            "danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026; another case of the same suspect, of "
            "another victim, was opened on Mon 16 Mar 2026 and finalised on Mon 30 Mar 2026",
        ),
        row(
            "two things from before the case",
            {
                "incidents": reported("Sun 1 Mar 2026", breach=True),
                "same_suspect": [other_case(opened_on=day("Mon 3 Mar 2025"))],
            },
            "danger since Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026; a breach was reported on Sun 1 Mar 2026; "
            "another case of the same suspect was opened on Mon 3 Mar 2025",
        ),
        row(
            "the risk",
            {"seen_changes": [lowered("Mon 16 Mar 2026")]},
            "danger since Mon 16 Mar 2026 + 1 working day = Tue 17 Mar 2026; a grade of risk lowered without an "
            "assessment was seen on Mon 16 Mar 2026",
        ),
    ],
)
def test_it_says_in_words_what_says_danger(given, said):
    assert arithmetic.sentence(owed("danger", case(opened_on=OPENED, **given)).because, CALENDAR) == said


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no sign", {}, EndReason.MET),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("danger", case(opened_on=OPENED, **given)).end is end


def test_what_was_reported_before_the_rule_counts_hides_nothing_later():
    numbers = POLICY.rules.danger.model_copy(update={"since": day("Tue 17 Mar 2026")})
    facts = case(opened_on=OPENED, incidents=reported("Mon 16 Mar 2026", "Mon 30 Mar 2026", breach=True))
    (found,) = answers("danger", facts, POLICY.rules.model_copy(update={"danger": numbers}))
    assert (found.arose_on, found.due_on) == (FIFTEENTH, day("Tue 31 Mar 2026"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "first"), (10, "tenth"), (11, "11th"), (12, "12th"), (21, "21st"), (22, "22nd"), (33, "33rd"), (112, "112th")],
)
def test_numbers_of_order(number, said):
    assert arithmetic.ordinal(number) == said
