"""What the two command lines, `synthtext` and `annotate`, share: their frame, and options of datasets."""
