"""The carriers by which messages leave: one folder each, one protocol, one registry."""
