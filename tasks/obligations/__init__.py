"""Projection of obligations, climbing of their ladders, and records of what people do about them."""
