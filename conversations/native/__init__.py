"""Routes outside Django's request cycle: what must be quick (webhooks) or stays open (the live stream)."""
