"""`/admin/primeiros-passos/`: from an empty house to a régua that was rehearsed, read from what is really there."""
