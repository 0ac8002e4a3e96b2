"""Run as a program in the place of `prefect`: the same, and what it prints is logged where the settings say so."""

import runpy

from tasks.platform import logs

if __name__ == "__main__":
    logs.begin()
    runpy.run_module("prefect", run_name="__main__", alter_sys=True)
