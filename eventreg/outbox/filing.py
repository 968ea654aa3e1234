"""Mails as files: where no mail server is configured each mail becomes DATA_DIR/mail/<its id>.eml."""

import os
from collections.abc import Iterable
from pathlib import Path

from flask import current_app

FOLDER = "mail"


def file_mail(message_id: str, content: bytes) -> Path:
    """Write the mail whole or not at all; writing it again replaces it with the same bytes."""
    path = _path(message_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path


def filed_mail(message_id: str) -> bytes | None:
    """What was filed; None when the file is gone."""
    try:
        return _path(message_id).read_bytes()
    except FileNotFoundError:
        return None


def remove_filed(message_ids: Iterable[str]) -> None:
    """Take the files of these mails away, as far as they were filed."""
    for message_id in message_ids:
        _path(message_id).unlink(missing_ok=True)


def _path(message_id: str) -> Path:
    """The Message-ID is ours (hex digits before the @), so it is a safe file name."""
    local = message_id.removeprefix("<").partition("@")[0]
    if not local.isalnum():
        raise ValueError("not a Message-ID of ours")
    folder: Path = current_app.extensions["eventreg.config"].data_dir / FOLDER
    return folder / f"{local}.eml"
