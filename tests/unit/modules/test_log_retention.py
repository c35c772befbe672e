from __future__ import annotations

import re

from botocore.session import get_session

from modules.log_retention import LOG_RETENTION_DAYS


def test_the_periods_are_those_that_cloudwatch_documents() -> None:
    documentation = get_session().get_service_model("logs").shape_for("Days").documentation
    (sentence,) = re.findall(r"Possible values are: (.*?)\.</p>", documentation)
    assert tuple(map(int, re.findall(r"\d+", sentence))) == LOG_RETENTION_DAYS
