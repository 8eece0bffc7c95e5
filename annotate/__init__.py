"""Find the hard real pictures in a pool, pre-label them, correct them, and hand datasets to trainers."""
