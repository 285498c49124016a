"""Compares what clients told of each case, straight at the provider and through the gateway, and prints a table."""

import json
import pathlib
import sys

SHORT = 160


def read(path):
    """The first line names the client, every other one is a case."""
    client, cases = {}, {}
    for line in path.read_text().splitlines():
        told = json.loads(line)
        if "client" in told:
            client = told
        else:
            cases[told["case"]] = told
    return client, cases


def differences(direct, gateway, place=""):
    """Every place where the two are not the same, with both values."""
    if isinstance(direct, dict) and isinstance(gateway, dict):
        for name in [*direct, *(name for name in gateway if name not in direct)]:
            yield from differences(direct.get(name, "(nothing)"), gateway.get(name, "(nothing)"), f"{place}.{name}")
    elif isinstance(direct, list) and isinstance(gateway, list):
        if len(direct) != len(gateway):
            yield f"{place}: {len(direct)} items", f"{len(gateway)} items"
        for index, (one, other) in enumerate(zip(direct, gateway)):
            yield from differences(one, other, f"{place}[{index}]")
    elif direct != gateway or type(direct) is not type(gateway):
        one, other = around(str(direct), str(gateway))
        yield f"{place}: {one}", other


def around(one, other):
    """The part of two long texts where they part."""
    at = next((i for i, (a, b) in enumerate(zip(one, other)) if a != b), min(len(one), len(other)))
    start = max(0, at - SHORT // 2)
    return one[start : start + SHORT], other[start : start + SHORT]


def compare(results, name):
    """One row of the table, and the lines that explain it."""
    skipped = results / f"{name}.skipped"
    if skipped.exists():
        return [name, "-", 0, 0, 0, skipped.read_text().strip()], []
    client, direct = read(results / f"{name}.direct.jsonl")
    _, gateway = read(results / f"{name}.gateway.jsonl")
    same, lines = 0, []
    cases = list(dict.fromkeys([*direct, *gateway]))
    for case in cases:
        sides = (direct.get(case), gateway.get(case))
        failed = [side["failed"] for side in sides if side and "failed" in side]
        if failed or None in sides:
            lines.append(f"{name}: {case}: {failed[0] if failed else 'ran on one side only'}")
            continue
        found = list(differences(sides[0]["outcome"], sides[1]["outcome"]))
        same += not found
        for one, other in found[:3]:
            lines.append(f"{name}: {case}\n    direct  {one}\n    gateway {other}")
        if len(found) > 3:
            lines.append(f"    ... and {len(found) - 3} more")
    return [name, client.get("version", "?"), len(cases), same, len(cases) - same, ""], lines


def main():
    results, names = pathlib.Path(sys.argv[1]), sys.argv[2:]
    rows, explained = [["client", "version", "cases", "same", "different", "skipped"]], []
    for name in names:
        row, lines = compare(results, name)
        rows.append(row)
        explained += lines
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for line in explained:
        print(line)
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    sys.exit(1 if any(row[4] for row in rows[1:]) else 0)


main()
