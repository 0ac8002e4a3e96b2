"""Agendas of sittings."""
