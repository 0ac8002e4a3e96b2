"""Days, hours and spans: how they are written, and the zone and the years that they are in."""
