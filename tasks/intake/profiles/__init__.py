"""Exports in a source's own columns, which its profile turns into the files of an extract."""
