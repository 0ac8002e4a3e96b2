"""Statements of a rehearsal: temporary copies of the tables, virtual delivery, and the figures."""
