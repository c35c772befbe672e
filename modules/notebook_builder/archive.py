"""The function's zip, the same bytes on every machine."""

from __future__ import annotations

import atexit
import base64
import functools
import hashlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "notebook_builder"
RUNTIME_MODULES = (
    "__init__",
    "answer",
    "aws",
    "decisions",
    "handler",
    "launcher",
    "request",
    "situation",
)
ENTRY_POINT = f"{PACKAGE}.handler.handler"
FILE_NAME = "notebook_builder.zip"

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""
READABLE = 0o100644 << 16
UNIX = 3


def archive() -> bytes:
    """Return the zip of the Lambda's own code.

    Fixed dates, permissions and order; stored and not deflated, since zlib's output differs
    between its versions.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as zipped:
        for module in sorted(RUNTIME_MODULES):
            source = Path(__file__).with_name(f"{module}.py").read_bytes()
            info = zipfile.ZipInfo(f"{PACKAGE}/{module}.py", date_time=EPOCH)
            info.create_system = UNIX
            info.external_attr = READABLE
            zipped.writestr(info, source.replace(b"\r\n", b"\n"))
    return buffer.getvalue()


def source_code_hash() -> str:
    """Return the hash that Lambda and Terraform compare: base64 of the zip's SHA-256."""
    return base64.b64encode(hashlib.sha256(archive()).digest()).decode()


@functools.cache
def archive_file() -> str:
    """Write the zip where cdktf can copy it from, and return its path.

    The folder is temporary, shared by all functions of one synthesis and removed at its end;
    its name reaches nothing that is synthesised.
    """
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / FILE_NAME
    path.write_bytes(archive())
    return str(path)
