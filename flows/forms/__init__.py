"""Forms of the Prefect UI: their fields, their choices, their answers, and the links that lead to them."""
