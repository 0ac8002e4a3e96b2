"""A made-up force with stalking cases, and simulated people who answer their notifications."""
