"""How messages leave: the wires, what is claimed and settled, and what happens when a wire is down."""
