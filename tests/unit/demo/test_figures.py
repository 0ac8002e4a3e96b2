"""The figures of the demo's mails, each from a few mails that show it."""

from datetime import date, datetime, timedelta
from email.message import EmailMessage

from config.days.london import at_london
from models.rules.obligations.rulebook import RULES
from tasks.demo.figures import RoleFigures, SentMail, figures, sent_mails

MONDAY = date(2026, 3, 23)
MORNING = at_london(MONDAY)
DAYS = [MONDAY, MONDAY + timedelta(days=1)]
ROLES = {"a@demo.police.uk": ("spoc", "lead"), "b@demo.police.uk": ("spoc",)}


def mail(to="a@demo.police.uk", *, at=MORNING, subject="short", text="", calendar=False, answer=False):
    return SentMail(to, at, subject, text, calendar, answer)


def test_each_role_counts_each_of_its_people_on_each_working_day_with_a_mail_or_without():
    tuesday = at_london(DAYS[1])
    found = figures([mail(), mail(at=tuesday), mail(at=tuesday), mail(to="b@demo.police.uk")], ROLES, DAYS)
    assert found.roles == (RoleFigures("SPOCs", 1.0, 1.0, 2), RoleFigures("leads", 1.5, 1.5, 2))


def test_a_mail_of_a_day_off_counts_to_the_mean_and_the_most():
    sunday = at_london(MONDAY - timedelta(days=1))
    assert figures([mail(at=sunday)] * 3, ROLES, DAYS).roles[1] == RoleFigures("leads", 1.5, 0.0, 3)


def test_the_answer_to_a_persons_own_reply_counts_to_no_figure_of_a_person():
    found = figures([mail(), mail(answer=True)], ROLES, DAYS)
    assert (found.roles[1].mean, found.letters, found.together, found.mails) == (0.5, 1, 0, 2)


def test_what_operations_get_is_no_figure():
    found = figures([mail(to="operations@demo.police.uk", subject="x" * 61)] * 2, ROLES, DAYS)
    assert (found.letters, found.together, found.long_subjects, found.mails) == (0, 0, 0, 0)


def test_two_mails_of_one_minute_left_together_and_an_invitation_beside_a_letter_did_not():
    at = MORNING
    assert figures([mail(at=at), mail(at=at + timedelta(seconds=20)), mail(at=at)], ROLES, DAYS).together == 1
    assert figures([mail(at=at), mail(at=at + timedelta(minutes=1)), mail(calendar=True)], ROLES, DAYS).together == 0
    assert figures([mail(), mail(to="b@demo.police.uk")], ROLES, DAYS).together == 0


def test_the_words_of_letters_are_those_that_are_read():
    limited = mail(text=RULES["bail-end"].title + " word" * 40)
    found = figures([mail(text="one - two mailto:c@d.uk?subject=x"), limited, mail(text="a " * 9)], ROLES, DAYS)
    assert (found.letters, found.median_words, found.most_words_without_limit) == (3, 9, 9)
    assert found.most_words > 40


def test_a_subject_of_sixty_characters_is_short():
    assert figures([mail(subject="x" * 60), mail(subject="x" * 61)], ROLES, DAYS).long_subjects == 1


def test_without_a_mail_every_figure_is_nothing():
    found = figures([], ROLES, DAYS)
    assert (found.median_words, found.most_words, found.most_words_without_limit) == (0, 0, 0)


def test_a_kept_mail_is_read_with_its_moment_its_plain_part_and_its_kind(tmp_path):
    (tmp_path / "new").mkdir()
    written = EmailMessage()
    written["To"], written["Subject"] = "Wren Alder <a@demo.police.uk>", "Casebeat"
    written["Date"], written["Auto-Submitted"] = "Mon, 23 Mar 2026 08:00:00 +0000", "auto-replied"
    written.set_content("as text")
    written.add_alternative("<p>as HTML</p>", subtype="html")
    written.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    (tmp_path / "new" / "000001.demo").write_bytes(written.as_bytes())
    (found,) = sent_mails(tmp_path)
    assert found == mail(
        at=datetime.fromisoformat("2026-03-23T08:00:00+00:00"), subject="Casebeat", text="as text\n", calendar=True,
        answer=True,
    )  # fmt: skip
