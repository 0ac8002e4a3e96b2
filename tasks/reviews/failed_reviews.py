"""Notifications to both agencies' leads that a joint review failed again, in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.terms import Addressee, OwedBy
from models.queries.reviews import failed_reviews
from models.rules.people.addressing import address
from models.rules.people.parties import Parties
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on


def notify_leads(
    configuration: Configuration, connection: Connection, case_ids: Sequence[int], today: date, at: datetime
) -> None:
    """Write a notification to the leads of both sides for each case that failed again.

    A side without a lead, or with an absent lead and no deputy, falls back as every step does.
    """
    found = failed_reviews.failing_cases(connection, case_ids)
    matters = [Parties(OwedBy.BOTH, (case.force_code,), (case.cps_area,), barred=case.barred) for case in found]
    directory = directory_on(configuration, connection, today, matters)
    for case, matter in zip(found, matters, strict=True):
        for recipient in address((Addressee.LEAD,), matter, directory):
            failed_reviews.write(
                connection, case, recipient.contact_ref, configuration.settings.main.channel, today, at
            )
