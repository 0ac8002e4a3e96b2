"""What a reader could solve of figures that were left out."""

from fractions import Fraction


def solved(numbers, sums, unknown) -> set:
    """Solve the same sums a second way: with fractions, by Gauss and Jordan, on a full matrix."""
    unknowns = sorted(unknown, key=str)
    rows = [[Fraction(int(one in each.parts) - int(one == each.whole)) for one in unknowns] for each in sums]
    rank = 0
    for column in range(len(unknowns)):
        pivot = next((at for at in range(rank, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        rows[rank] = [number / rows[rank][column] for number in rows[rank]]
        for at, row in enumerate(rows):
            if at != rank and row[column]:
                rows[at] = [a - row[column] * b for a, b in zip(row, rows[rank], strict=True)]
        rank += 1
    found = (row for row in rows[:rank] if sum(map(bool, row)) == 1)
    return {unknowns[next(at for at, number in enumerate(row) if number)] for row in found}
