# Shows how far long work is, on stderr: one line that is updated on a terminal, a plain line every ten seconds elsewhere.
# Sourced by tools/setup and tools/quickstart.

# duration SECONDS: as people say it, for example "2 min 5 s".
duration() {
  if (($1 >= 3600)); then
    printf '%d h %d min' $(($1 / 3600)) $(($1 % 3600 / 60))
  elif (($1 >= 60)); then
    printf '%d min %d s' $(($1 / 60)) $(($1 % 60))
  else
    printf '%d s' "$1"
  fi
}

progress_columns=$(tput cols 2>/dev/null || echo 80)
progress_shown=0 # when a plain line was written last, in seconds of this shell

# progress TEXT: the state of the work that is going on.
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s' "${1:0:progress_columns - 1}" >&2
  elif ((SECONDS - progress_shown >= 10)); then
    progress_shown=$SECONDS
    printf '%s\n' "$1" >&2
  fi
}

# progress_end TEXT: the work is done.
progress_end() {
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  printf '%s\n' "$1" >&2
}
