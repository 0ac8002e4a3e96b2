"""The auditor: what it looks at, what it writes and begins again, and the alarms of Prefect beside it."""
