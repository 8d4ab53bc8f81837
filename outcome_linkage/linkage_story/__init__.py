"""Why a record was linked, or was not: one link told from registry and tokens, as text and as a page."""
