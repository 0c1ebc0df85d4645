"""The desk of message templates: how each reads, what WhatsApp says of it, what came of it, and its versions."""
