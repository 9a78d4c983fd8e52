"""Hook of mkdocs: resolve links that leave docs/, to code, results and their plots."""

import os
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_LINK = re.compile(r"(!?)\[([^]]*)\]\((\.\./[^)#]*)(#[^)]*)?\)")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point links that leave docs/ at the repository, and copy linked images into the pages.

    Without `NEARHIT_REPOSITORY`, the address of the repository, they point at this working tree.

    Raises:
        PluginError: the target of a link does not exist.
    """
    root = Path(config.docs_dir).parent

    def resolved(match: re.Match[str]) -> str:
        picture, text, link, anchor = match.groups()
        target = Path(os.path.normpath((Path(config.docs_dir) / page.file.src_uri).parent / link))
        if not target.exists():
            raise PluginError(f"{page.file.src_uri} links to {link}, which does not exist.")
        place = target.relative_to(root)
        if picture:
            return f"![{text}]({_copied(place, root, config, files)})"
        return f"[{text}]({_address(place, root, config)}{anchor or ''})"

    return _LINK.sub(resolved, markdown)


def _copied(place: Path, root: Path, config: MkDocsConfig, files: Files) -> str:
    uri = place.as_posix()
    if uri not in files.src_uris:
        files.append(File.generated(config, uri, abs_src_path=str(root / place)))
    return uri


def _address(place: Path, root: Path, config: MkDocsConfig) -> str:
    if config.repo_url:
        kind = "tree" if (root / place).is_dir() else "blob"
        return f"{config.repo_url.rstrip('/')}/{kind}/HEAD/{place.as_posix()}"
    return (root / place).as_uri() + os.sep * (root / place).is_dir()
