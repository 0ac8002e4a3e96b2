"""What the words of a reply ask for."""
