"""The demo's closing summary."""

from datetime import date, timedelta

from models.queries.demo import LongStalledCase, ReviewTotals
from tasks.demo.figures import MailFigures, RoleFigures
from tasks.demo.lookups import Evening
from tasks.demo.summary import summary, where_to_look

MONDAY = date(2026, 3, 23)
MAILS = MailFigures(
    roles=(RoleFigures("officers", 0.84, 1.0, 2),), letters=300, median_words=212.0, most_words=1100,
    most_words_without_limit=640, together=0, long_subjects=3, mails=700,
)  # fmt: skip
SAT = ReviewTotals(
    sittings=17, cases=300, quorate=250, one_side=20, not_held=24, unrecorded=6, brought_forward=31, late=9,
    invitations=800, agendas=120,
)  # fmt: skip


def evening(number, stalled):
    cases = tuple(LongStalledCase("45", ref, team, MONDAY - timedelta(days=9), 2) for ref, team in stalled)
    return Evening(MONDAY + timedelta(days=number), 900, cases)


def told(*stalled_by_day):
    return "\n".join(summary([evening(*one) for one in enumerate(stalled_by_day)], SAT, MAILS))


def test_the_summary_says_which_weeks_fell_and_which_rose():
    start = [("A", "S1"), ("B", "S1"), ("C", "S2")]
    said = told(start, *[start] * 6, [("C", "S2")], *[start] * 6, [("C", "S2"), ("D", "S3")])
    assert "Mon 23 Mar 2026     3\n" in said
    assert "Mon 30 Mar 2026     1   2 cleared and 0 new since Monday, falling" in said
    assert "Mon 6 Apr 2026      2   0 cleared and 1 new since Monday, rising" in said
    assert "falling most for the teams of S1 (2 then, 0 now)" in said
    assert "rising most for the teams of S3 (0 then, 1 now)" in said


def test_the_last_day_is_told_even_where_no_week_ends_on_it():
    assert "Wed 25 Mar 2026     0   1 cleared and 0 new since Monday, falling" in told([("A", None)], [], [])


def test_the_worst_case_is_named_with_how_long_it_has_been_stalled():
    said = told([("A", "S1")], [("A", "S1")])
    assert "The worst: 45/A, stalled since Sat 14 Mar 2026 (10 days), with 2 duties critically overdue" in said


def test_what_came_of_the_sittings_is_told_with_who_sits_late_and_what_was_mailed():
    assert told([]).split("Joint reviews\n")[1].split("\n\n")[0] == (
        "  17 sittings had 300 cases before them: 250 reviews count, 44 do not "
        "(20 held by one side alone, 24 not reached)\n"
        "  of 6 nobody said in time what came of it: they sit again\n"
        "  31 were brought forward by a new incident, a breach or a higher risk\n"
        "  9 of those to come sit after their due day\n"
        "  800 invitations and changes of them, 120 agendas mailed"
    )


def test_the_figures_of_the_mails_are_told():
    assert told([]).split("Mails\n")[1].split("\n\n")[0] == (
        "  officers        0.8 a person and working day, 1 on a median one, at most 2\n"
        "  words of a letter, without its attachments: 212 in a median one, at most 1100; "
        "at most 640 without a time limit or an order in it\n"
        "  times that two mails left together for one person, invitations aside: 0\n"
        "  subjects over 60 characters: 3 of 700"
    )


def test_a_book_without_a_stalled_case_is_summarised_as_such():
    assert told([], []).endswith("No case is stalled.")


def test_the_reader_is_told_where_the_mails_are_and_how_to_start_the_servers_again(tmp_path):
    home = tmp_path / "a b"
    home.mkdir()
    (home / "examples.txt").write_text("".join(f"45/{number}  it is seen\n" for number in range(5)))
    lines = list(where_to_look(home, home / "mails" / "index.html", evening(0, [("A", "S1")]), "casebeat"))
    assert lines[1].endswith("/a b/mails/index.html")
    assert lines[2].endswith("/a b/extracts")
    assert lines[3].endswith("/a b/rejected")
    assert lines[4].endswith("/a b/examples.txt; three of them:")
    assert lines[5:8] == ["    45/0  it is seen", "    45/1  it is seen", "    45/2  it is seen"]
    assert f"CASEBEAT_HOME='{home}'" in lines[8]
    assert lines[8].endswith("casebeat explain 45/A --as-of 2026-03-23")
    assert lines[9].endswith(f"casebeat demo --show --home '{home}'")
