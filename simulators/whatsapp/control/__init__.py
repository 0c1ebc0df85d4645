"""/control/whatsapp: what tests, scenarios and the demo do to the network and its people."""
