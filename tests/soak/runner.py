"""Calls the runner, and says what must hold for each call."""
import json
import math
import pathlib
import subprocess

REFUSED = (2, 3)  # exit codes for a wrong experiment, and for a plugin that refuses its settings


class Violation(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Violation(what)


def finite(value):
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if isinstance(value, list):
        return all(map(finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def changes(settings):
    """The options that override these settings of an experiment."""
    return [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]


class Run:
    """A finished run."""

    def __init__(self, summary):
        self.folder = pathlib.Path(summary["run_dir"])
        self.lines = (self.folder / "result.txt").read_text().splitlines()
        require(finite(summary), f"a number of the summary is not finite: {self.folder}")

    def has_model(self):
        return (self.folder / "model.safetensors").exists()

    def classes(self):
        """The name of each query, with its five classes."""
        lines = [line.split() for line in self.lines]
        return {name: [int(word) for word in five] for name, *five in lines}


class Runner:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.calls = 0
        self.refusal = ""  # the last message of a refused experiment

    def command(self, *arguments):
        return [self.program, *map(str, arguments)]

    def call(self, *arguments):
        """Returns what the runner prints, or None if it refuses the experiment."""
        self.calls += 1
        command = self.command(*arguments)
        finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, timeout=300)
        if finished.returncode in REFUSED:
            require(finished.stderr.strip(), f"no message with exit code {finished.returncode}: {' '.join(command)}")
            self.refusal = finished.stderr.strip()
            return None
        require(finished.returncode == 0, f"exit code {finished.returncode} of {' '.join(command)}\n{finished.stderr[-2000:]}")
        return finished.stdout

    def run(self, file, settings, threads):
        """Returns the finished run, or None if the experiment was refused."""
        out = self.folder / "runs" / f"{file.stem}-{self.calls}"
        printed = self.call(file, *changes(settings), "--set", "name=soak", "--threads", threads, "--out", out, "--json")
        return printed and Run(json.loads(printed))

    def run_again(self, file, settings, threads):
        """Runs an experiment that was not refused the first time."""
        run = self.run(file, settings, threads)
        require(run, f"refused only the second time: {file.stem}, {settings}: {self.refusal}")
        return run
