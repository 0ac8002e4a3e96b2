"""The files of an extract about members of staff, declared as those of `tasks.intake.files`."""

from config.terms import Agency, Role
from config.training import Course
from models import people
from tasks.intake import checks, forms
from tasks.intake.columns import File, may, need
from tasks.intake.forms import DAY, FUTURE_DAY, PERSON, YES_NO, one_of

CONTACTS = File(
    "contacts.csv",
    people.Contact,
    ("contact_ref",),
    (
        need("contact_ref", PERSON),
        need("agency", one_of(Agency)),
        need("name", forms.TEXT),
        need("email", forms.EMAIL),
        need("roles", forms.roles(Role)),
        may("force_code", forms.FORCES_LIST, "force_codes"),
        may("cps_area", forms.AREAS_LIST, "cps_areas"),
        may("slack_user_id", forms.SLACK_USER),
        may("deputy_ref", PERSON),
        may("active_from", FUTURE_DAY),
        may("active_to", FUTURE_DAY),
        may("restricted_access", YES_NO),
    ),
    people=("deputy_ref",),
)
ABSENCES = File(
    "absences.csv",
    people.Absence,
    ("contact_ref", "from_on", "to_on"),
    (need("contact_ref", PERSON), need("from_on", FUTURE_DAY), need("to_on", FUTURE_DAY)),
    (checks.from_before_to,),
    people=("contact_ref",),
)
TRAINING = File(
    "training.csv",
    people.Training,
    ("contact_ref", "course", "completed_on"),
    (
        need("contact_ref", PERSON),
        need("course", one_of(Course)),
        need("completed_on", DAY),
        may("expires_on", FUTURE_DAY),
    ),
    people=("contact_ref",),
)
