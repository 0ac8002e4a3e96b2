"""The message to SPOCs about places that lack and pairs without a panel."""
