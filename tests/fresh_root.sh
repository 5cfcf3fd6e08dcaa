# A clean Debian in a folder, for tests/fresh and tests/fresh-packages, which source this file. It needs root, debootstrap and the
# network; MIRROR names another mirror, and KEEP=1 leaves the folder in place.

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

((EUID == 0)) || die "run it as root: it makes a root folder and changes into it"
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"

root='' # of the Debian being tried

clean_up() {
  [[ -n $root ]] || return 0
  if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
  if [[ -z ${KEEP:-} ]]; then rm -rf --one-file-system "$root"; else echo "kept: $root"; fi
  root=''
}
trap clean_up EXIT

# make_root RELEASE LOG: a minimal system with one ordinary user, newcomer.
make_root() {
  root=$(mktemp -d "${TMPDIR:-/tmp}/trefoil-$1-XXXXXX")
  chmod 755 "$root"
  debootstrap --variant=minbase "$1" "$root" ${MIRROR:+"$MIRROR"} >"$2" 2>&1 || { tail -n 20 "$2"; die "debootstrap failed, see $2"; }
  mount -t proc proc "$root/proc"
  chroot "$root" useradd --create-home newcomer
}

# inside FOLDER COMMAND: nothing of this machine's environment goes along.
inside() {
  chroot "$root" env --ignore-environment HOME=/root TERM=dumb LANG=C.UTF-8 \
    PATH=/usr/sbin:/usr/bin:/sbin:/bin bash -c "cd $1 && $2" </dev/null
}

# The same as the ordinary user.
as_newcomer() { inside "$1" "su newcomer -c 'HOME=/home/newcomer $2'"; }

# step LOG OUTPUT NAME COMMAND…: runs it, its output into both files, and says how long it took.
step() {
  local log=$1 output=$2 what=$3 begin=$SECONDS
  shift 3
  "$@" >"$output" 2>&1 || { tail -n 40 "$output"; die "$what failed; all of its output: $output"; }
  cat "$output" >>"$log"
  printf '  %-28s %4d s   %s\n' "$what" $((SECONDS - begin)) "$(grep -v '^Total' "$output" | grep . | tail -n 1)"
}
