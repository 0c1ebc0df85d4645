"""Writing about cases, one module per family of verbs. All run under the member's lock."""
