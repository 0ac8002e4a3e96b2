"""The lines of a report, as a command prints them."""


def lines(page) -> dict:
    return {line.key: line for section in page.sections for line in section.lines}
