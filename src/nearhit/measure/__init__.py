"""Measurement, the only place with a clock: project, build, query and tracking of one cell.

`runner` measures many cells, each in the worker process of its library (`worker`), and has their
buckets and tracks judged against the truth, which workers never see (`judge`).
"""
