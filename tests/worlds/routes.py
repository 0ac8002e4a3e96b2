"""The routes of an installation with mail and Slack, as the statements that write messages are given them."""

from config.routes import Route

MAIL = Route("email", "Mail", on=True, address="email", kinds=frozenset(), everyone=True, operations=True,
             restricted=True)  # fmt: skip
SLACK = Route("slack", "Slack", on=True, address="slack_user_id", kinds=frozenset(), operations=True)
