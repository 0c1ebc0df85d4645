"""The signature around what a location serves: a compact JWS, ES256, with its key published beside it."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from simulators.store import Store

KEY_ID = "pix-simulator"
_KIND = "pix.signing"
_COORDINATE_BYTES = 32


class Signer:
    """Signs with one key, kept in the store."""

    def __init__(self, store: Store) -> None:
        """Load the key, or make one at the first start."""
        doc = store.get(_KIND, KEY_ID)
        if doc is None:
            key = ec.generate_private_key(ec.SECP256R1())
            pem = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ).decode()
            store.put(_KIND, KEY_ID, {"pem": pem})
        else:
            pem = doc["pem"]
        loaded = serialization.load_pem_private_key(pem.encode(), password=None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # written by ourselves
        self._key = loaded

    def sign(self, payload: dict[str, Any], *, keys_url: str) -> str:
        """Return the compact form of the signed payload."""
        header = {"alg": "ES256", "typ": "JWS", "kid": KEY_ID, "jku": keys_url}
        signed = f"{_encode_json(header)}.{_encode_json(payload)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(_COORDINATE_BYTES, "big") + s.to_bytes(_COORDINATE_BYTES, "big")
        return f"{signed}.{_encode(signature)}"

    def public_keys(self) -> dict[str, Any]:
        """Return the key set (JWKS) with the public half."""
        numbers = self._key.public_key().public_numbers()
        x, y = (_encode(value.to_bytes(_COORDINATE_BYTES, "big")) for value in (numbers.x, numbers.y))
        return {
            "keys": [
                {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": KEY_ID, "x": x, "y": y}
            ]
        }


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _encode_json(doc: dict[str, Any]) -> str:
    return _encode(json.dumps(doc, ensure_ascii=False, separators=(",", ":")).encode())
