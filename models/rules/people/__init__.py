"""The addressees of a step, and the people who replace someone who left or is away."""
