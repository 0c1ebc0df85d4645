"""The built-in model: language understanding trained at build, a dialogue policy, fixed sentences.

It speaks the same interface as any chat model, so that everything around it (tools, fences, checks, traces) is
the same. It is the default without a key and the last fallback with one. It hands over rather than guesses.
"""
