"""The audit log as a whole: its seals, and what an inspector asks of it. `models.queries.audit` writes its rows."""
