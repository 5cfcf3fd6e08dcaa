#!/usr/bin/python3
"""Tunes hyper-parameters of an experiment with Optuna (apt-get install python3-optuna). Each trial is a run of `runner`.

    tools/sweep_optuna.py EXPERIMENT.toml selector.q=int:64:512 relation.gamma=float:0:1 relation.beta=log:0.5:16 \\
        selector.plugin=choice:mixed,variance --trials 30 --seed 1 --storage study.db [-- runner options, such as --out DIR]

The value of a trial is the loss of the experiment's [search], which uses leave-one-out or the validation split. Parameters
that a trial sets are not searched; other parameters of [search] are searched in every trial. `--metric test.top1` tunes on
the test labels instead, with a warning. A failed run is a failed trial, and the study continues. With --storage, an SQLite
file, the same command resumes the study. Stdout gets an experiment file that repeats the best trial.
Exit codes: 0 there is a best trial, 1 none succeeded, 2 wrong usage or experiment, 130 interrupted.
"""
import argparse
import hashlib
import json
import pathlib
import subprocess
import sys

try:
    import optuna
except ImportError:
    sys.exit("optuna is missing: apt-get install python3-optuna, and run this with Debian's /usr/bin/python3")
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

BUILT = pathlib.Path(__file__).resolve().parents[1] / "build/release/bin/runner"
MINIMISED = ("loss", "test.ece", "test.nll")  # of all other metrics, more is better


def space(text):  # argparse reports a ValueError as wrong usage
    key, rest = text.split("=", 1)
    kind, values = rest.split(":", 1)
    if kind == "choice":
        return key, CategoricalDistribution(values.split(","))
    if kind not in ("int", "float", "log"):
        raise ValueError
    low, high = map(int if kind == "int" else float, values.split(":"))
    return key, IntDistribution(low, high) if kind == "int" else FloatDistribution(low, high, log=kind == "log")


def toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def runner(arguments, words, sets):
    command = [arguments.runner, *words, "--json"] + [word for text in sets for word in ("--set", text)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 130:
        raise KeyboardInterrupt
    if done.returncode != 0:
        raise RuntimeError("\n".join(line for line in done.stderr.splitlines() if not line.startswith("info ")))
    return json.loads(done.stdout)


def settings_with(arguments, values):
    shown = runner(arguments, ["show", arguments.experiment], [f"{key}={value}" for key, value in values.items()])
    return {key.replace('"', ""): setting["value"] for key, setting in shown["settings"].items()}


def changes_of(settings, keys):
    """Returns the settings of a trial: its values, also as the only values in [search], and the other ranges of [search]."""
    changes = {key: settings[key] for key in keys}
    changes.update({key: value for key, value in settings.items() if key.startswith("search.") and key.count(".") == 2})
    changes.update({f"search.{key}": [settings[key]] for key in keys
                    if key.startswith(("selector.", "relation.", "head.")) and type(settings[key]) in (int, float)})
    if settings.get("search.fixed"):
        changes["search.fixed"] = [key for key in settings["search.fixed"] if key not in keys]
    return changes


def loss_of(run, head):
    search = json.loads(pathlib.Path(run["run_dir"], "summary.json").read_text()).get("search")
    stage = search["stages"][-1] if search and search["stages"] else {"stage": "nothing"}
    if stage["stage"] != ("relation" if head == "none" else "head"):
        raise RuntimeError(f"there is no loss: [search] evaluates {stage['stage']}, and the head is {head}; let it search "
                           f"relation.alpha, or a parameter of the head. {' '.join(run['warnings'])}")
    return stage["chosen"]["loss"]


def run_trial(arguments, study, options):
    # Each trial has its own seed, so that a resumed study draws the same values as an uninterrupted one.
    study.sampler = optuna.samplers.TPESampler(seed=(1000003 * arguments.seed + len(study.trials)) % 2**32)
    trial = study.ask(dict(arguments.space))
    said = f"trial {trial.number}: " + " ".join(f"{key}={value}" for key, value in trial.params.items())
    try:
        settings = settings_with(arguments, trial.params)
        changes = changes_of(settings, trial.params)
        run = runner(arguments, [arguments.experiment, *options], [f"{key}={toml(changes[key])}" for key in changes])
        value = loss_of(run, settings["head.plugin"]) if arguments.metric == "loss" else run["metrics"][arguments.metric]
    except (RuntimeError, KeyError) as error:
        trial.set_user_attr("error", str(error))
        study.tell(trial, state=TrialState.FAIL)
        print(f"{said} failed\n{error}", file=sys.stderr)
        return
    trial.set_user_attr("result", {"changes": changes, **{key: run.get(key) for key in ("chosen", "metrics", "run_dir")}})
    study.tell(trial, value)
    print(f"{said} → {arguments.metric} {value:.6g}", file=sys.stderr)


def main():
    words, options = sys.argv[1:], []
    if "--" in words:
        words, options = words[:words.index("--")], words[words.index("--") + 1:]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", help="EXPERIMENT.toml, without a sweep")
    parser.add_argument("space", nargs="+", type=space, help="KEY=int:FROM:TO, float:FROM:TO, log:FROM:TO or choice:A,B,…")
    parser.add_argument("--trials", type=int, default=30, help="number of trials, including failed and earlier ones")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sampler (TPE)")
    parser.add_argument("--metric", default="loss", help="metric of the run, instead of the loss; test.ece and test.nll are minimised, others maximised")
    parser.add_argument("--storage", help="SQLite file of the study")
    parser.add_argument("--runner", default=str(BUILT))
    parser.add_argument("--json", action="store_true", help="print the best trial as JSON")
    arguments = parser.parse_args(words)
    if any(option.startswith("--set") for option in options):
        parser.error("--set is not allowed: write a file that extends the experiment")
    try:  # a mistyped key is found here
        first = {key: values.choices[0] if hasattr(values, "choices") else values.low for key, values in arguments.space}
        settings = settings_with(arguments, first)
    except (RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if arguments.metric != "loss" or settings.get("search.objective") == "test":
        print("warning: this tunes on the test labels; the test accuracy is then no estimate for other images", file=sys.stderr)
    unlike = [key for key, _ in arguments.space if key.startswith(("data.", "search.", "seed", "head.plugin"))]
    if unlike and arguments.metric == "loss":
        print(f"warning: losses with another {' or '.join(unlike)} may not be comparable", file=sys.stderr)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    what = repr((settings, arguments.space, arguments.metric, arguments.seed))
    study = optuna.create_study(study_name=hashlib.sha256(what.encode()).hexdigest()[:12], load_if_exists=True,
                                storage=arguments.storage and f"sqlite:///{arguments.storage}",
                                direction="minimize" if arguments.metric in MINIMISED else "maximize")
    while sum(trial.state.is_finished() for trial in study.trials) < arguments.trials:
        run_trial(arguments, study, options)
    if not study.get_trials(states=[TrialState.COMPLETE]):
        sys.exit("no trial succeeded")
    best, result = study.best_trial, study.best_trial.user_attrs["result"]
    if arguments.json:
        print(json.dumps({"trial": best.number, arguments.metric: best.value, "settings": best.params, **result}))
        return
    print(f"# trial {best.number}, {arguments.metric} {best.value:.6g}: {result['run_dir']}")
    print(f"extends = {toml(str(pathlib.Path(arguments.experiment).resolve()))}")
    print("\n".join(f"{key} = {toml(value)}" for key, value in result["changes"].items()))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("interrupted; with --storage, the same command resumes the study", file=sys.stderr)
        sys.exit(130)
