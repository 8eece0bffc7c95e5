"""Which pictures are worth a person's time: scores, and picking by them."""
