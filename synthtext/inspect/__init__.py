"""Looking into datasets: what is in them, and whether it is right."""
