"""OCR engines behind one protocol, and the scheduler that runs them over a pool."""
