"""Formats of labels: one codec a file, each reads and writes. Containers live in `synthtext.writers`."""
