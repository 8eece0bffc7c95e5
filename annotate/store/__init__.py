"""All SQL lives here: the schema, and functions that take and return records."""
