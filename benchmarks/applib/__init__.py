"""What the benchmarks of the labelling app share."""
