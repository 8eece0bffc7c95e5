"""Long work (reading, embedding, runs) in processes of its own, never in the web server's."""
