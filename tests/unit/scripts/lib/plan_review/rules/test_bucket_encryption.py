from __future__ import annotations

from scripts.lib.plan_review.rules import bucket_encryption
from tests.unit.scripts.lib.plan_review.rules.subjects import found, risks, subject

KIND = "aws_s3_bucket_server_side_encryption_configuration"
ENDING = frozenset({("aws_s3_bucket", "data")})


def under(algorithm: object, key: object = None) -> dict[str, object]:
    default = {"sse_algorithm": algorithm, "kms_master_key_id": key}
    return {"bucket": "data", "rule": [{"apply_server_side_encryption_by_default": [default]}]}


KMS = under("aws:kms", "arn:aws:kms:eu-west-1:123456789012:key/1")


def test_no_kms_key_any_more() -> None:
    assert risks(bucket_encryption, subject(KIND, KMS, under("AES256"))) == ["medium"]


def test_the_key_of_aws_instead_of_ones_own() -> None:
    (finding,) = found(bucket_encryption, subject(KIND, KMS, under("aws:kms")))
    assert "aws/s3" in finding.message


def test_it_goes_while_the_bucket_stays() -> None:
    assert risks(bucket_encryption, subject(KIND, KMS)) == ["medium"]
    assert not found(bucket_encryption, subject(KIND, KMS, ending=ENDING))


def test_the_old_block_of_a_bucket() -> None:
    old, new = ({"server_side_encryption_configuration": [each]} for each in (KMS, under("AES256")))
    assert risks(bucket_encryption, subject("aws_s3_bucket", old, new)) == ["medium"]
    assert not found(bucket_encryption, subject("aws_s3_bucket", old))


def test_not_another_key_nor_one_known_later() -> None:
    assert not found(bucket_encryption, subject(KIND, KMS, under("aws:kms:dsse", "other")))
    assert not found(bucket_encryption, subject(KIND, under("AES256"), KMS))
    assert not found(bucket_encryption, subject(KIND, under({"aws:kms": 1}), under("AES256")))
    mark = {"rule": [{"apply_server_side_encryption_by_default": [{"kms_master_key_id": True}]}]}
    assert not found(bucket_encryption, subject(KIND, KMS, under("aws:kms"), after_unknown=mark))
