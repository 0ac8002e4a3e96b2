"""Sign-in by OAuth 2.0: access tokens, the reasons for having none, and how a mail server is shown one."""
