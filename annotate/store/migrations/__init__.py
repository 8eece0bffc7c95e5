"""The steps that bring a database of any age to the present schema; `tools/new_migration.py` writes the next one."""
