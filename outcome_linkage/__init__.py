"""The domain library: plain functions on Polars and DuckDB. Never imports dagster, assets or pipelines."""

__version__ = "0.1.0"
