"""How ink looks: fills, depth, outlines, signs and faults of print; one function and one spec a style."""
