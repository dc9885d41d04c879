#!/usr/bin/env python3
"""Draws how events/s change with the number of entities, and prints the table.

    growth.py CSV SVG
"""

import csv
import html
import math
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 64, 120, 24, 48
COLOURS = ("#1f6f8b", "#c0562f", "#4f7f3a", "#7a4f9e")
GOAL = 0.85


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rates = read(file)
    print_table(rates)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(drawing(rates))


def read(file):
    """Events a second by entities and their number."""
    rates = {}
    for row in csv.DictReader(file):
        rates.setdefault(row["entities"], {})[int(row["count"])] = int(row["events_per_second"])
    return rates


def print_table(rates):
    counts = numbers(rates)
    print("| entities |" + "".join(f" {count:,} |" for count in counts) + " last to first | goal |")
    print("| --- |" + " --- |" * (len(counts) + 2))
    for entities, row in rates.items():
        cells = "".join(f" {row[count]:,} |" for count in counts)
        print(f"| {entities} |{cells} {row[counts[-1]] / row[counts[0]]:.2f} | > {GOAL} |")


def numbers(rates):
    return sorted({count for row in rates.values() for count in row})


def drawing(rates):
    counts = numbers(rates)
    top = max(rate for row in rates.values() for rate in row.values()) * 1.1
    low, high = math.log10(counts[0]), math.log10(counts[-1])

    def point(count, rate):
        x = LEFT + (math.log10(count) - low) / (high - low) * (WIDTH - LEFT - RIGHT)
        return x, HEIGHT - BOTTOM - rate / top * (HEIGHT - TOP - BOTTOM)

    parts = [text(LEFT, 16, "events/s of one core, decoded, applied and encoded")]
    for count in counts:
        x, y = point(count, 0)
        parts.append(text(x, y + 18, f"{count:,}", "middle"))
    parts.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "entities", "middle"))
    step = 10 ** math.floor(math.log10(top))
    step = step / 5 if top / step < 2 else step
    for number in range(int(top / step) + 1):
        (x, y), (end, _) = point(counts[0], number * step), point(counts[-1], 0)
        parts.append(f'<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="#ddd"/>')
        parts.append(text(x - 6, y + 4, f"{number * step:,.0f}", "end"))
    parts += lines(rates, point)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="none">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n'
        + "\n".join(parts) + "\n</svg>\n")


def lines(rates, point):
    """Names at the ends of the lines, one below the other in the order of the ends."""
    parts, lowest = [], 0
    ends = {entities: point(*max(row.items())) for entities, row in rates.items()}
    for colour, (entities, row) in zip(COLOURS, sorted(rates.items(), key=lambda pair: ends[pair[0]][1])):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (point(*pair) for pair in sorted(row.items())))
        parts.append(f'<polyline points="{points}" stroke="{colour}" stroke-width="2"/>')
        x, y = ends[entities]
        lowest = max(y + 4, lowest + 14)
        parts.append(text(x + 8, lowest, entities, fill=colour))
    return parts


def text(x, y, content, anchor="start", fill="#333"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{html.escape(content)}</text>'


if __name__ == "__main__":
    main()
