"""Reads for the monitoring report: what happened in a month, by force and CPS Area."""
