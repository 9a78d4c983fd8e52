"""Adapters, one module per library."""
