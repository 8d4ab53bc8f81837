"""The checks of one table as somebody would write them in Polars for it alone, everything in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.validation_rows import TABLE, YEAR, landing


def by_hand(folder: Path) -> Callable[[], None]:
    """The same checks of this one table, written out."""
    import polars as pl

    from schemas.codes import codes

    col, key = pl.col, ["record_key", "decom"]
    areas = r"^E01\d{6}$"

    def coded(name: str) -> pl.Expr:
        return ~col(name).is_in(codes(f"ssda903.{name}", YEAR))

    checks = {
        ("record_key", "missing_value"): col("record_key").is_null(),
        ("record_key", "wrong_pattern"): ~col("record_key").str.contains("^[0-9a-f]{32}$"),
        ("decom", "missing_value"): col("decom").is_null(),
        **{(name, "missing_value"): col(name).is_null() for name in ("rne", "ls", "cin", "place")},
        **{
            (name, "not_in_code_list"): coded(name)
            for name in ("rne", "ls", "cin", "place", "place_provider", "rec", "reason_place_change")
        },
        ("dec", "unreadable_at_source"): col("dec") == "#UNREADABLE",
        ("dec", "wrong_type"): (col("dec") != "#UNREADABLE") & col("day").is_null(),
        ("home_lsoa21", "wrong_pattern"): ~col("home_lsoa21").str.contains(areas),
        ("pl_lsoa21", "wrong_pattern"): ~col("pl_lsoa21").str.contains(areas),
        ("urn", "wrong_pattern"): ~col("urn").str.contains(r"^(SC\d{6}|\d{7}|X{7})$"),
    }

    def run() -> None:
        frame = pl.read_parquet(landing(folder) / f"{TABLE}.parquet").with_row_index("_row", 1)
        frame = frame.with_columns(day=col("dec").str.to_date("%Y-%m-%d", strict=False))
        broken = frame.select(
            check.fill_null(False).alias(f"{name}|{reason}") for (name, reason), check in checks.items()
        )
        bad = broken.select(pl.any_horizontal(pl.all())).to_series()
        names = frame.columns[1:-1]
        good = frame.filter(~bad).with_columns(dec="day")
        again = good.filter(pl.struct(key).is_duplicated())
        first = again.unique(names, keep="first", maintain_order=True)
        copies = again.join(first, on="_row", how="anti")
        conflicts = first.filter(pl.struct(key).is_duplicated())
        found = [
            frame.filter(broken[f"{name}|{reason}"]).select(
                "_row", column=pl.lit(name), reason=pl.lit(reason)
            )
            for name, reason in checks
        ]
        found.append(copies.select("_row", column=pl.lit(None, pl.String), reason=pl.lit("duplicate_row")))
        found.append(
            conflicts.select("_row", column=pl.lit(", ".join(key)), reason=pl.lit("conflicting_key"))
        )
        rejected = pl.concat(found).sort("_row")
        rejected.write_parquet(folder / "rejected.parquet", compression="zstd")
        repeats = pl.concat([copies["_row"], conflicts["_row"]])
        kept = good.filter(~col("_row").is_in(repeats.implode())).drop("day")
        kept.write_parquet(folder / "kept.parquet", compression="zstd")

    return run
