"""The list of recipients: read whole, or refused with every problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from npl_report.delivery.recipients import Recipient, is_address, read_recipients
from npl_report.model import InputError
from tests.helpers.snapshots import assert_told

LANGUAGES = ("zh", "en")
HEAD = "email,name,language,organisation\n"


def read(tmp_path: Path, content: str | bytes) -> tuple[Recipient, ...]:
    path = tmp_path / "investors.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_recipients(path, "investors.csv", LANGUAGES)


def test_a_list(tmp_path: Path):
    text = HEAD + (
        "wang.fang@example.cn,王芳,zh,某某资产管理公司\n\n"
        'anna@example.org, Anna Schmidt ,en,"Bank, Research"\nbo@example.org,Bo,en,\n'
    )
    assert read(tmp_path, text) == (
        Recipient("wang.fang@example.cn", "王芳", "zh", "某某资产管理公司", 2),
        Recipient("anna@example.org", "Anna Schmidt", "en", "Bank, Research", 4),
        Recipient("bo@example.org", "Bo", "en", "", 5),
    )


def test_organisation_may_be_left_out_and_columns_stand_in_any_order(tmp_path: Path):
    text = b"\xef\xbb\xbf" + "language,email,name\r\nzh,wang@example.cn,王芳\r\n".encode()
    assert read(tmp_path, text) == (Recipient("wang@example.cn", "王芳", "zh", "", 2),)


@pytest.mark.parametrize(
    ("case", "content"),
    [
        ("recipients-empty-file", ""),
        ("recipients-nobody", HEAD),
        (
            "recipients-bad-address",
            HEAD
            + (
                "anna.example.org,Anna,en,\nanna@example,Anna,en,\nwang@例子.cn,王芳,zh,\n"
                "<a@example.org>,A,en,\na@example.org;b@example.org,A,en,\n"
            ),
        ),
        ("recipients-unknown-language", HEAD + "anna@example.org,Anna,fr,\nbo@example.org,Bo,EN,\n"),
        (
            "recipients-duplicate",
            HEAD + "anna@example.org,Anna,en,\nbo@example.org,Bo,en,\nAnna@Example.org,Anna,zh,\n",
        ),
        ("recipients-column-missing", "email,name\nanna@example.org,Anna\n"),
        ("recipients-column-misspelt", "e-mail,name,language\nanna@example.org,Anna,en\n"),
        ("recipients-column-unknown", "email,name,language,phone\nanna@example.org,Anna,en,1\n"),
        ("recipients-column-twice", "email,name,language,name\nanna@example.org,Anna,en,Anna\n"),
        ("recipients-gbk", HEAD.encode() + b"anna@example.org,Anna,en,\n" + "wang@example.cn,王芳,zh,\n".encode("gbk")),
        ("recipients-utf-16", (HEAD + "wang@example.cn,王芳,zh,\n").encode("utf-16")),
        ("recipients-semicolons", "email;name;language\nanna@example.org;Anna;en\n"),
        (
            "recipients-line-break-in-a-cell",
            HEAD + 'anna@example.org,"Anna\nBcc: all@example.org",en,\n"bo@example.org\r\nBcc: c@example.org",Bo,en,\n',
        ),
        ("recipients-invisible-character", HEAD + "anna@example.org,An\u200bna,en,\nbo@example.org\u202e,Bo,en,\n"),
        ("recipients-empty-cells", HEAD + ",Anna,en,\nbo@example.org,,en,\ncy@example.org,Cy,,\n"),
        ("recipients-ragged-row", HEAD + "anna@example.org,Anna,en\nbo@example.org,Bo,en,Bank, Research\n"),
        ("recipients-unclosed-quote", HEAD + 'anna@example.org,Anna,en,\nbo@example.org,"Bo,en,\n'),
        ("recipients-long-name", HEAD + f"anna@example.org,{'A' * 101},en,\n"),
    ],
)
def test_what_is_wrong_is_told_at_once(tmp_path: Path, case: str, content: str | bytes):
    with pytest.raises(InputError) as refused:
        read(tmp_path, content)
    assert_told(case, refused.value.problems)


def test_a_missing_file(tmp_path: Path):
    with pytest.raises(InputError) as refused:
        read_recipients(tmp_path / "investors.csv", "investors.csv", LANGUAGES)
    assert_told("recipients-file-missing", refused.value.problems)


@pytest.mark.parametrize(
    "good",
    [
        "a@example.org",
        "anna.schmidt+npl@mail.example.co.uk",
        "o'neil@example.org",
        "x@xn--fsqu00a.cn",
        "a" * 64 + "@example.org",
    ],
)
def test_addresses(good: str):
    assert is_address(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@b",
        "@example.org",
        "a@",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a b@example.org",
        "a@-x.org",
        "a@x_y.org",
        "a@example.org\n",
        "a@[127.0.0.1]",
        "a" * 65 + "@b.org",
        "王@example.cn",
        "=?utf-8?q?a=2Cb?=@example.org",
    ],
)
def test_no_addresses(bad: str):
    assert not is_address(bad)
