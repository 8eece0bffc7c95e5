"""Every use case, one function each; the pages, the REST routes and the command line call nothing else."""
