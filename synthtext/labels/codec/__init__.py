"""Codecs: one format of labels a file, read into and written from `Picture`s. Names are in `table`."""
