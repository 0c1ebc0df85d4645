from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from commons.models import Organisation
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_organisation_of_the_deployment_is_one_row():
    made = OrganisationFactory()

    assert (Organisation.current(), Organisation.current().zone.key) == (made, "America/Sao_Paulo")
    with pytest.raises(IntegrityError, match="commons_one_organisation"), transaction.atomic():
        OrganisationFactory(pk=2)


def test_before_the_set_up_there_is_none():
    with pytest.raises(Organisation.DoesNotExist):
        Organisation.current()


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("fine_percent", "2.01", "commons_fine_within_law"),
        ("fine_percent", "-0.01", "commons_fine_within_law"),
        ("interest_percent_month", "1.01", "commons_interest_within_law"),
        ("interest_percent_month", "-0.01", "commons_interest_within_law"),
    ],
)
def test_late_charges_beyond_the_law_reach_no_row(column: str, value: str, constraint: str):
    OrganisationFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Organisation.objects.update(**{column: Decimal(value)})
