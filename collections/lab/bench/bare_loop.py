"""The limit of dispatch: the least that may send a message without ever sending it twice.

Twenty rows are claimed in one commit, each is posted with the HTTP client of the product, and the name that
the provider gave it is written in a commit of its own. No member, no gate, no history.
"""

from __future__ import annotations

from time import perf_counter

import httpx
import psycopg

from commons import http

_CREATE = (
    "CREATE TABLE IF NOT EXISTS bench_message (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " body text NOT NULL, state text NOT NULL DEFAULT 'planned', provider_id text)"
)
_CLAIM = (
    "UPDATE bench_message SET state = 'claimed' WHERE id IN (SELECT id FROM bench_message"
    " WHERE state = 'planned' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 20) RETURNING id, body"
)
_ACCEPT = "UPDATE bench_message SET state = 'accepted', provider_id = %s WHERE id = %s"


def run(bodies: list[str], *, database_url: str, url: str, token: str) -> float:
    """Seconds it took to post `bodies` to `url`. Raises httpx.HTTPStatusError when one is not taken."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with psycopg.connect(database_url, autocommit=True) as connection, http.client(headers=headers) as client:
        connection.execute(_CREATE)
        connection.execute("TRUNCATE bench_message")
        connection.execute("INSERT INTO bench_message (body) SELECT unnest(%s::text[])", [bodies])
        began = perf_counter()
        while claimed := connection.execute(_CLAIM).fetchall():
            for key, body in claimed:
                connection.execute(_ACCEPT, [_post(client, url, body), key])
        return perf_counter() - began


def _post(client: httpx.Client, url: str, body: str) -> str:
    answer = client.post(url, content=body)
    answer.raise_for_status()
    return str(answer.json()["messages"][0]["id"])
