"""The contracts: what each delivered table must look like, and the catalogue of tables and suppliers.

Nothing here reads a delivery. A contract is handed to the functions of `outcome_linkage` that do.
"""

from schemas.polars_only import import_pandera

import_pandera()
