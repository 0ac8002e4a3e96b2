"""Settings of carriers: sign-in by tokens, and the channels that forces and Areas share."""
