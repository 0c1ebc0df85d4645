from commons.models import Organisation
from tests.factories.base import ModelFactory


class OrganisationFactory(ModelFactory):
    """The one creditor of the deployment; made twice, it is the same row."""

    class Meta:
        model = Organisation
        django_get_or_create = ["pk"]

    pk = 1
    trade_name = "Academia Exemplo"
    legal_name = "Academia Exemplo Ltda"
    cnpj = "11222333000181"
    city = "São Paulo"
    uf = "SP"
    pix_key = "11222333000181"
