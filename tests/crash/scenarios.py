"""The commands that are disturbed, and the small data that they work on."""
import glob
import os
import shlex
import subprocess
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
ENCODER = os.path.join(REPOSITORY, "tools", "demo", "encoder")

NAMES = ["encode", "two encode", "run", "two run", "sweep", "two sweep", "sweep --jobs 2", "predict", "report"]

IMAGES = f"""
name    = "images"
extends = "{REPOSITORY}/experiments/quickstart.toml"
[data]
labels = "labels_b.txt"
[selector]
plugin = "mixed"
q      = 256
[head]
plugin = "gda"
[adapter]
plugin = "graph"
"""

SWEEP = """
name = "jobs"
[data]
layout         = "features"
root           = "{features}"
text           = "text.npy"
support        = "support.npy"
support_labels = "support_labels.npy"
query          = "query.npy"
query_labels   = "query_labels.npy"
[relation]
plugin = "ape"
[sweep.grid]
"relation.alpha" = [1, 4]
seed             = [1, 2]
[[ablation]]
name = "gda"
set."head.plugin" = "gda"
"""


class Scenario:
    """A command line for each step. `{work}` in it is the folder in which everything is written."""

    def __init__(self, name, steps, at_once=1, last=""):
        self.name = name
        self.steps = steps
        self.at_once = at_once  # processes that do the same at the same time
        self.last = last  # what is added to a step when nothing disturbs it
        self.reference = ""
        self.seconds = 0.0  # of all steps

    def commands(self, work, undisturbed=False):
        more = self.last if undisturbed else ""
        return [shlex.split(f"{step} {more}".replace("{work}", shlex.quote(work))) for step in self.steps]


class World:
    """The data of all scenarios, and what undisturbed runs write."""

    def __init__(self, build, folder, chosen):
        self.folder = folder
        self.runner = os.path.join(build, "bin", "runner")
        data = os.path.join(folder, "world")
        self.environment = {**os.environ, "TREFOIL_DEMO": data, "LC_ALL": "C"}
        self.call([os.path.join(build, "libexec/trefoil/make_world"), "--out", data, *"--classes 2 --shots 2 --queries 2".split()])
        features = os.path.join(folder, "features")
        sizes = "--classes 6 --groups 2 --zero-shot 1 --shots 2 --width 64 --queries 40"
        self.call([os.path.join(build, "bin/make_features"), "--out", features, *sizes.split()])
        self.write("images.toml", IMAGES)
        self.write("sweep.toml", SWEEP.replace("{features}", features))
        self.write("texts.txt", "a photo of a crow.\na photo of an ant.\n")
        self.scenarios = {}
        for scenario in self.described():
            if scenario.name in {*chosen, "run", "sweep"}:  # the others use what these write
                self.refer(scenario)

    def path(self, name):
        return shlex.quote(os.path.join(self.folder, name))

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def described(self):
        """Yields the scenarios; the later ones use what the earlier ones have written."""
        runner = f"{shlex.quote(self.runner)}"
        store = "--store {work}/store --threads 1"
        encode = (
            f"{runner} encode --plugin clip --set weights={ENCODER}/small_clip.safetensors --set vocabulary={ENCODER}/merges.txt"
            f" --images {self.path('world/TestSetB')} {store}"
        )
        encoding = [f"{encode} --shard 1/2", f"{encode} --texts {self.path('texts.txt')} --out {{work}}/features.safetensors"]
        yield Scenario("encode", encoding)
        yield Scenario("two encode", encoding, at_once=2)
        run = [f"{runner} {self.path('images.toml')} --out {{work}}/runs {store}"]
        yield Scenario("run", run)
        yield Scenario("two run", run, at_once=2)
        sweep = f"{runner} {self.path('sweep.toml')} --out {{work}}/runs {store}"
        yield Scenario("sweep", [sweep], last="--retry-failed")
        yield Scenario("two sweep", [sweep], at_once=2, last="--retry-failed")
        yield Scenario("sweep --jobs 2", [f"{sweep} --jobs 2"], last="--retry-failed")
        model = shlex.quote(os.path.join(self.scenarios["run"].reference, "runs/images/latest"))
        predict = f"{runner} predict --model {model} --images {self.path('world/TestSetB')} --out {{work}}/new/result.txt {store}"
        yield Scenario("predict", [predict])
        jobs = glob.glob(os.path.join(self.scenarios["sweep"].reference, "runs/jobs/sweep-*"))[0]
        yield Scenario("report", [f"{runner} report {shlex.quote(jobs)} --out {{work}}/report"])

    def refer(self, scenario):
        scenario.reference = os.path.join(self.folder, "reference", scenario.name.replace(" ", "_"))
        os.makedirs(scenario.reference)
        begin = time.monotonic()
        for command in scenario.commands(scenario.reference):
            self.call(command)
        scenario.seconds = time.monotonic() - begin
        self.scenarios[scenario.name] = scenario

    def call(self, command):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{shlex.join(command)} ended with {done.returncode}:\n{done.stderr}")
