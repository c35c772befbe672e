"""The errors of Service Catalog."""

import pytest

from scripts.sandbox.backends.servicecatalog.errors import ServiceCatalogError, ValidationError
from scripts.sandbox.backends.servicecatalog.shapes import model

# ValidationException is common to AWS's services, hence not in this one's model.
OWN = [each for each in ServiceCatalogError.__subclasses__() if each is not ValidationError]


@pytest.mark.parametrize("error", OWN)
def test_a_code_is_one_of_the_services_model(error: type[ServiceCatalogError]) -> None:
    assert error.code in {shape.name for shape in model.error_shapes}
    assert error("why").message == "why"
