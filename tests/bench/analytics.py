"""The questions of tests/bench/columns.rs, asked of DuckDB on the rows of the same Arrow files."""

import statistics
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.ipc as ipc

ROUNDS = 11
DAY = 86_400_000


def table(path: Path) -> pa.Table:
    return ipc.open_file(pa.memory_map(str(path))).read_all()


def load(folder: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute("set threads = 2")
    for number, day in enumerate(sorted((folder / "days").iterdir())):
        tables = {name: table(day / "columns" / f"{name}.arrow") for name in ("sessions", "actions", "views")}
        for name, rows in tables.items():
            database.register(f"of_{name}", rows)
        parts = {
            "actions": f"""select {number} as day, {number}::bigint * {DAY} + a.start as at, a.duration, a.name::text as name,
                a.application::text as application, a.apdex::text as apdex, a.errors, s.browser::text as browser,
                s.country::text as country, s.person from of_actions a join
                (select row_number() over () - 1 as row, * from of_sessions) s on s.row = a.session order by at""",
            "views": f"select {number} as day, largest_contentful_paint as lcp from of_views",
        }
        for name, query in parts.items():
            database.execute(f"create table {name} as {query}" if number == 0 else f"insert into {name} {query}")
        for name in tables:
            database.unregister(f"of_{name}")
    return database


PERCENTILES = "approx_quantile(duration, [0.5, 0.75, 0.95])"
QUESTIONS = {
    "count and average by browser": "select browser, count(*), avg(duration) from actions group by 1",
    "three percentiles over all": f"select {PERCENTILES} from actions",
    "hourly, with average": "select at // 3600000, count(*), avg(duration) from actions group by 1",
    "daily p75 of LCP": "select day, approx_quantile(lcp, 0.75) from views group by 1",
    "Apdex by name": """select name, (count(*) filter (apdex = 'satisfied') + count(*) filter (apdex = 'tolerating') / 2)
        / count(*) from actions group by 1""",
    "distinct users": "select approx_count_distinct(person) from actions",
    "one application and country, by name": f"""select name, count(*), {PERCENTILES} from actions
        where application = 'a_0000001' and country = 'AA' group by 1""",
    "one application, 7 days, by country": """select country, count(*), approx_quantile(duration, 0.75),
        count(*) filter (errors > 0) from actions where application = 'a_0000001' and day >= 23 group by 1""",
    "by name, three percentiles": f"select name, count(*), {PERCENTILES} from actions group by 1",
    "one browser, hourly by Apdex": """select at // 3600000, apdex, count(*) from actions where browser = 'Chrome'
        group by 1, 2""",
}


def main() -> None:
    database = load(Path(sys.argv[1]))
    (count,) = database.execute("select count(*) from actions").fetchone()
    print(f"DuckDB {duckdb.__version__}, {count} actions, 2 threads, approximate percentiles and counts")
    total = 0.0
    for name, query in QUESTIONS.items():
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            database.execute(query).fetchall()
            times.append((time.perf_counter() - start) * 1000)
        middle = statistics.median(times[1:])
        total += middle
        print(f"{name:<40} p50 {middle:>7.1f} ms")
    print(f"all ten                {total:.0f} ms at p50")


main()
