"""The bucket in which Service Catalog holds its copies of templates, in an account of its own.

CloudFormation reads a copy with the launch role's rights. That is why AWS asks of a launch role to
allow s3:GetObject on objects tagged servicecatalog:provisioning=true:
https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html
"""

import hashlib

from moto.s3.models import s3_backends

OWNER = "400000000002"
TAGS = {"servicecatalog:provisioning": "true"}


def publish(partition: str, region: str, body: str) -> str:
    """Put a copy there, once for each text; its address for CloudFormation."""
    bucket = f"sc-templates-{region}"
    content = body.encode()
    key = f"{hashlib.sha256(content).hexdigest()[:32]}.template"
    backend = s3_backends[OWNER][partition]
    if bucket not in backend.buckets:
        backend.create_bucket(bucket, region)
    if backend.get_object(bucket, key) is None:
        made = backend.put_object(bucket, key, content)
        backend.put_object_tagging(made, TAGS)
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"
