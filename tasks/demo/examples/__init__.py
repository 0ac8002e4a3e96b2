"""Cases of the demo that show one matter each which is easily missed."""
