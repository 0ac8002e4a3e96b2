"""Foundations for every task: database, configuration, tokens, templates, and the servers that Casebeat starts."""
