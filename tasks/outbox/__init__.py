"""Turn notifications into messages, hand them to carriers, and record what became of each."""
