"""Rules of the pattern list: which harassment cases ask whether they are stalking, and why."""
