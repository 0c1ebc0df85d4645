"""What the agent may do: thin, typed wrappers over the services that people use, each marked read or write."""
