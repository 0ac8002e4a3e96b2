"""HTTPS to other hosts: one request at a time, within limits."""
