"""What a member's message says, read offline: words, dates, amounts, answers, signals, intent.

Nothing here touches the database, the network or the clock. Members write in the Portuguese of WhatsApp
(abbreviated, unaccented, misspelt), some in Spanish or English; every reader works on the forms that
`normalise` produces. `reading.read` puts all readers together for one message or one burst of messages.
"""
