"""Containers: where finished samples are written. Formats of labels live in `synthtext.labels`."""
