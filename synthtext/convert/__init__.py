"""From one format to others: pictures mended, split, written beside each other, checked, and swapped in."""
