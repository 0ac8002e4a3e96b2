"""Whom a step is addressed to, and who takes the place of someone who left or is away."""
