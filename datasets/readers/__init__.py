"""Readers of events, one module per file format."""
