"""What every task stands on: database, configuration, tokens, templates, and the servers that Casebeat starts."""
