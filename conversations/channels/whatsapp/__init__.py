"""The WhatsApp Cloud API: client, webhook parser, signature, limits and errors. Knows no model of ours."""
