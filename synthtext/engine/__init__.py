"""Runs: which shard holds which samples, who makes them, and what is recorded about it."""
