"""Pages: pictures with many lines of text, laid out as a person would."""
