"""In whose name somebody may fill in a form: where the proxy says who signed in, in their own alone."""

import hmac
from uuid import UUID

from models.errors import Refuse
from models.queries.people import contacts
from tasks.platform import tokens
from tasks.servers.database import transaction


def hold(by: str, signed_in: UUID | None, times: int) -> None:
    """Hold a form to the sign-in of who sent it, for which a mark of their address is kept.

    Raises Refuse unless it is the address of the contact `by`; it does not tell whether there is such a contact. Also
    raises it where the form's run began several `times`: anybody may begin it again, and it keeps who sent it first.
    """
    if times > 1:
        raise Refuse(
            "This form was begun again, and nobody knows by whom: fill it in again, and send that. Nothing was done."
        )
    if signed_in is None:
        raise Refuse(
            "Nobody knows who sent this form: it did not come through the sign-in that CASEBEAT_FORMS__IDENTITY_HEADER "
            "names. Open the Prefect UI by the address at which you sign in. Nothing was done."
        )
    with transaction() as connection:
        address = contacts.address_of(connection, by)
    if not address or not hmac.compare_digest(tokens.address_mark(address).bytes, signed_in.bytes):
        raise Refuse(
            "By is not the reference of the contact with the e-mail address by which you signed in: a form acts in "
            "your own name alone. Nothing was done."
        )
