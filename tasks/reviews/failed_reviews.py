"""Telling both agencies' leads that a joint review failed again, in the transaction that finds it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from config.settings import settings
from config.terms import Addressee, OwedBy
from models.queries.people import contacts
from models.queries.reviews import failed_reviews
from models.rules.people.addressing import Directory, Parties, address


def tell_leads(connection: Connection, case_ids: Sequence[int], today: date, at: datetime) -> int:
    """Write to the leads of both sides of each of these cases that fails again; to how many it was written.

    A side without a lead, or whose lead is away with nobody to stand in, falls back as every step does.
    """
    found = failed_reviews.running(connection, case_ids)
    matters = [Parties(OwedBy.BOTH, (one.force_code,), (one.cps_area,)) for one in found]
    directory = Directory(contacts.on_duty(connection, today, matters)) if matters else Directory(())
    told = 0
    for one, matter in zip(found, matters, strict=True):
        for each in address((Addressee.LEAD,), matter, directory):
            failed_reviews.write(connection, one, each.contact_ref, settings().main.channel, today, at)
            told += 1
    return told
