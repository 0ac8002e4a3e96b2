"""What makes a joint review count. The database works it out, so that statements and rules read one column."""

BOTH_SIDES = "police_attended and cps_attended"
OF_A_REVIEW = f"kind = 'joint'::text and {BOTH_SIDES}"  # as PostgreSQL writes it down, so that migrations compare
OF_AN_OUTCOME = f"held and {BOTH_SIDES}"
