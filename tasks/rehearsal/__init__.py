"""Rehearsal: the book run forward in virtual time on temporary copies of its tables."""
