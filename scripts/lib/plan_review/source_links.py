"""Links to source files in a repository, at the commit that a plan was made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, urlsplit

from scripts.lib.errors import InputError, one_line
from scripts.lib.plan_review.model import Links, Source
from scripts.lib.plan_review.sources import is_within

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
"""Those that may be reached without TLS."""

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|::1")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[\w.~-]+", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
_LEAST_SEGMENTS = 2


def links(repository_url: str, commit: str, *, prefix: str = "") -> Links:
    """Return how to link to files of a repository on GitHub or GitLab, of whatever host.

    Args:
        repository_url: as ``https://github.com/owner/name``. It is taken for GitLab's if the
            host has ``gitlab`` in its name, or if it ends with ``/-``.
        commit: its hash, or the first 7 digits of it at least.
        prefix: the project's folder within the repository.

    Raises:
        InputError: one of them cannot be used; says which.
    """
    url = _checked_url(repository_url)
    path = url.path.strip("/")
    is_gitlab = "gitlab" in (url.hostname or "") or path.endswith("/-")
    path = path.removesuffix("/-").removesuffix(".git")
    segments = path.split("/")
    if len(segments) < _LEAST_SEGMENTS or not all(map(_SEGMENT.fullmatch, segments)):
        raise _refused(repository_url, "must name a repository, as https://HOST/OWNER/NAME")
    base = f"{url.scheme}://{url.netloc.lower()}/{path}{'/-' if is_gitlab else ''}/blob"
    return Links(blob=f"{base}/{_checked_commit(commit)}/{_checked_prefix(prefix)}")


def links_of_job(environment: Mapping[str, str], *, prefix: str = "") -> Links:
    """Return the links of a GitHub Actions or GitLab CI job, by the variables that it has.

    For a pull request, GitHub's commit is that of the merge, which is checked out by default.
    See https://docs.github.com/en/actions/reference/workflows-and-actions/variables and
    https://docs.gitlab.com/ci/variables/predefined_variables.

    Raises:
        InputError: there is no such job, or its variables cannot be used.
    """
    get = environment.get
    if (repository := get("GITHUB_REPOSITORY")) and (commit := get("GITHUB_SHA")):
        server = (get("GITHUB_SERVER_URL") or "https://github.com").rstrip("/")
        return links(f"{server}/{repository}", commit, prefix=prefix)
    if (project := get("CI_PROJECT_URL")) and (commit := get("CI_COMMIT_SHA")):
        return links(f"{project.rstrip('/')}/-", commit, prefix=prefix)
    raise InputError(
        "no repository and commit: GITHUB_REPOSITORY and GITHUB_SHA, or CI_PROJECT_URL and "
        "CI_COMMIT_SHA, must be set"
    )


def link_to(known: Links, source: Source) -> str:
    """Return the URL of a line, fit for any place that takes one; "" if it is not known."""
    if not known.blob or not is_within(source.path):
        return ""
    return f"{known.blob}{quote(source.path, safe='/')}#L{source.line}"


def _checked_url(text: str) -> SplitResult:
    form = "must be https://HOST/OWNER/NAME"
    try:
        url = urlsplit(text)
        _ = url.port  # raises if it is no number
    except ValueError as error:
        raise _refused(text, form) from error
    host = url.hostname or ""
    if "@" in url.netloc:  # it may be a password: it is not shown
        raise InputError(f"repository URL: holds a user or a password; {form}")
    if not text.isprintable() or not _HOST.fullmatch(host) or url.query or url.fragment:
        raise _refused(text, form)
    if url.scheme != "https" and not (url.scheme == "http" and host in LOCAL_HOSTS):
        raise _refused(text, f"{form}; http is for this machine alone")
    return url


def _checked_commit(text: str) -> str:
    if not _COMMIT.fullmatch(text.lower()):
        raise InputError(one_line(f"commit: got {text!r}; must be 7 to 64 hexadecimal digits"))
    return text.lower()


def _checked_prefix(text: str) -> str:
    folder = text.removesuffix("/")
    if folder in {"", "."} and not text.startswith("/"):
        return ""
    if not is_within(folder):
        raise InputError(
            one_line(f"project folder: got {text!r}; must be within the repository, as infra/aws")
        )
    return quote(folder, safe="/") + "/"


def _refused(url: str, reason: str) -> InputError:
    return InputError(one_line(f"repository URL: got {url!r}; {reason}"))
