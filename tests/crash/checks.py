"""What must hold of the files of a runner that was killed, or whose disk failed."""
import csv
import hashlib
import io
import json
import os
import re
import struct

TEMPORARY = re.compile(r"\.partial-\d+$")
RUN_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}(-\d+)?")
# These tell of times, processes and paths: they must be whole, and may differ from run to run.
VARYING = {"SHA256SUMS", "status.json", "provenance.json", "report.html", "results.md"}
# Before all jobs are done, these compare those that are.
COMPARISONS = {"results.csv", "pivot.csv", "pivot.tex", "differences.csv", "accuracy.svg"}
# A log is written line by line, and a claim is empty.
UNFINISHED = {"log.txt"}
VARYING_KEYS = ("run_dir", "submission", "seconds", "peak_memory_mib", "host", "started")


class Fault(Exception):
    """Something that must not be."""


def files_below(folder):
    """Path in the folder, with the names of runs replaced -> its places."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if TEMPORARY.search(name) or os.path.islink(path):
                continue
            found.setdefault(RUN_NAME.sub("RUN", os.path.relpath(path, folder)), []).append(path)
    return found


def temporary_files(folder):
    return [os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names if TEMPORARY.search(name)]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def is_shard(path):
    """Whether the file belongs to a feature store: HASH/HASH.safetensors."""
    return re.search(r"/[0-9a-f]{64}/[0-9a-f]{64}\.safetensors$", path) is not None


def tensors_of(path):
    data = read(path)
    if len(data) < 8:
        raise Fault(f"{path}: it is cut short")
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    if len(data) != 8 + size + max(entry["data_offsets"][1] for entry in header.values()):
        raise Fault(f"{path}: it is cut short")
    parts = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        parts[name] = data[8 + size + begin : 8 + size + end]
    return parts


def features_of(path):
    """Item -> its feature, of a shard whose sums are right."""
    parts = tensors_of(path)
    count = len(parts["items"]) // 32
    width = len(parts["features"]) // count
    features = {}
    for row in range(count):
        item = parts["items"][32 * row : 32 * row + 32]
        feature = parts["features"][width * row : width * row + width]
        if hashlib.sha256(item + feature).digest() != parts["sums"][32 * row : 32 * row + 32]:
            raise Fault(f"{path}: the sum of row {row} is wrong")
        features[item] = feature
    return features


def without_times(path):
    """The bytes of a file that do not depend on times and places."""
    data = read(path)
    name = os.path.basename(path)
    if name == "summary.json":
        return json.dumps({key: value for key, value in json.loads(data).items() if key not in VARYING_KEYS}).encode()
    if name == "results.csv":
        rows = list(csv.reader(io.StringIO(data.decode())))
        kept = [i for i, key in enumerate(rows[0]) if "second" not in key and "memory" not in key and "dir" not in key]
        return json.dumps([[row[i] for i in kept] for row in rows]).encode()
    return data


def require_whole(path):
    """For the kinds of files that differ from run to run."""
    data = read(path)
    end = {".json": b"}\n", ".html": b"</html>\n", ".svg": b"</svg>\n"}.get(os.path.splitext(path)[1], b"\n")
    if not data.endswith(end):
        raise Fault(f"{path}: it is cut short")
    if path.endswith(".json"):
        json.loads(data)


def require_equal(path, expected):
    if without_times(path) != without_times(expected):
        raise Fault(f"{path}: it differs from {expected}, which an undisturbed run has written")


def check_store(files, reference, is_finished):
    """Every feature is that of the undisturbed run."""
    expected = {}
    for paths in reference.values():
        for path in filter(is_shard, paths):
            expected.update(features_of(path))
    found = {}
    for paths in files.values():
        for path in filter(is_shard, paths):
            for item, feature in features_of(path).items():
                if expected.get(item) != feature:
                    raise Fault(f"{path}: a feature differs from that of an undisturbed run")
                found[item] = feature
    if is_finished and found.keys() != expected.keys():
        raise Fault(f"the store has {len(found)} features, and not {len(expected)}")


def require_sums(folder):
    """Every file in SHA256SUMS is as it was when its SHA-256 was recorded."""
    for line in read(os.path.join(folder, "SHA256SUMS")).decode().splitlines():
        digits, name = line.split("  ", 1)
        if hashlib.sha256(read(os.path.join(folder, name))).hexdigest() != digits:
            raise Fault(f"{folder}/{name}: its SHA-256 differs")


def check_states(folder):
    """A run that says that it is done is complete, and `latest` is such a run."""
    for parent, _, names in os.walk(folder):
        if "status.json" in names and json.loads(read(os.path.join(parent, "status.json")))["state"] == "done":
            require_sums(parent)
        latest = os.path.join(parent, "latest")
        if "status.json" not in names and os.path.lexists(latest) and not os.path.exists(os.path.join(latest, "summary.json")):
            raise Fault(f"{latest}: it leads to a run that is not complete")


def check(folder, reference, is_finished):
    """Every file is whole, and equal to that of the undisturbed run. If `is_finished`, all of its files are there."""
    files, expected = files_below(folder), files_below(reference)
    check_store(files, expected, is_finished)
    for name, paths in files.items():
        for path in paths:
            if is_shard(path) or os.path.basename(path) in UNFINISHED or path.endswith(".claim"):
                continue
            base = os.path.basename(path)
            if base in VARYING or (base in COMPARISONS and not is_finished):
                require_whole(path)
            elif name in expected:
                require_equal(path, expected[name][0])
            else:
                raise Fault(f"{path}: an undisturbed run has no such file")
    check_states(folder)
    missing = sorted(name for name, paths in expected.items() if name not in files and not is_shard(paths[0]))
    claims = sorted(name for name in files if name.endswith(".claim"))
    if is_finished and claims:
        raise Fault(f"{folder}: {', '.join(claims)}: left behind")
    if is_finished and missing:
        raise Fault(f"{folder}: {', '.join(missing)} are missing")


def done_jobs(folder):
    """Job of a sweep that is done -> what tells whether it was done again."""
    jobs = {}
    for parent, _, names in os.walk(folder):
        if "summary.json" not in names or "/jobs/" not in parent or "status.json" not in names:
            continue
        try:
            state = json.loads(read(os.path.join(parent, "status.json")))["state"]
            status = os.stat(os.path.join(parent, "summary.json"))
        except FileNotFoundError:  # another process runs the job again
            continue
        if state == "done":
            jobs[os.path.basename(parent)] = (status.st_ino, status.st_mtime_ns)
    return jobs
