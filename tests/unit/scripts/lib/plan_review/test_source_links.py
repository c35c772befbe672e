from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.lib.errors import InputError
from scripts.lib.plan_review.model import Links, Source
from scripts.lib.plan_review.source_links import link_to, links, links_of_job

SHA = "0123456789abcdef0123456789abcdef01234567"
GITHUB = f"https://github.com/owner/name/blob/{SHA}/"


@pytest.mark.parametrize(
    ("url", "blob"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name/blob/"),
        ("https://github.com/owner/name/", "https://github.com/owner/name/blob/"),
        ("https://github.com/owner/name.git", "https://github.com/owner/name/blob/"),
        ("HTTPS://GitHub.com/Owner/Name", "https://github.com/Owner/Name/blob/"),
        ("https://git.example.com:8443/o/n", "https://git.example.com:8443/o/n/blob/"),
        ("https://gitlab.com/group/name", "https://gitlab.com/group/name/-/blob/"),
        ("https://gitlab.com/group/sub/name.git", "https://gitlab.com/group/sub/name/-/blob/"),
        ("https://gitlab.com/group/name/-", "https://gitlab.com/group/name/-/blob/"),
        ("https://gitlab.example.com/g/n", "https://gitlab.example.com/g/n/-/blob/"),
        ("https://code.example.com/g/n/-", "https://code.example.com/g/n/-/blob/"),
        ("https://code.example.com/g/n.git/-/", "https://code.example.com/g/n/-/blob/"),
        ("http://localhost:3000/o/n", "http://localhost:3000/o/n/blob/"),
        ("http://127.0.0.1:3000/o/n", "http://127.0.0.1:3000/o/n/blob/"),
        ("http://[::1]:3000/o/n", "http://[::1]:3000/o/n/blob/"),
    ],
)
def test_a_file_is_linked_as_its_host_does_it(url: str, blob: str) -> None:
    assert links(url, SHA) == Links(blob=f"{blob}{SHA}/")


@pytest.mark.parametrize(
    "url",
    ["", "github.com/owner/name", "//github.com/owner/name", "http://github.com/owner/name",
     "http://localhost.example.com/o/n", "ftp://localhost/o/n", "javascript:alert(1)",
     "git@github.com:owner/name.git", "file:///owner/name", "https:///owner/name",
     "https://github.com", "https://github.com/owner", "https://github.com//name",
     "https://github.com/owner/..", "https://github.com/../name", "https://github.com/o/./n",
     "https://github.com/owner/.git", "https://github.com/owner/-",
     "https://github.com/owner/na me", "https://github.com/owner/na%2fme",
     "https://github.com/owner/name)[x](y", "https://github.com/owner/name?x=1",
     "https://github.com/owner/name#x", "https://github.com/owner/name\n", "https://git\thub.com/o/n",
     "https://github.com\\evil.example/o/n", "https://gith\u00fcb.com/o/n",
     "https://github.com:port/o/n", "https://github.com:99999/o/n", "https://[::1/o/n",
     "https://-/owner/name", "https://github.com/owner/n\u0430me"],
)  # fmt: skip
def test_fails_on_what_is_no_repository(url: str) -> None:
    with pytest.raises(InputError, match=r"^repository URL: got .*; must (be|name)") as raised:
        links(url, SHA)
    assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize("user", ["user:hunter2@", "hunter2@", "@", "x:hunter2@evil.example\\@"])
def test_fails_on_credentials_and_does_not_show_them(user: str) -> None:
    with pytest.raises(InputError, match="holds a user or a password") as raised:
        links(f"https://{user}github.com/owner/name", SHA)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("commit", [SHA, SHA[:7], SHA.upper(), "a" * 64])
def test_a_commit_is_a_hash(commit: str) -> None:
    url = "https://github.com/owner/name"
    assert links(url, commit).blob == f"{url}/blob/{commit.lower()}/"


@pytest.mark.parametrize(
    "commit", ["", "main", SHA[:6], "a" * 65, f"{SHA}\n", f"{SHA}/..", "../main", "\u0661" * 40]
)
def test_fails_on_what_is_no_commit(commit: str) -> None:
    with pytest.raises(InputError, match=r"^commit: got .*; must be 7 to 64 hexadecimal digits$"):
        links("https://github.com/owner/name", commit)


@pytest.mark.parametrize(
    ("prefix", "added"),
    [("", ""), (".", ""), ("./", ""), ("infra", "infra/"), ("infra/aws/", "infra/aws/"),
     ("a b/#1", "a%20b/%231/")],
)  # fmt: skip
def test_a_project_may_be_in_a_folder_of_the_repository(prefix: str, added: str) -> None:
    assert links("https://github.com/owner/name", SHA, prefix=prefix).blob == GITHUB + added


@pytest.mark.parametrize("prefix", ["/", "/infra", "..", "../x", "a/../..", "a//b", "a\\b", "a\nb"])
def test_fails_on_a_folder_elsewhere(prefix: str) -> None:
    with pytest.raises(InputError, match=r"^project folder: got .*; must be within the repository"):
        links("https://github.com/owner/name", SHA, prefix=prefix)


def test_a_job_of_github_knows_its_repository() -> None:
    job = {"GITHUB_REPOSITORY": "owner/name", "GITHUB_SHA": SHA}
    assert links_of_job(job).blob == GITHUB
    assert links_of_job({**job, "GITHUB_SERVER_URL": ""}, prefix="infra").blob == f"{GITHUB}infra/"
    own = links_of_job({**job, "GITHUB_SERVER_URL": "https://git.example.com/"})
    assert own.blob == f"https://git.example.com/owner/name/blob/{SHA}/"


def test_a_job_of_gitlab_knows_its_repository_whatever_the_host_is_called() -> None:
    for host in ("gitlab.com", "code.example.com"):
        job = {"CI_PROJECT_URL": f"https://{host}/group/sub/name", "CI_COMMIT_SHA": SHA}
        blob = f"https://{host}/group/sub/name/-/blob/{SHA}/"
        assert links_of_job(job).blob == blob
        assert links_of_job(job, prefix="infra").blob == f"{blob}infra/"


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"GITHUB_REPOSITORY": "owner/name"},
        {"GITHUB_SHA": SHA, "CI_PROJECT_URL": "https://gitlab.com/group/name"},
        {"CI_COMMIT_SHA": SHA, "CI_PROJECT_URL": ""},
    ],
)
def test_fails_where_there_is_no_job(environment: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"^no repository and commit: GITHUB_REPOSITORY and"):
        links_of_job(environment)


def test_what_a_jobs_variables_hold_is_checked_as_well() -> None:
    for job in (
        {"GITHUB_REPOSITORY": "../..", "GITHUB_SHA": SHA},
        {"GITHUB_REPOSITORY": "owner/name", "GITHUB_SHA": "main"},
        {"GITHUB_REPOSITORY": "o/n", "GITHUB_SHA": SHA, "GITHUB_SERVER_URL": "http://evil.example"},
        {"CI_PROJECT_URL": "javascript:alert(1)", "CI_COMMIT_SHA": SHA},
    ):
        with pytest.raises(InputError):
            links_of_job(job)


def test_a_line_is_linked() -> None:
    found = link_to(Links(blob=GITHUB), Source("modules/encryption.py", 47))
    assert found == f"{GITHUB}modules/encryption.py#L47"


def test_without_a_repository_there_is_no_link() -> None:
    assert link_to(Links(), Source("main.py", 1)) == ""
    assert link_to(Links(details="https://example.com"), Source("main.py", 1)) == ""


@pytest.mark.parametrize("path", ["/etc/passwd", "../main.py", "a/../../b", "a\\b", "a\nb", ""])
def test_what_leads_out_of_the_repository_is_not_linked(path: str) -> None:
    assert link_to(Links(blob=GITHUB), Source(path, 1)) == ""


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab/.:\\ ()[]<>#?%&\"'`|\n\u00e4\u202e"), max_size=12))
def test_a_link_stays_in_the_repository_and_breaks_out_of_nothing(path: str) -> None:
    link = link_to(Links(blob=GITHUB), Source(path, 3))
    if link:
        assert link.startswith(GITHUB)
        assert not set(link) & set(" ()[]<>\"'`|\\\n?&")
        parsed = urlsplit(link)
        assert parsed.fragment == "L3"
        assert parsed.query == ""
        assert ".." not in parsed.path.split("/")
