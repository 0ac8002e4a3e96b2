"""Messages to SPOCs about missing places and about pairs without a panel."""
