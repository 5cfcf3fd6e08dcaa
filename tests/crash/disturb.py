"""Kills the runner, and makes its calls fail."""
import collections
import errno
import json
import os
import random
import shutil
import subprocess
import time

import checks
from checks import Fault

LONGEST = 900  # seconds that a command may take, on a busy machine
REASONS = {"ENOSPC": os.strerror(errno.ENOSPC), "EIO": os.strerror(errno.EIO)}


class Disturber:
    def __init__(self, world, library, draw: random.Random):
        self.world = world
        self.library = library
        self.draw = draw
        self.work = os.path.join(world.folder, "work")
        self.log = os.path.join(world.folder, "calls")
        self.calls = {}  # scenario and step -> number of calls that can fail
        self.kills = collections.Counter()
        self.faults = collections.Counter()
        self.story = ""  # what was done to the runner, for messages

    def summary(self):
        lines = []
        for what, counts in (("kills", self.kills), ("injected faults", self.faults)):
            of_each = ", ".join(f"{name} {count}" for name, count in counts.items())
            lines.append(f"{sum(counts.values())} {what} ({of_each})")
        return "\n".join(lines)

    # `kill` and `fail` yield rounds, which raise Fault.

    def kill(self, chosen, count, at_calls):
        self.count_calls(chosen)
        while sum(self.kills.values()) < count:
            for scenario in chosen:
                left = count - sum(self.kills.values())
                if left > 0:
                    yield lambda scenario=scenario, left=left: self.kill_round(scenario, left, at_calls)

    def fail(self, chosen, count):
        self.count_calls(chosen)
        places = {s.name: self.places(s) for s in chosen}
        while sum(self.faults.values()) < count:
            for scenario in chosen:
                if not places[scenario.name]:
                    places[scenario.name] = self.places(scenario)
                if sum(self.faults.values()) < count:
                    yield lambda scenario=scenario: self.fail_once(scenario, *places[scenario.name].pop())

    def places(self, scenario):
        """All calls of all steps, in random order."""
        found = [(step, at) for step in range(len(scenario.steps)) for at in range(1, self.calls[scenario.name, step] + 1)]
        self.draw.shuffle(found)
        return found

    def kill_round(self, scenario, most, at_calls):
        self.start_afresh(f"{scenario.name}:")
        done = {}
        for _ in range(min(most, self.draw.randint(2, 8))):
            self.kill_once(scenario, at_calls)
            checks.check(self.work, scenario.reference, is_finished=False)
            done = self.require_kept(done)
        self.finish(scenario)
        self.require_kept(done)

    def kill_once(self, scenario, at_calls):
        step = self.draw.randrange(len(scenario.steps))
        command = scenario.commands(self.work)[step]
        if at_calls or self.draw.random() < 0.5:
            at = self.draw.randint(1, self.calls[scenario.name, step])
            self.story += f" step {step + 1} killed at call {at},"
            processes = [self.start(command, FAIL_IO_AT=str(at), FAIL_IO_HOW="KILL")]
            processes += [self.start(command) for _ in range(scenario.at_once - 1)]
        else:
            moment = self.draw.uniform(0, 1.1 * scenario.seconds / len(scenario.steps))
            self.story += f" step {step + 1} killed after {moment:.3f} s,"
            processes = [self.start(command) for _ in range(scenario.at_once)]
            time.sleep(moment)
            for process in processes[: self.draw.randint(1, len(processes))]:
                process.kill()
        for process in processes:
            code, message = self.end_of(process)
            if code == -9:
                self.kills[scenario.name] += 1
            elif code != 0:
                raise Fault(f"a process that was not killed ended with {code}: {message}")

    def finish(self, scenario):
        """Runs everything undisturbed, as often at once as the scenario says."""
        for command in scenario.commands(self.work, undisturbed=True):
            self.forget_calls()
            before = checks.done_jobs(self.work)
            for process in [self.start(command, FAIL_IO_LOG=self.log) for _ in range(scenario.at_once)]:
                code, message = self.end_of(process)
                if code != 0:
                    raise Fault(f"the undisturbed command ended with {code}: {message}")
            self.require_done_once(before)
        checks.check(self.work, scenario.reference, is_finished=True)

    def fail_once(self, scenario, step, at):
        how = self.draw.choice(list(REASONS))
        stays = self.draw.random() < 0.3
        self.start_afresh(f"{scenario.name}: step {step + 1}, call {at} fails with {how}{', and all later ones' if stays else ''}")
        self.forget_calls()
        plan = {"FAIL_IO_AT": str(at), "FAIL_IO_HOW": how, "FAIL_IO_LOG": self.log}
        process = self.start(scenario.commands(self.work)[step], **plan, **({"FAIL_IO_STAYS": "1"} if stays else {}))
        code, message = self.end_of(process)
        calls = checks.read(self.log).decode().splitlines() if os.path.exists(self.log) else []
        if len(calls) < at:
            return  # this time there were fewer calls
        self.story += f" ({calls[at - 1]})"
        self.faults[scenario.name] += 1
        is_last = step + 1 == len(scenario.steps)
        checks.check(self.work, scenario.reference, is_finished=code == 0 and is_last)
        if code != 0:
            failed = calls[at - 1 :] if stays else [calls[at - 1]]
            self.require_good_message([call.split(" ", 1)[1] for call in failed], REASONS[how], message)
        if not stays:
            self.require_ended()
        self.finish(scenario)

    def start_afresh(self, story):
        self.story = story
        shutil.rmtree(self.work, ignore_errors=True)
        os.mkdir(self.work)

    def start(self, command, **variables):
        environment = {**self.world.environment, "LD_PRELOAD": self.library, "FAIL_IO_FOLDER": self.work, **variables}
        return subprocess.Popen(
            command, env=environment, cwd=self.work, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def end_of(self, process):
        try:
            message = process.communicate(timeout=LONGEST)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            raise Fault(f"the command has not ended after {LONGEST} seconds") from None
        return process.returncode, message

    def forget_calls(self):
        if os.path.exists(self.log):
            os.remove(self.log)

    def count_calls(self, chosen):
        """Of every step, when it is the first one."""
        for scenario in chosen:
            for step in range(len(scenario.steps)):
                if (scenario.name, step) in self.calls:
                    continue
                self.start_afresh("counting calls")
                self.forget_calls()
                self.end_of(self.start(scenario.commands(self.work)[step], FAIL_IO_LOG=self.log))
                self.calls[scenario.name, step] = len(checks.read(self.log).splitlines())

    def require_kept(self, before):
        """Jobs that were done stay as they were."""
        now = checks.done_jobs(self.work)
        changed = [job for job, mark in before.items() if now.get(job) != mark]
        if changed:
            raise Fault(f"jobs that were done were run again: {', '.join(changed)}")
        return now

    def require_done_once(self, before):
        """Every job that was not done has been done by one process only."""
        if not os.path.exists(self.log):
            return
        lines = checks.read(self.log).decode().splitlines()
        times = collections.Counter(os.path.basename(os.path.dirname(line)) for line in lines if self.finishes_job(line))
        wrong = [job for job, count in times.items() if count != 1 or job in before]
        if wrong:
            raise Fault(f"jobs were done more than once: {', '.join(wrong)}")

    @staticmethod
    def finishes_job(line):
        return line.startswith("rename ") and "/jobs/" in line and line.endswith("/summary.json")

    @staticmethod
    def require_good_message(paths, reason, message):
        """It names the file, or the first of those that failed and mattered, and the reason."""
        if not any(checks.TEMPORARY.sub("", path) in message for path in paths) or reason not in message:
            raise Fault(f"the message must name {checks.TEMPORARY.sub('', paths[0])} and '{reason}': {message}")

    def require_ended(self):
        """A process that was not killed leaves no temporary files, and no run that seems to be running."""
        left = checks.temporary_files(self.work)
        if left:
            raise Fault(f"{', '.join(left)}: left behind")
        for parent, _, names in os.walk(self.work):
            if "status.json" in names:
                state = json.loads(checks.read(os.path.join(parent, "status.json")))["state"]
                if state == "running":
                    raise Fault(f"{parent}/status.json: the run has ended, and seems to be running")
