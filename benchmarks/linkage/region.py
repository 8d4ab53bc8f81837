"""An invented region as three suppliers without NHS numbers: what every linker of the comparison is given."""

from __future__ import annotations

from pathlib import Path

SECTORS = {"bnssg_icb": "health", "avon_somerset_police": "police"}
NOBODY = "select null::varchar, null::varchar where false"


def tokens_of(region: Path) -> str:
    """SQL for the link tokens of a region made by `outcome-linkage generate --identities-only`.

    The three councils count as one supplier, `local_authority`; NHS numbers are taken out.
    """
    files = sorted(region.glob("deliveries/*/*/link_tokens.parquet"))
    return " union all by name ".join(
        f"select '{SECTORS.get(file.parent.parent.name, 'local_authority')}' as _supplier, "
        f"* replace (null::bigint as sid_nhs) from read_parquet('{file}')"
        for file in files
    )
