"""The monitoring report of a month: for all, for a force, for a CPS Area."""
