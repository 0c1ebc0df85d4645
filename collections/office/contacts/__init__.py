"""The book of consents and opt-outs, numbers in quarantine, contacts to put right, what members prefer."""
