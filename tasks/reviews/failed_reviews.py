"""Notifications to both agencies' leads that a joint review failed again, in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.settings import settings
from config.terms import Addressee, OwedBy
from models.queries.reviews import failed_reviews
from models.rules.people.addressing import Parties, address
from tasks.platform.directory import directory_on


def notify_leads(connection: Connection, case_ids: Sequence[int], today: date, at: datetime) -> None:
    """Write a notification to the leads of both sides for each case that failed again.

    A side without a lead, or with an absent lead and no deputy, falls back as every step does.
    """
    found = failed_reviews.failing_cases(connection, case_ids)
    matters = [Parties(OwedBy.BOTH, (one.force_code,), (one.cps_area,), barred=one.barred) for one in found]
    directory = directory_on(connection, today, matters)
    for one, matter in zip(found, matters, strict=True):
        for each in address((Addressee.LEAD,), matter, directory):
            failed_reviews.write(connection, one, each.contact_ref, settings().main.channel, today, at)
