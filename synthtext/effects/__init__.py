"""Effects on finished pictures: each is one pure function and one spec; `table` lists them in physical order."""
