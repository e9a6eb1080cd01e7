"""Downloads what was written on this computer to the user's browser, if they use one on another computer."""

from asyncio import to_thread
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from textual.app import App


async def download(app: App[Any], *paths: Path) -> str:
    """Have a browser download files and folders: a single file as it is, more in an archive; do nothing in a terminal.

    Args:
        app: The program.
        paths: What was written.

    Returns:
        Where it is now, as the end of a sentence: "saved as x in the current folder".
    """
    if not app.is_web or not paths:
        return "in the current folder"
    first = paths[0]
    if len(paths) == 1 and first.is_file():
        content, name = await to_thread(first.read_bytes), first.name
    else:
        content, name = await to_thread(_archive, paths), f"{first.stem}.zip"
    app.deliver_binary(BytesIO(content), save_filename=name)
    return "and downloaded" if name == first.name else f"and downloaded as {name}"


def _archive(paths: tuple[Path, ...]) -> bytes:
    """Return files, and folders with their files, as a zip file."""
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for path in paths:
            for file in sorted(path.iterdir()) if path.is_dir() else [path]:
                archive.write(file, file.relative_to(path.parent))
    return into.getvalue()
