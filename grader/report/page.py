"""What all HTML pages share: an engine that makes every text visible and escapes it, styles, and writing to a file."""

from __future__ import annotations

import os
import re
import sys
import time
from base64 import b64encode
from contextlib import suppress
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.report.typeset import html
from grader.text import points, visible
from grader.user_folders import cache_folder, own_folder

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Template
    from jinja2.bccache import Bucket

TEMPLATES = Path(__file__).parent / "templates"


def compiled_templates() -> BytecodeCache | None:
    """Templates are compiled once and kept in the user's cache, as Python keeps modules; where that cannot be, they are
    compiled anew. What decides how they are compiled, Python, Jinja and this file, is part of the name."""
    import jinja2

    class TemplateCache(jinja2.FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Bucket) -> None:
            with suppress(OSError):
                super().dump_bytecode(bucket)

    folder = own_folder(cache_folder("templates"))
    if folder is None:
        return None
    versions = f"{sys.implementation.cache_tag} {jinja2.__version__}".encode()
    version = blake2b(Path(__file__).read_bytes() + versions, digest_size=4).hexdigest()
    return TemplateCache(str(folder), f"{version}-%s.cache")


def template(name: str, styles: tuple[str, ...], **names: Any) -> Template:
    """A template with its style sheets and the names that it uses. No line of it can forget to escape."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=compiled_templates(),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    style = "".join((TEMPLATES / sheet).read_text(encoding="utf-8") for sheet in styles)
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)  # it goes into every page: without comments and margins
    shared = {"points": points, "typeset": html, "message": partial(html, ours=False)}
    environment.globals |= {"style": Markup(re.sub(r"\s*\n\s*", "", style)), **shared, **names}
    return environment.get_template(name)


def scripted(*names: str) -> dict[str, Any]:
    """The script of a page, in several files, and its digest, by which the page's policy lets it run and no other."""
    from markupsafe import Markup

    script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    return {"script": Markup(script), "digest": b64encode(sha256(script.encode()).digest()).decode()}


def write_page(page: str, path: Path) -> None:
    """Writes a page. A reader sees the old file or the new one, never half of it."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{os.getpid():x}-{time.monotonic_ns():x}.tmp")
    try:
        scratch.write_text(page, encoding="utf-8", newline="\n")
        os.replace(scratch, path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def file_name(name: str) -> str:
    """A file of that name: what a name should not have becomes "_", and a digest keeps different names different."""
    safe = re.sub(r"[^\w.\- ]", "_", name).strip(". ")[:60]
    if safe and safe == name:
        return safe
    return f"{safe or 'report'}-{blake2b(name.encode(errors='surrogatepass'), digest_size=4).hexdigest()}"
