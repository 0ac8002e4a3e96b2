"""The definition of a quorate review. The database computes it, so that statements and rules read one column."""

BOTH_SIDES = "police_attended and cps_attended"
OF_A_REVIEW = f"kind = 'joint'::text and {BOTH_SIDES}"  # in PostgreSQL's own form, as migrations compare it
OF_AN_OUTCOME = f"held and {BOTH_SIDES}"
