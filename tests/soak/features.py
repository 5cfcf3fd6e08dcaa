"""Experiments on made-up features."""
import array
import csv
import json
import struct
import subprocess
import time

from methods import random_settings
from runner import changes, require

# Sums in another order differ in their last digits, and near ties may then be decided differently.
LEAST_EQUAL = 0.95


def write_npy(path, rows, code):
    """Writes a list of rows of numbers, or a list of numbers. `code` is "f" for float32 or "q" for int64."""
    nested = rows and isinstance(rows[0], list)
    shape = f"({len(rows)}, {len(rows[0])})" if nested else f"({len(rows)},)"
    header = f"{{'descr': '<{'f4' if code == 'f' else 'i8'}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    numbers = [number for row in rows for number in row] if nested else rows
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
                     + array.array(code, numbers).tobytes())


def write_safetensors(path, rows, code):
    """Writes the arrays of write_npy."""
    nested = rows and isinstance(rows[0], list)
    numbers = array.array(code, [number for row in rows for number in row] if nested else rows).tobytes()
    tensor = {"dtype": "F32" if code == "f" else "I64", "shape": [len(rows), *([len(rows[0])] if nested else [])],
              "data_offsets": [0, len(numbers)]}
    header = json.dumps({"array": tensor}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + numbers)


WRITERS = {".npy": write_npy, ".safetensors": write_safetensors}


class Data:
    """Features of classes that overlap a little. Classes may have different numbers of support images."""

    def __init__(self, draw):
        self.classes = draw.randint(3, 12)
        self.width = draw.choice([16, 32, 48])
        centres = [[draw.gauss(0, 1) for _ in range(self.width)] for _ in range(self.classes)]
        most = draw.randint(1, 6)
        shots = [draw.randint(1, most) if draw.random() < 0.3 else most for _ in range(self.classes)]
        near = lambda c, noise: [value + draw.gauss(0, noise) for value in centres[c]]
        self.text = [near(c, 0.7) for c in range(self.classes)]
        self.support = [(near(c, 0.9), c) for c in range(self.classes) for _ in range(shots[c])]
        self.query = [(near(c, 0.9), c) for c in range(self.classes) for _ in range(draw.randint(8, 12))]
        draw.shuffle(self.query)

    def write(self, folder, query_order, class_order, suffix=".npy"):
        """Writes the arrays and the experiment `folder`.toml, which it returns. class_order[c] is the new number of class c."""
        folder.mkdir()
        write = WRITERS[suffix]
        texts = [None] * self.classes
        for c, text in enumerate(self.text):
            texts[class_order[c]] = text
        support = sorted(((class_order[c], row) for row, c in self.support), key=lambda entry: entry[0])
        query = [self.query[i] for i in query_order]
        write(folder / f"text{suffix}", texts, "f")
        write(folder / f"support{suffix}", [row for _, row in support], "f")
        write(folder / f"support_labels{suffix}", [c for c, _ in support], "q")
        write(folder / f"query{suffix}", [row for row, _ in query], "f")
        write(folder / f"query_labels{suffix}", [class_order[c] for _, c in query], "q")
        arrays = "".join(f'{array} = "{array}{suffix}"\n'
                         for array in ("text", "support", "support_labels", "query", "query_labels"))
        file = folder.with_suffix(".toml")
        file.write_text(f'[data]\nlayout = "features"\nroot = "{folder.name}"\n{arrays}')
        return file


def classes_of(run):
    """The five classes of each query, in the order of the queries."""
    return list(run.classes().values())


def share_of_equal(expected, found):
    return sum(a[0] == b[0] for a, b in zip(expected, found)) / len(expected)


def results_of(folder):
    """results.csv of the only sweep in the folder, without times and places."""
    rows = list(csv.DictReader(next(folder.glob("soak/sweep-*/results.csv")).open(newline="")))
    return [{key: value for key, value in row.items() if "second" not in key and key != "directory"} for row in rows]


def check_resume(runner, draw, file, settings):
    """Kills a sweep over three seeds, resumes it, and compares it with one that was not killed."""
    sweep = file.with_name("sweep.toml")
    sweep.write_text(file.read_text() + "[sweep.grid]\nseed = [1, 2, 3]\n")
    of_jobs = {key: value for key, value in settings.items() if key != "seed"}
    arguments = [sweep, *changes(of_jobs), "--set", "name=soak", "--json", "--out"]
    if runner.call(*arguments, runner.folder / "whole") is None:
        return
    killed = subprocess.Popen(runner.command(*arguments, runner.folder / "killed"), cwd=runner.folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(draw.uniform(0.2, 3))
    killed.kill()
    killed.wait()
    require(runner.call(*arguments, runner.folder / "killed") is not None, f"a killed sweep cannot be resumed: {settings}")
    require(results_of(runner.folder / "whole") == results_of(runner.folder / "killed"),
            f"a sweep that was killed and resumed has other results: {settings}")


def check_orders(runner, draw, data, settings, run):
    """Changes the order of the queries, and that of the classes."""
    same_queries, same_classes = list(range(len(data.query))), list(range(data.classes))
    order = draw.sample(same_queries, len(same_queries))
    permuted = runner.run_again(data.write(runner.folder / "queries", order, same_classes), settings, threads=2)
    plain = classes_of(run)
    least = 1 if settings["adapter.plugin"] == "none" else LEAST_EQUAL
    share = share_of_equal([plain[i] for i in order], classes_of(permuted))
    require(share >= least, f"queries in another order: {share:.0%} keep their class: {settings}")

    if settings.get("head.plugin") == "dropout":
        return  # its masks belong to classes by their number
    new_number = draw.sample(same_classes, len(same_classes))
    renamed = runner.run_again(data.write(runner.folder / "classes", same_queries, new_number), settings, threads=1)
    share = share_of_equal([[new_number[c] for c in five] for five in plain], classes_of(renamed))
    require(share >= LEAST_EQUAL, f"classes in another order: {share:.0%} keep their class: {settings}")


def check(runner, draw):
    """Checks one experiment. Returns false if the runner refuses it."""
    data = Data(draw)
    settings = random_settings(draw, data.width)
    orders = list(range(len(data.query))), list(range(data.classes))
    file = data.write(runner.folder / "plain", *orders)
    run = runner.run(file, settings, threads=1)
    if run is None:
        return False
    require(len(run.lines) == len(data.query), "result.txt has not one line for each query")
    require(runner.run_again(file, settings, threads=2).lines == run.lines, f"two threads give another result: {settings}")

    if run.has_model():
        out = runner.folder / "predicted.txt"
        arguments = ["predict", "--model", run.folder, "--features", runner.folder / "plain/query.npy", "--out", out]
        require(runner.call(*arguments) is not None, f"predict refuses the run's own queries: {settings}: {runner.refusal}")
        require(out.read_text().splitlines() == run.lines, f"predict gives another result: {settings}")

    tensors = data.write(runner.folder / "tensors", *orders, ".safetensors")
    # The names of queries are their rows, and the files of both formats have the same rows.
    require(runner.run_again(tensors, settings, threads=2).lines == run.lines,
            f".safetensors give another result than .npy: {settings}")
    if draw.random() < 0.3:
        check_resume(runner, draw, file, settings)
    check_orders(runner, draw, data, settings, run)
    return True
