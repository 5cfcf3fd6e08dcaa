# Shows the progress of long work on stderr: on a terminal one line that is updated, elsewhere a line every ten seconds.
# tools/setup and tools/lint source it.

# duration SECONDS: prints it as people say it, for example "2 min 5 s".
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
progress_shown=0 # time of the last plain line, in seconds since the shell started

# progress TEXT: shows the state of the work.
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[K%s' "${1:0:progress_columns - 1}" >&2
  elif ((SECONDS - progress_shown >= 10)); then
    progress_shown=$SECONDS
    printf '%s\n' "$1" >&2
  fi
}

# progress_end TEXT: replaces the progress by a last line.
progress_end() {
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  printf '%s\n' "$1" >&2
}
