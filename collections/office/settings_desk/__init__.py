"""`/admin/configuracoes/`: the organisation's own settings, each with what is live, since when and by whom."""
