"""Decisions about cases, people and messages: values and days in, values out."""
