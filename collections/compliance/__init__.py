"""Whether a contact may leave now: country rule packs, the gate, its decisions, the contact ledger."""
