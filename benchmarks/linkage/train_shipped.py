"""Train the model that comes with the software, on an invented region.

    .venv/bin/outcome-linkage generate --people 720000 --seed 11 --out REGION --identities-only
    .venv/bin/python -m benchmarks.linkage.train_shipped REGION

To be repeated whenever the comparisons change. Its error rates are those that the generator assumes.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.linkage.region import NOBODY, tokens_of
from outcome_linkage.linkage import model
from outcome_linkage.linkage.identities import load, open_linkage

SHIPPED = Path(model.__file__).parent / "models" / "invented_region.json"


def main() -> None:
    """Write the model beside the code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("region", type=Path)
    region = parser.parse_args().region
    with tempfile.TemporaryDirectory() as spill:
        connection = open_linkage(Path(spill))
        load(connection, tokens_of(region), NOBODY)
        trained = model.train(connection)
    shipped = replace(trained, origin=f"{trained.origin} of an invented region")
    SHIPPED.write_text(shipped.to_json() + "\n")
    print(f"{SHIPPED.name}: {shipped.version}, {shipped.origin}")


if __name__ == "__main__":
    main()
