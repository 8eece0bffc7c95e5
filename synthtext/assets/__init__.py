"""What can be drawn from: charsets, fonts, backgrounds, texts. Opened once a worker, read-only."""
