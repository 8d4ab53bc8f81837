"""Landing: what suppliers sent, as it came. One asset per table, partitioned by supplier and period.

`receive` puts a delivery here after the privacy gate; these assets look at it again before anything
downstream may, and record its hashes and counts.
"""

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.partitions import DELIVERIES, in_partition
from assets.resources import Warehouse
from outcome_linkage.agreements.destruction import lost_of, read_record
from outcome_linkage.delivery.manifest import DeliveryId, Manifest, deliveries_below
from outcome_linkage.delivery.receiving.receive import land
from outcome_linkage.delivery.validating.verdict import pending
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from schemas.contract import Contract

OWNERS = {
    "linkage": ["team:linkers"],
    "any": ["team:all-suppliers-data"],
    "local_authority": ["team:local-authority-data"],
    "police": ["team:police-data"],
    "health": ["team:health-data"],
}


def deliveries_of(partition: str, table: str, home: Home) -> list[DeliveryId]:
    """The deliveries of a partition that hold `table` and are not judged yet; all of them if none is left.

    None of which rows were destroyed: what was judged then is no longer there to be judged again.
    """
    lost = lost_of(read_record(home))
    holding = [
        delivery
        for delivery in in_partition(partition, deliveries_below(home.stage("landing")))
        if table in Manifest.read(home.folder("landing", delivery)).tables
        and (str(delivery), table) not in lost
    ]
    waiting = set(pending(home))
    return [delivery for delivery in holding if delivery in waiting] or holding


def build_landing(contract: Contract) -> dg.AssetsDefinition:
    """The landing asset of one delivered table."""

    @dg.asset(
        key=["landing", contract.name],
        partitions_def=DELIVERIES,
        group_name="landing",
        owners=OWNERS[contract.sector],
        kinds={"parquet"},
        retry_policy=RETRY,
        description=f"{contract.description} As delivered, unread but for the privacy gate.",
    )
    def landing(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
        home = warehouse.home
        with no_values_in_errors(f"landing/{contract.name}"):
            landed = {
                delivery: land(delivery, contract.name, home, contract)
                for delivery in deliveries_of(context.partition_key, contract.name, home)
            }
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": sum(table.rows for table in landed.values()),
                "bytes": sum(table.bytes for table in landed.values()),
                "sha256": {str(delivery): table.sha256 for delivery, table in landed.items()},
            }
        )

    return landing


LANDING = [build_landing(contract) for contract in CONTRACTS.values()]
