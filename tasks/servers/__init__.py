"""The servers that Casebeat runs or speaks to: PostgreSQL, Prefect, and their backups."""
