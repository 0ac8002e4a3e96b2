"""A made-up force of stalking cases, and the people who answer what they are told."""
