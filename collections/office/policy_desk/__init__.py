"""`/admin/politicas/`: negotiation and late charges as versions, each seen on real cases before it is approved."""
