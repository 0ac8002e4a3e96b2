"""The Teams carrier: a card for each step of a case, in the channel of its force or Area."""
