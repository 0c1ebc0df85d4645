"""Why a member got a message, why not another, and whether one may be written now."""
