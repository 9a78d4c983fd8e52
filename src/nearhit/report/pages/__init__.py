"""A site of HTML pages, made from records alone, that works offline."""

from .write import write_pages

__all__ = ["write_pages"]
