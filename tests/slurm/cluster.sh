# A Slurm of two nodes on this machine's loopback, with MUNGE, all in $folder: configuration, key, state, logs. Its daemons
# are the caller's own, whoever that is; the machine's own Slurm, if there is one, is neither used nor touched.
# shellcheck shell=bash
PATH=$PATH:/usr/sbin:/sbin
folder=''

# Says that the test cannot run here, as CTest understands it.
skip_without_slurm() {
  local program
  for program in munged mungekey slurmctld slurmd sbatch squeue scancel scontrol sinfo; do
    command -v "$program" >/dev/null && continue
    echo "skipped: there is no $program; apt-get install slurmctld slurmd slurm-client munge (services may stay off)"
    exit 77
  done
}

die() {
  echo "error: $*" >&2
  tail -n 5 "$folder"/*.log >&2 || true
  echo "Above are the last lines of each log; KEEP=1 leaves the whole folder." >&2
  exit 1
}

# Waits until a command succeeds.
wait_for() {
  local seconds=$1 what=$2 end=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < end)) || die "waited $seconds s for $what"
    sleep 0.2
  done
}

# Settings of the caller's own Slurm and launcher do not matter here.
make_folder() {
  # shellcheck disable=SC2086  # names of variables
  unset ${!SLURM_*} ${!SBATCH_*} ${!SQUEUE_*} ${!SINFO_*} ${!SCANCEL_*}
  folder=$(realpath "$(mktemp -d "${TMPDIR:-/tmp}/trefoil-slurm-XXXXXX")")
  trap remove_all EXIT
  trap 'exit 130' INT TERM
  chmod 755 "$folder" # as munged wants it
  mkdir "$folder"/{home,state}
  export HOME=$folder/home XDG_CONFIG_HOME=$folder/home SLURM_CONF=$folder/slurm.conf
}

# The processes whose working directory is this folder or below it: all that the cluster runs.
living_in() { find /proc -maxdepth 2 -name cwd \( -lname "$1" -o -lname "$1/*" \) 2>/dev/null | cut -d/ -f3 || true; }

remove_all() {
  local processes
  cd / # or it would find itself
  while processes=$(living_in "$folder") && [[ -n $processes ]]; do
    # shellcheck disable=SC2086  # numbers, a word each
    kill -KILL $processes 2>/dev/null || true
    sleep 0.1
  done
  if [[ -z ${KEEP:-} ]]; then rm -rf "$folder"; else echo "kept: $folder"; fi
}

# The first of three neighbouring ports on which nobody listens.
free_ports() {
  local first port
  while true; do
    first=$((20000 + RANDOM % 12000))
    for port in $first $((first + 1)) $((first + 2)); do
      if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue 2; fi
    done
    echo "$first"
    return
  done
}

# Times are short: a dead node is noticed soon, and its task starts elsewhere soon after (cred_expire).
write_configuration() {
  local port user plugin
  port=$(free_ports)
  user=$(id -un)
  cat >"$SLURM_CONF" <<END
ClusterName=trefoil
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/%n.pid
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=2,bf_interval=2
MaxArraySize=6
SlurmdTimeout=10
KillWait=2
NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1
NodeName=node2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1
PartitionName=all Nodes=ALL Default=YES
END
  # slurmd loads a cgroup plugin though nothing here uses it: none from Debian 13 on, on 12 the one that asks for no cgroups.
  if [[ $(slurmd -V) == *' 22.'* ]]; then plugin=cgroup/v1; else plugin=disabled; fi
  echo "CgroupPlugin=$plugin" >"$folder/cgroup.conf"
}

# Starts a daemon in a folder of its own, by which it is found again.
start() {
  local name=$1
  shift
  mkdir -p "$folder/$name"
  (cd "$folder/$name" && exec "$@") >"$folder/$name.log" 2>&1 </dev/null &
  disown
}

both_nodes_idle() { [[ $(sinfo --noheader --Node --format=%T 2>/dev/null | grep -c '^idle$') == 2 ]]; }

start_cluster() {
  local munge=$folder/munge
  write_configuration
  mkdir "$munge"
  mungekey --create --keyfile "$munge/key"
  start munge munged --foreground --force --socket="$munge/socket" --key-file="$munge/key" --pid-file="$munge/pid" \
    --seed-file="$munge/seed" --log-file="$munge/log"
  wait_for 20 "munged" test -S "$munge/socket"
  start slurmctld slurmctld -D
  start node1 slurmd -D -N node1
  start node2 slurmd -D -N node2
  wait_for 60 "two idle nodes" both_nodes_idle
}

# Kills node2 as a power cut would: its daemon, the keeper of its job, and the job itself, whose number is given.
kill_node2_and() {
  # shellcheck disable=SC2046  # numbers, a word each
  kill -KILL $(living_in "$folder/node2") "$1"
}
