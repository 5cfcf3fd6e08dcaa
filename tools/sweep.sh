#!/usr/bin/env bash
# An example of a sweep script: runs every combination of some values with `runner job`, and prints a CSV table.
# usage: tools/sweep.sh EXPERIMENT.toml KEY=V1,V2,… [KEY=V1,V2,…] [-- runner options]
#   tools/sweep.sh experiments/quickstart.toml selector.q=128,256,400 relation.gamma=0,0.1 -- --set head.plugin=none
# Parameters that are swept are not searched. The best setting is the one with the lowest loss in the experiment's [search]
# (the mean over seeds, if they are swept), which does not use the test set; choosing by the test accuracy would be tuning on
# the test set. Losses with different data, heads or search settings may not be comparable. The same command resumes the
# sweep; failed jobs stay failed unless --retry-failed is among the options.
set -euo pipefail
runner=${RUNNER:-$(dirname "$0")/../build/release/bin/runner}

die() { echo "tools/sweep.sh: $*" >&2; exit 2; }

command -v jq >/dev/null || die "jq is missing: apt-get install jq"
command -v "$runner" >/dev/null || die "there is no $runner: build it (tools/setup runner builtin_plugins), or set RUNNER"
(($# >= 2)) || die "usage: tools/sweep.sh EXPERIMENT.toml KEY=V1,V2,… [KEY=V1,V2,…] [-- runner options]"
plan=("$1" --json --plan-only) options=() keys=()
shift
while (($# > 0)) && [[ $1 != -- ]]; do
  [[ $1 == ?*=?* ]] || die "'$1' is not KEY=V1,V2,…; options of the runner go after --"
  values=$(jq -cn --arg list "${1#*=}" '$list / "," | map(. as $value | try fromjson catch $value)')
  keys+=("${1%%=*}") plan+=(--set "sweep.grid.${1%%=*}=$values")
  shift
done
for ((i = 2; i <= $#; ++i)); do  # --out and --set are only for the plan; the jobs get the other options too
  case ${!i} in --out | --set) plan+=("${@:i:2}"); i=$((i + 1)) ;; *) options+=("${!i}") ;; esac
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rows=$folder/rows log=$folder/log code=0
jobs=$("$runner" "${plan[@]}" "${options[@]}") || exit  # every job is checked before the first one runs
sweep=$(jq -r .sweep_dir <<<"$jobs")

for index in $(jq '.jobs[].index' <<<"$jobs"); do
  job=$("$runner" job --plan "$sweep" --index "$index" --json "${options[@]}" 2>"$log") || code=$?
  ((code <= 1)) || { cat "$log" >&2; exit "$code"; }  # 1 is a failed job: the others go on
  jq -r '"job \(.index) \(.state): \(.settings)", (.error // empty)' <<<"$job" >&2
  summary=$(jq -r 'if .state == "done" then .run_dir + "/summary.json" else "/dev/null" end' <<<"$job")
  jq -c --slurpfile summary "$summary" '. + {search: $summary[0].search}' <<<"$job" >>"$rows"
done

jq -rs '
  def values: . / " " | map(capture("^(?<key>[^=]+)=(?<value>.*)") | {key, value: (.value | tonumber? // .)}) | from_entries;
  map(. + {value: (.settings | values), setting: (.settings | gsub("(^| )seed=[^ ]+"; "")),
           loss: .search.stages[-1].chosen.loss})
  | (group_by(.setting) | map(select(all(.loss)) | {setting: .[0].setting, loss: (map(.loss) | add / length)})
     | min_by(.loss).setting) as $best
  | (["index"] + $ARGS.positional + ["state", "judged_by", "loss", "best", "test.top1", "seconds", "run_dir"]),
    (.[] | .value as $value | [.index] + [$value[$ARGS.positional[]]] + [.state,
      (.search | if .stages[-1] then "\(.objective) \(.metric) \(.stages[-1].stage)" else null end), .loss,
      (if .loss and .setting == $best then "*" else null end), .metrics["test.top1"], .seconds.total, .run_dir])
  | @csv' --args "${keys[@]}" <"$rows"
jq -es 'any(.state == "done") and all(.search.stages[-1] | not) | not' "$rows" >/dev/null ||
  echo "No best setting: there is no [search], or all of its parameters are swept, so only the test labels could decide." >&2
open=$(jq -s 'map(select(.state != "done")) | length' "$rows")
((open == 0)) || { echo "tools/sweep.sh: jobs that failed or run in another process: $open" >&2; exit 1; }
