"""Bringing files into the workspace: pictures, archives, PDF pages, videos; each ends as an outcome."""
