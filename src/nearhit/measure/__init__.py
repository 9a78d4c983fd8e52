"""Measurement, the only place with a clock: project, build, query and tracking of one cell.

`runner` measures many cells, those that one table ranks in `rounds`, each in the worker process of
its library (`worker`, kept alive by `workers`), and has their buckets and tracks judged against the
truth, which workers never see (`judge`).
"""
