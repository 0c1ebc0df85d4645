"""Folding of text for search and comparison."""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: what searches and sorts compare."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain).strip().lower()


def digits(text: str) -> str:
    """Only the decimal digits of `text`."""
    return "".join(c for c in text if c.isdecimal())


def written_cnpj(cnpj: str) -> str:
    """`46.827.193/0001-50`; as it is stored where it does not have fourteen characters."""
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}" if len(cnpj) == 14 else cnpj


def mask_document(document: str) -> str:
    """`***.638.011-**`, the mask used on Brazilian public notices; empty for none."""
    if len(document) == 11:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    if len(document) == 14:
        return f"**.{document[2:5]}.{document[5:8]}/****-**"
    return "•••" if document else ""


def mask_phone(phone: str) -> str:
    """`+55 11 •••••-0001`: country, area code and the last four digits."""
    return f"{phone[:3]} {phone[3:5]} •••••-{phone[-4:]}" if len(phone) > 8 else "•••"


def mask_email(address: str) -> str:
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else "•••"
