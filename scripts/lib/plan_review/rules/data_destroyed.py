"""Data stores of all kinds that go."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.lib.plan_review.model import Finding, Risk, Rule
from scripts.lib.plan_review.rules.subject import Subject

RULE = Rule(
    "data-destroyed",
    "A data store is destroyed",
    "What it holds is gone with it, unless there is a copy elsewhere.",
    Risk.HIGH,
)
_LOSSES = {
    "aws_db_instance": "The database is deleted",
    "aws_db_snapshot": "The snapshot is deleted",
    "aws_rds_cluster": "The databases of the cluster are deleted",
    "aws_docdb_cluster": "The databases of the cluster are deleted",
    "aws_neptune_cluster": "The graph of the cluster is deleted",
    "aws_dynamodb_table": "All items of the table are deleted",
    "aws_efs_file_system": "All files of the file system are deleted",
    "aws_fsx_lustre_file_system": "All files of the file system are deleted",
    "aws_fsx_ontap_file_system": "All files of the file system are deleted",
    "aws_fsx_openzfs_file_system": "All files of the file system are deleted",
    "aws_fsx_windows_file_system": "All files of the file system are deleted",
    "aws_ebs_volume": "All that is on the volume is deleted",
    "aws_ebs_snapshot": "The snapshot is deleted",
    "aws_backup_vault": "The recovery points of the vault are deleted",
    "aws_ecr_repository": "All images of the repository are deleted",
    "aws_codecommit_repository": "The repository with all its history is deleted",
    "aws_secretsmanager_secret": "The secret is deleted",
    "aws_opensearch_domain": "All indices of the domain are deleted",
    "aws_elasticsearch_domain": "All indices of the domain are deleted",
    "aws_redshift_cluster": "The database of the cluster is deleted",
    "aws_redshiftserverless_namespace": "The database of the namespace is deleted",
    "aws_elasticache_replication_group": "What is in the cache is deleted",
    "aws_memorydb_cluster": "What is in the cluster is deleted",
    "aws_kinesis_stream": "What nobody has read of the stream yet is deleted",
    "aws_sqs_queue": "What nobody has read of the queue yet is deleted",
    "aws_msk_cluster": "All topics of the cluster are deleted",
    "aws_timestreamwrite_table": "All records of the table are deleted",
    "aws_glue_catalog_database": "The tables' definitions are deleted",
    "aws_cognito_user_pool": "All users of the pool, with their passwords, are deleted",
    "aws_sagemaker_feature_group": "What is in the online store is deleted",
    "aws_sagemaker_model_package_group": "The register of the models is deleted",
    "aws_s3tables_table_bucket": "All tables of the bucket are deleted",
    "google_storage_bucket": "All objects of the bucket are deleted",
    "google_sql_database_instance": "All databases of the instance are deleted",
    "google_bigquery_dataset": "All tables of the dataset are deleted",
    "google_bigquery_table": "All rows of the table are deleted",
    "google_compute_disk": "All that is on the disk is deleted",
    "google_filestore_instance": "All files of the instance are deleted",
    "google_spanner_database": "The database is deleted",
    "google_bigtable_instance": "All tables of the instance are deleted",
    "google_secret_manager_secret": "All versions of the secret are deleted",
    "google_kms_crypto_key": "What is encrypted under the key can never be read again",
    "azurerm_storage_account": "All that is in the storage account is deleted",
    "azurerm_storage_container": "All blobs of the container are deleted",
    "azurerm_mssql_database": "The database is deleted",
    "azurerm_postgresql_flexible_server": "All databases of the server are deleted",
    "azurerm_mysql_flexible_server": "All databases of the server are deleted",
    "azurerm_cosmosdb_account": "All databases of the account are deleted",
    "azurerm_managed_disk": "All that is on the disk is deleted",
    "azurerm_key_vault": "All keys and secrets of the vault are deleted",
    "azurerm_key_vault_key": "What is encrypted under the key can never be read again",
    "azurerm_container_registry": "All images of the registry are deleted",
    "kubernetes_persistent_volume_claim": "All that is on the volume is deleted",
}
_FINAL = ("final_snapshot_identifier", "skip_final_snapshot")
TYPES = frozenset(_LOSSES)


def check(subject: Subject) -> Iterator[Finding]:
    """Find data stores that are destroyed or replaced."""
    if not subject.takes_data:
        return
    copied = isinstance(subject.before(_FINAL[0]), str) and subject.before(_FINAL[1]) is False
    but = ", after a last snapshot is taken" if copied else ""
    yield subject.find(
        RULE,
        f"{_LOSSES[subject.change.type]}{but}.",
        mend=_mend(subject),
        risk=Risk.MEDIUM if copied else Risk.HIGH,
    )


def _mend(subject: Subject) -> str:
    if subject.is_replaced:
        return "Make the new one beside it and copy the data before this one goes."
    return "Make a copy first of what is still needed."
