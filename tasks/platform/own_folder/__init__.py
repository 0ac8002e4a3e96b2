"""A force's own folder: its settings, policy, panels and units, beside the checkout."""
