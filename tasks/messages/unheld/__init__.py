"""Reviews that fail one after the other: what both agencies' leads are told."""
