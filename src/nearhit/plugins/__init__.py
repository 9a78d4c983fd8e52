"""Contracts of plug-ins, the registry that finds them, and the mini-language that names them.

One module a contract: adapter, tracker, metric, bucket_selection. `registry` returns them by name,
from the entry points of all installed packages; `spec` parses, checks and prints `annoy(ntrees=5)`.
"""
