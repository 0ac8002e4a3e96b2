"""Work out obligations, climb their ladders, and record what people do about them."""
