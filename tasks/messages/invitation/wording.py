"""Words that invitations to one sitting and to a series share."""

OTHERWISE = "the sitting is not as it was: what it is now is said next"
