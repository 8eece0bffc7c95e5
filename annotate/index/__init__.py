"""Vectors of pictures in Milvus: a cache that can be made again from the store at any time."""
