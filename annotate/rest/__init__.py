"""The typed REST routes."""
