"""A Pix key without a provider's API: codes are made here, payments are found by people in the statement."""
