"""A force's book of stalking cases that never were, and the people who answer what they are told."""
