"""One act of a person: in whose name, and by which door it came."""

from typing import NamedTuple

from config.doors import Door


class Act(NamedTuple):
    """Who did something, as far as it is known. `by` is a contact_ref; it is believed no more than its door is."""

    by: str
    door: Door
    through: str  # the system user of a command, the flow run of a form, the Slack user of a click; empty for a mail

    @property
    def trail(self) -> dict[str, str]:
        """Return what an audit row keeps of it, beside the contact."""
        return {"door": self.door.value, "through": self.through}
