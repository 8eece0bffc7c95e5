"""Parts of the peer comparison in `peers.py`: inputs, environments, commands, measuring, the table."""
